from odoo import api, fields, models
from odoo.exceptions import ValidationError


class DealerServicePackageLine(models.Model):
    """Labour, a part, sublet work or a fee that belongs to a service package."""

    _name = "dealer.service.package.line"
    _description = "Service package line"
    _inherit = ["dealer.shared.list.mixin"]
    _order = "package_id, sequence, id"
    _check_company_auto = True

    package_id = fields.Many2one(
        "dealer.service.package", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="package_id.company_id")
    sequence = fields.Integer(default=10)
    product_id = fields.Many2one(
        "product.product",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
        domain="[('dealer_kind', '!=', False)]",
    )
    kind = fields.Selection(related="product_id.dealer_kind")
    quantity = fields.Float(
        compute="_compute_quantity",
        store=True,
        readonly=False,
        precompute=True,
        digits="Product Unit",
        help="Hours for labour, pieces for parts.",
    )
    product_uom_id = fields.Many2one(related="product_id.uom_id", string="Unit")

    _quantity_positive = models.Constraint(
        "CHECK (quantity > 0)",
        lambda env, _diag: env._("Quantity: enter more than zero."),
    )

    @api.model
    def _get_list_owner_field(self):
        return "package_id.company_id"

    @api.depends("product_id")
    def _compute_quantity(self):
        """Propose the standard hours of a labour operation, or one piece."""
        for line in self:
            standard = line.product_id.dealer_standard_hours or 1.0
            line.quantity = line.quantity or standard if line.product_id else 0.0

    @api.constrains("product_id")
    def _check_product_kind(self):
        """Accept only products that are labour, part, sublet or fee."""
        for line in self:
            if not line.product_id.dealer_kind:
                raise ValidationError(
                    line.env._(
                        "%(product)s is not set up for repairs. Set “Used in repairs "
                        "as” on the product.",
                        product=line.product_id.display_name,
                    )
                )

    def _prepare_repair_line_vals(self, payer):
        """Return the values of the line of a job that this line becomes.

        :param str payer: who pays the job
        :rtype: dict
        """
        self.ensure_one()
        vals = {
            "product_id": self.product_id.id,
            "quantity": self.quantity,
            "sequence": self.sequence,
        }
        # Free work is free already.
        if self.package_id.discount and payer == "customer":
            vals["discount"] = self.package_id.discount
        return vals
