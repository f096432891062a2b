from odoo import models


class ProductProduct(models.Model):
    _inherit = "product.product"

    def _price_compute(
        self, price_type, uom=None, currency=None, company=None, date=False
    ):
        """Override of `product` to start from the labour rate of the store.

        The rate takes the place of the list price of a labour hour; rules of the
        price lists are applied to it, or take its place, as to every list price.
        """
        prices = super()._price_compute(
            price_type, uom=uom, currency=currency, company=company, date=date
        )
        if price_type != "list_price":
            return prices
        company = company or self.env.company
        date = date or company._dealer_today()
        for product in self.with_company(company):
            rate = product.product_tmpl_id._get_store_rate(company)
            if not rate:
                continue
            price = product.uom_id._compute_price(rate, uom) if uom else rate
            # As core does without a currency: in the currency of the product.
            target = currency or product.currency_id
            prices[product.id] = company.currency_id._convert(
                price, target, company, date, round=False
            )
        return prices
