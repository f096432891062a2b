from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import float_compare

from ..const import FREE_PAYERS, LINE_KINDS, PART_ORIGINS

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
# The price list and the tax engine say these.
COMPUTED_FIELDS = {"list_price_unit", "price_subtotal", "price_tax", "price_total"}


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
    list_price_unit = fields.Float(
        string="List price",
        compute="_compute_list_price_unit",
        store=True,
        precompute=True,
        digits="Product Price",
        groups="dealer_service.group_dealer_price",
        help="What the price list says.",
    )
    price_unit = fields.Float(
        string="Unit price",
        compute="_compute_price_unit",
        store=True,
        readonly=False,
        precompute=True,
        digits="Product Price",
        groups="dealer_service.group_dealer_price",
    )
    is_price_by_hand = fields.Boolean(
        string="Price set by hand", groups="dealer_service.group_dealer_price"
    )
    discount = fields.Float(
        string="Discount (%)",
        compute="_compute_discount",
        store=True,
        readonly=False,
        precompute=True,
        digits="Discount",
        groups="dealer_service.group_dealer_price",
    )
    tax_ids = fields.Many2many(
        "account.tax",
        string="Taxes",
        compute="_compute_tax_ids",
        store=True,
        readonly=False,
        precompute=True,
        groups="dealer_service.group_dealer_price",
    )
    price_subtotal = fields.Monetary(
        string="Subtotal",
        compute="_compute_amounts",
        store=True,
        precompute=True,
        groups="dealer_service.group_dealer_price",
    )
    price_tax = fields.Monetary(
        string="Tax",
        compute="_compute_amounts",
        store=True,
        precompute=True,
        groups="dealer_service.group_dealer_price",
    )
    price_total = fields.Monetary(
        string="Total",
        compute="_compute_amounts",
        store=True,
        precompute=True,
        groups="dealer_service.group_dealer_price",
    )
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
    _price_positive = models.Constraint(
        "CHECK (price_unit >= 0)",
        lambda env, _diag: env._(
            "Unit price: a price cannot be negative. Give a discount instead."
        ),
    )
    _discount_range = models.Constraint(
        "CHECK (discount BETWEEN 0 AND 100)",
        lambda env, _diag: env._("Discount: enter 0 to 100 percent."),
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
        """Propose the standard hours of a labour operation, or one piece."""
        for line in self:
            if not line.quantity:
                line.quantity = line.product_id.dealer_standard_hours or 1.0

    @api.depends("product_id", "product_uom_id", "quantity", "job_id.pricelist_id")
    def _compute_list_price_unit(self):
        """Ask the payer's price list."""
        prices = self._get_list_prices()
        for line in self:
            line.list_price_unit = prices.get(line, 0.0)

    @api.depends("list_price_unit")
    def _compute_price_unit(self):
        """Follow the price list, unless the price was set by hand."""
        for line in self:
            if not line.is_price_by_hand:
                line.price_unit = line.list_price_unit

    @api.onchange("price_unit")
    def _onchange_price_unit(self):
        """Keep a price set by hand while the form is open."""
        self.is_price_by_hand = self._differs_from_list()

    @api.onchange("product_id")
    def _onchange_product_id(self):
        """Let another product bring its own price."""
        self.is_price_by_hand = False
        self.price_unit = self.list_price_unit

    def _get_list_prices(self):
        """Return the list price of each line, asked for in as few calls as possible.

        :rtype: dict
        """
        prices = {}
        groups = self.filtered("product_id").grouped(
            lambda line: (
                line.job_id.pricelist_id,
                line.job_id.order_id.company_id,
                line.job_id.currency_id,
                line.job_id.fiscal_position_id,
                line.product_uom_id,
                line.quantity,
            )
        )
        for (
            pricelist,
            company,
            currency,
            position,
            uom,
            quantity,
        ), lines in groups.items():
            rules = pricelist.with_company(company)._compute_price_rule(
                lines.product_id.with_company(company),
                quantity or 1.0,
                currency=currency or company.currency_id,
                uom=uom,
            )
            for line in lines:
                product = line.product_id.with_company(company)
                prices[line] = product._get_tax_included_unit_price_from_price(
                    rules[product.id][0],
                    product_taxes=product.taxes_id._filter_taxes_by_company(company),
                    fiscal_position=position,
                )
        return prices

    @api.depends("job_id.payer", "part_origin")
    def _compute_discount(self):
        """Make free what the store bears or the customer brings."""
        for line in self:
            if line._is_free():
                line.discount = 100.0
            elif line.discount == 100.0 or not line.discount:
                line.discount = 0.0

    @api.depends("product_id", "job_id.fiscal_position_id")
    def _compute_tax_ids(self):
        """Take the product's taxes in this store, mapped by fiscal position."""
        for line in self:
            company = line.job_id.order_id.company_id
            taxes = line.product_id.taxes_id._filter_taxes_by_company(company)
            line.tax_ids = line.job_id.fiscal_position_id.map_tax(taxes)

    @api.depends("quantity", "price_unit", "discount", "tax_ids")
    def _compute_amounts(self):
        """Tax and round each line by Odoo's engine (rule 7)."""
        AccountTax = self.env["account.tax"]
        for company, lines in self.grouped(
            lambda line: line.job_id.order_id.company_id or self.env.company
        ).items():
            base_lines = [line._prepare_base_line() for line in lines]
            for line, base_line in zip(lines, base_lines, strict=True):
                AccountTax._add_tax_details_in_base_line(base_line, company)
                AccountTax._round_base_lines_tax_details([base_line], company)
                details = base_line["tax_details"]
                line.price_subtotal = details["total_excluded_currency"]
                line.price_total = details["total_included_currency"]
                line.price_tax = line.price_total - line.price_subtotal

    def _prepare_base_line(self):
        """Return the line in the form that Odoo's tax engine reads."""
        self.ensure_one()
        return self.env["account.tax"]._prepare_base_line_for_taxes_computation(
            self,
            quantity=self.quantity,
            partner_id=self.job_id.bill_partner_id,
            currency_id=self.job_id.currency_id or self.env.company.currency_id,
            rate=1.0,
        )

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

    @api.constrains("discount", "part_origin")
    def _check_free(self):
        """Charge nobody for what the store bears or the customer brought."""
        for line in self:
            if line._is_free() and line.discount != 100.0:
                raise ValidationError(
                    line.env._(
                        "%(product)s: is free of charge, because the store bears it "
                        "or the customer brought it. Change the payer or the origin.",
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

    def _ensure_amounts_computed(self, vals):
        """Refuse amounts written by hand (rule 7)."""
        if written := COMPUTED_FIELDS & set(vals):
            raise UserError(
                self.env._(
                    "%(fields)s: is computed. Change quantity, price or discount.",
                    fields=", ".join(
                        self._fields[name]._description_string(self.env)
                        for name in sorted(written)
                    ),
                )
            )

    def _note_price_by_hand(self):
        """Remember which prices are not the price list's."""
        by_hand = self.filtered(lambda line: line._differs_from_list())
        by_hand.filtered(lambda line: not line.is_price_by_hand).write(
            {"is_price_by_hand": True}
        )
        (self - by_hand).filtered("is_price_by_hand").write({"is_price_by_hand": False})

    def _differs_from_list(self):
        """Tell whether the price is not what the price list says."""
        self.ensure_one()
        digits = self.env["decimal.precision"].precision_get("Product Price")
        return bool(
            float_compare(
                self.price_unit, self.list_price_unit, precision_digits=digits
            )
        )

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
            "quantity": self.quantity,
            "unit": self.product_uom_id.name,
            "price": self.price_unit,
            "discount": self.discount,
            "taxes": self.tax_ids.mapped("name"),
            "subtotal": self.price_subtotal,
            "total": self.price_total,
        }

    def _is_free(self):
        """Tell whether nobody is charged: our own cost, or the customer's own part."""
        self.ensure_one()
        return self.job_id.payer in FREE_PAYERS or self.part_origin == "customer"

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
