from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import float_compare, format_list

from ..const import FREE_PAYERS
from .dealer_pricing import Ask

# The price list and the tax engine say these.
COMPUTED_FIELDS = {"list_price_unit", "price_subtotal", "price_tax", "price_total"}


class DealerRepairLine(models.Model):
    """What a line costs: price list, hand-set price, taxes, or nothing (rule 7)."""

    _inherit = "dealer.repair.line"

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
        asks = {
            line: Ask(
                line.product_id,
                line.quantity,
                line.product_uom_id,
                line.job_id._get_terms(),
            )
            for line in self.filtered("product_id")
        }
        return self.env["dealer.pricing"]._get_unit_prices(asks)

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

    # === CONSTRAINTS === #

    @api.constrains("discount", "part_origin")
    def _check_free(self):
        """Charge nobody for what the store bears or the customer brought."""
        for line in self:
            if line._is_free() and line.discount != 100.0:
                raise ValidationError(
                    line.env._(
                        "%(product)s is free of charge, because the store bears it "
                        "or the customer brought it. Change the payer or the origin.",
                        product=line.product_id.display_name,
                    )
                )

    # === TOOLING === #

    def _is_free(self):
        """Tell whether nobody is charged: our own cost, or the customer's own part."""
        self.ensure_one()
        return self.job_id.payer in FREE_PAYERS or self.part_origin == "customer"

    def _ensure_amounts_computed(self, vals):
        """Refuse amounts written by hand (rule 7)."""
        if written := COMPUTED_FIELDS & set(vals):
            raise UserError(
                self.env._(
                    "%(fields)s: computed by the system. Change quantity, price or "
                    "discount.",
                    fields=format_list(
                        self.env,
                        [
                            self._fields[name]._description_string(self.env)
                            for name in sorted(written)
                        ],
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
