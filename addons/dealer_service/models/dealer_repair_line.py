from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..const import LINE_KINDS, PART_ORIGINS

# Changing one of these changes what the customer was asked.
OFFER_FIELDS = {
    "job_id",
    "product_id",
    "name",
    "quantity",
    "product_uom_id",
    "price_unit",
    "discount",
    "tax_ids",
    "part_origin",
    "sequence",
}


class DealerRepairLine(models.Model):
    """Labour, a part, sublet work or a fee of a job (E2, C4).

    Prices come from the price list of who pays and taxes from Odoo's engine
    (rule 7); an advisor may set another price before the customer decides. Lines
    of work that the store bears itself, and of parts that the customer brings,
    are free of charge.
    """

    _name = "dealer.repair.line"
    _description = "Repair line"
    _order = "job_id, sequence, id"
    _check_company_auto = True

    job_id = fields.Many2one(
        "dealer.repair.job", required=True, index=True, ondelete="cascade"
    )
    order_id = fields.Many2one(related="job_id.order_id")
    company_id = fields.Many2one(
        related="job_id.company_id", store=True, index=True, precompute=True
    )
    job_state = fields.Selection(related="job_id.state", string="Job state")
    sequence = fields.Integer(default=10)
    product_id = fields.Many2one(
        "product.product",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
        domain="[('dealer_kind', '!=', False)]",
    )
    kind = fields.Selection(
        LINE_KINDS,
        compute="_compute_kind",
        store=True,
        precompute=True,
    )
    name = fields.Char(
        string="Description",
        compute="_compute_name",
        store=True,
        readonly=False,
        precompute=True,
    )
    part_origin = fields.Selection(
        PART_ORIGINS,
        string="Part origin",
        compute="_compute_part_origin",
        store=True,
        readonly=False,
        precompute=True,
        help="A part that the customer brings carries no guarantee of ours.",
    )
    quantity = fields.Float(
        compute="_compute_quantity",
        store=True,
        readonly=False,
        precompute=True,
        digits="Product Unit",
        help="Hours for labour, pieces for parts.",
    )
    product_uom_id = fields.Many2one(
        "uom.uom",
        string="Unit",
        compute="_compute_product_uom_id",
        store=True,
        readonly=False,
        precompute=True,
        ondelete="restrict",
    )
    currency_id = fields.Many2one(related="job_id.currency_id")
    sale_line_ids = fields.One2many(
        "sale.order.line",
        "dealer_line_id",
        string="Sale lines",
        groups="sales_team.group_sale_salesman",
    )
    sale_line_id = fields.Many2one(
        "sale.order.line",
        string="Sale line",
        compute="_compute_sale_line_id",
        groups="sales_team.group_sale_salesman",
    )

    _quantity_positive = models.Constraint(
        "CHECK (quantity > 0)",
        lambda env, _diag: env._("Quantity: enter more than zero."),
    )
    # === COMPUTE METHODS === #

    # One method per field: a value that the caller gives must not be computed over
    # while the fields that depend on it are precomputed.

    @api.depends("product_id")
    def _compute_kind(self):
        """Take the kind from the product."""
        for line in self:
            line.kind = line.product_id.dealer_kind

    @api.depends("product_id")
    def _compute_name(self):
        """Describe the product in the customer's language."""
        for line in self:
            lang = line.job_id.order_id.partner_id.lang
            line.name = line.product_id.with_context(lang=lang).display_name

    @api.depends("product_id")
    def _compute_part_origin(self):
        """Propose where the part comes from."""
        for line in self:
            product = line.product_id
            is_part = product.dealer_kind == "part"
            line.part_origin = product.dealer_part_origin if is_part else False

    @api.depends("product_id")
    def _compute_product_uom_id(self):
        """Take the unit from the product."""
        for line in self:
            line.product_uom_id = line.product_id.uom_id

    @api.depends("product_id")
    def _compute_quantity(self):
        """Propose the standard hours of a labour operation, or one piece.

        On the screen a line exists before its product: it has no quantity yet.
        """
        for line in self:
            if line.product_id and not line.quantity:
                line.quantity = line.product_id.dealer_standard_hours or 1.0
            else:
                line.quantity = line.quantity

    @api.depends("sale_line_ids")
    def _compute_sale_line_id(self):
        """Name the one sale line that an approved line writes."""
        for line in self:
            line.sale_line_id = line.sale_line_ids[:1]

    # === CONSTRAINTS === #

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

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        """Add lines; a job on offer or approved becomes a new revision first."""
        default_job = self.env.context.get("default_job_id")
        for vals in vals_list:
            self._ensure_amounts_computed(vals)
        job_ids = {vals.get("job_id") or default_job for vals in vals_list} - {None}
        self.env["dealer.repair.job"].browse(job_ids)._reopen_offers()
        lines = super().create(vals_list)
        priced = [
            line.id
            for line, vals in zip(lines, vals_list, strict=True)
            if "price_unit" in vals
        ]
        self.browse(priced)._note_price_by_hand()
        return lines

    def write(self, vals):
        """Change lines; a job on offer or approved becomes a new revision first."""
        self._ensure_amounts_computed(vals)
        if OFFER_FIELDS & set(vals):
            jobs = self.job_id
            if vals.get("job_id"):
                jobs |= jobs.browse(vals["job_id"])
            jobs._reopen_offers()
        if "product_id" in vals and "price_unit" not in vals:
            vals = dict(vals, is_price_by_hand=False)
        result = super().write(vals)
        if "price_unit" in vals:
            self._note_price_by_hand()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_raises_revision(self):
        """Take lines off; a job on offer or approved becomes a new revision."""
        self.job_id._reopen_offers()

    # === BUSINESS METHODS === #

    def _prepare_snapshot(self):
        """Return what the customer is shown about this line, as plain data."""
        self.ensure_one()
        return {
            "name": self.name,
            "kind": self.kind,
            "origin": self.part_origin or "",
            "note": self.guarantee_note or "",
            "quantity": self.quantity,
            "unit": self.product_uom_id.name,
            "price": self.price_unit,
            "discount": self.discount,
            "taxes": self.tax_ids.mapped("name"),
            "subtotal": self.price_subtotal,
            "total": self.price_total,
        }

    def _is_sold(self):
        """Tell whether we sell it: a part that the customer brings is not ours."""
        self.ensure_one()
        return self.part_origin != "customer"

    def _prepare_sale_line_vals(self):
        """Return the values of the sale line that this approved line writes.

        Every price is given, so that the sale order says what the customer signed.

        :rtype: dict
        """
        self.ensure_one()
        return {
            "dealer_line_id": self.id,
            "product_id": self.product_id.id,
            "name": self.name,
            "product_uom_qty": self.quantity,
            "product_uom_id": self.product_uom_id.id,
            "price_unit": self.price_unit,
            "technical_price_unit": self.price_unit,
            "discount": self.discount,
            "tax_ids": [fields.Command.set(self.tax_ids.ids)],
            "sequence": self.job_id.sequence * 100 + self.sequence,
        }

    def _ensure_not_settled(self):
        """Refuse to take back what was issued or invoiced."""
        for line in self.sale_line_ids:
            if line.qty_delivered or line.qty_invoiced:
                raise UserError(
                    line.env._(
                        "%(product)s was already issued or invoiced. Return it first.",
                        product=line.product_id.display_name,
                    )
                )
