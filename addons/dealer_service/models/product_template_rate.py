from odoo import api, fields, models

from .dealer_pricing import Ask


class ProductTemplate(models.Model):
    """What labour costs in each store (section 6: quotas and rates are published)."""

    _inherit = "product.template"

    dealer_has_own_rate = fields.Boolean(
        string="Own price per hour",
        help="Priced by its own sales price, e.g. paint or high-voltage work, instead "
        "of by the labour rate of the store.",
    )
    dealer_currency_id = fields.Many2one(
        "res.currency", string="Currency of the store", compute="_compute_dealer_rate"
    )
    dealer_rate = fields.Monetary(
        string="Rate per hour",
        currency_field="dealer_currency_id",
        compute="_compute_dealer_rate",
        help="Price of one hour of this operation in this store, taxes included, for "
        "a customer without a price list of his own.",
    )
    dealer_labour_fee = fields.Monetary(
        string="Labour fee",
        currency_field="dealer_currency_id",
        compute="_compute_dealer_rate",
        help="Standard hours × rate per hour, taxes included.",
    )

    @api.depends(
        "dealer_kind", "dealer_standard_hours", "dealer_has_own_rate", "list_price"
    )
    @api.depends_context("company")
    def _compute_dealer_rate(self):
        """Ask for one hour and for the standard hours, as a job does."""
        pricing = self.env["dealer.pricing"]
        company = self.env.company
        terms = pricing._get_terms(self.env["res.partner"], company)
        asks = {}
        for template in self.filtered("product_variant_ids"):
            product = template.product_variant_ids[:1]
            hours = template.dealer_standard_hours or 1.0
            for key, quantity in (("rate", 1.0), ("fee", hours)):
                asks[template, key] = Ask(product, quantity, template.uom_id, terms)
        totals = pricing._get_totals(asks)
        for template in self:
            template.dealer_currency_id = terms.currency
            template.dealer_rate = totals.get((template, "rate"), 0.0)
            template.dealer_labour_fee = totals.get((template, "fee"), 0.0)

    def _get_store_rate(self, company):
        """Return what one unit costs in a store before price lists; 0 if its own price.

        :param company: a `res.company`
        :return: the price of one unit of the product, in the store's currency
        :rtype: float
        """
        self.ensure_one()
        if self.dealer_kind != "labour":
            return 0.0
        if company.dealer_diagnosis_price and (
            self == company.dealer_diagnosis_product_id.product_tmpl_id
        ):
            return company.dealer_diagnosis_price
        # `env.ref` would ask the database again for each product.
        hour = self.uom_id.browse(
            self.env["ir.model.data"]._xmlid_to_res_id("uom.product_uom_hour")
        )
        if (
            self.dealer_has_own_rate
            or not company.dealer_labour_rate
            or not self.uom_id._has_common_reference(hour)
        ):
            return 0.0
        return hour._compute_price(company.dealer_labour_rate, self.uom_id)
