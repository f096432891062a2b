from odoo import fields, models


class ProductTemplate(models.Model):
    """The brand of a part (JT/T 1133-2017)."""

    _inherit = "product.template"

    dealer_part_brand = fields.Char(
        string="Part brand", help="Printed on the settlement list."
    )
