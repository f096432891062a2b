import base64
from urllib.parse import urlencode

from odoo import api, fields, models
from odoo.tools import file_open, format_datetime

from .qr import draw_qr

# Width and height of each drawing of the car as printed, in pixels.
CAR_SIZES = {
    "left": (150, 55),
    "right": (150, 55),
    "top": (150, 67),
    "front": (90, 70),
    "rear": (90, 70),
}


class DealerForm(models.AbstractModel):
    """What the printed forms F01–F14 share: language, print time, QR code.

    The forms print in the language of whoever prints them. Pictures are embedded, so
    that a form needs no server while wkhtmltopdf draws it.
    """

    _name = "dealer.form"
    _description = "Printed form"

    @api.model
    def _get_lang(self):
        """Return the language of the form as HTML spells it, e.g. ``zh-CN``."""
        return (self.env.lang or "en_US").replace("_", "-")

    @api.model
    def _get_printed_on(self, company):
        """Return the time of printing in words, in the store's time zone.

        :param company: the store, a `res.company`
        :rtype: str
        """
        return format_datetime(
            self.env,
            fields.Datetime.now(),
            tz=company._dealer_tz(),
            dt_format="short",
        )

    @api.model
    def _get_qr(self, target):
        """Return a QR code as a data URI.

        :param target: a record, whose page is opened, or a ready address
        :rtype: str
        """
        address = target
        if isinstance(target, models.BaseModel):
            target.ensure_one()
            query = urlencode({"model": target._name, "res_id": target.id})
            address = f"{target.get_base_url()}/mail/view?{query}"
        return draw_qr(address)

    @api.model
    def _get_car_views(self, intake):
        """Return the drawings of the car with the marks of an intake sheet.

        :param intake: a `dealer.intake`
        :return: of each view ``name``, ``picture`` (data URI), ``width``, ``height``
            and ``marks`` (``number``, ``left``, ``top``), in pixels
        :rtype: list of dict
        """
        marks = intake.mark_ids.grouped("view")
        views = intake.mark_ids._fields["view"]._description_selection(self.env)
        return [
            {
                "name": name,
                "picture": self._get_drawing(view),
                "width": width,
                "height": height,
                "marks": [
                    {
                        "number": mark.number,
                        "left": round(mark.x * width),
                        "top": round(mark.y * height),
                    }
                    for mark in marks.get(view, ())
                ],
            }
            for view, name in views
            for width, height in (CAR_SIZES[view],)
        ]

    @api.model
    def _get_drawing(self, view):
        """Return the drawing of one view of a car as a data URI."""
        with file_open(f"dealer_service/static/img/car/{view}.svg", "rb") as drawing:
            content = base64.b64encode(drawing.read()).decode()
        return f"data:image/svg+xml;base64,{content}"
