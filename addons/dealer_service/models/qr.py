import base64

from markupsafe import Markup
from reportlab.graphics.barcode import createBarcodeDrawing


def draw_qr(text, size=300):
    """Return a QR code as SVG, which needs no imaging library of the system.

    :param str text: what the code says
    :param int size: width and height in pixels
    :rtype: bytes
    """
    drawing = createBarcodeDrawing(
        "QR", value=text, width=size, height=size, barBorder=4, barLevel="M"
    )
    return drawing.asString("svg").encode()


def draw_qr_html(text, size=260):
    """Return a QR code as an image for a page.

    :rtype: Markup
    """
    source = base64.b64encode(draw_qr(text)).decode()
    return Markup(
        '<img src="data:image/svg+xml;base64,%s" alt="" width="%s" height="%s"/>'
    ) % (source, size, size)
