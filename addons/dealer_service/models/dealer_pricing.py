from collections import namedtuple

from odoo import api, models

# On whose terms something is priced: the store, its price list for who pays, the
# fiscal position of who pays and the currency of the answer.
Terms = namedtuple("Terms", "company pricelist position currency")
# What is priced on them.
Ask = namedtuple("Ask", "product quantity uom terms")


class DealerPricing(models.AbstractModel):
    """One way to ask Odoo what something costs (rule 7).

    Lines of jobs, service packages and the published list of rates all ask here,
    so that the same thing costs the same wherever it is shown.
    """

    _name = "dealer.pricing"
    _description = "Prices of labour and parts"

    @api.model
    def _get_terms(self, partner, company):
        """Return on whose terms a partner buys in a store.

        :param partner: the `res.partner` who pays; empty for nobody in particular
        :param company: the store, a `res.company`
        :rtype: Terms
        """
        buyer = (partner or company.partner_id).with_company(company)
        pricelist = buyer.property_product_pricelist
        position = self.env["account.fiscal.position"].with_company(company)
        if partner:
            position = position._get_fiscal_position(buyer)
        return Terms(
            company, pricelist, position, pricelist.currency_id or company.currency_id
        )

    @api.model
    def _get_unit_prices(self, asks):
        """Return what the price lists say, asked for in as few calls as possible.

        :param dict asks: an `Ask` for each key
        :return: the price of one unit for each key
        :rtype: dict
        """
        groups = {}
        # Read together, however many quantities are asked for.
        everything = self.env["product.product"].union(
            *(ask.product for ask in asks.values())
        )
        for key, ask in asks.items():
            group = (ask.terms, ask.uom, ask.quantity)
            product = ask.product.with_prefetch(everything._prefetch_ids)
            groups.setdefault(group, []).append((key, product))
        prices = {}
        for (terms, uom, quantity), items in groups.items():
            company = terms.company
            products = self.env["product.product"].union(*[item[1] for item in items])
            products = products.with_prefetch(everything._prefetch_ids)
            products = products.with_company(company)
            rules = terms.pricelist.with_company(company)._compute_price_rule(
                products,
                quantity or 1.0,
                currency=terms.currency or company.currency_id,
                uom=uom,
            )
            for key, item in items:
                product = item.with_company(company)
                prices[key] = product._get_tax_included_unit_price_from_price(
                    rules[product.id][0],
                    product_taxes=product.taxes_id._filter_taxes_by_company(company),
                    fiscal_position=terms.position,
                )
        return prices

    @api.model
    def _get_totals(self, asks, discounts=None):
        """Return what is to pay, taxed and rounded line by line as a job's lines are.

        :param dict asks: an `Ask` for each key
        :param dict discounts: percent for each key; none by default
        :return: the total including taxes for each key
        :rtype: dict
        """
        AccountTax = self.env["account.tax"]
        totals = {}
        for key, price in self._get_unit_prices(asks).items():
            ask = asks[key]
            company = ask.terms.company
            taxes = ask.product.taxes_id._filter_taxes_by_company(company)
            base_line = AccountTax._prepare_base_line_for_taxes_computation(
                None,
                product_id=ask.product,
                quantity=ask.quantity,
                price_unit=price,
                discount=(discounts or {}).get(key, 0.0),
                tax_ids=ask.terms.position.map_tax(taxes),
                currency_id=ask.terms.currency,
                rate=1.0,
            )
            AccountTax._add_tax_details_in_base_line(base_line, company)
            AccountTax._round_base_lines_tax_details([base_line], company)
            totals[key] = base_line["tax_details"]["total_included_currency"]
        return totals
