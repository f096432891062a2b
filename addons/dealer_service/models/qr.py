import base64
import io

import qrcode
from markupsafe import Markup

# Width of one square of the code and of the white around it, in pixels and squares.
SQUARE, BORDER = 4, 1


def draw_qr(text):
    """Return a QR code as a PNG picture in a data URI.

    Drawn by the library that Odoo's two-factor login uses: Odoo's own barcodes need
    a renderer that not every Python has.

    :param str text: what the code says
    :rtype: str
    """
    picture = io.BytesIO()
    qrcode.make(text, box_size=SQUARE, border=BORDER).save(picture, "PNG")
    return f"data:image/png;base64,{base64.b64encode(picture.getvalue()).decode()}"


def draw_qr_html(text, size=260):
    """Return a QR code as an image for a page.

    :param str text: what the code says
    :param int size: width and height in pixels
    :rtype: Markup
    """
    return Markup('<img src="%s" alt="" width="%s" height="%s"/>') % (
        draw_qr(text),
        size,
        size,
    )
