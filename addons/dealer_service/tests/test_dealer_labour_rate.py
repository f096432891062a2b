import psycopg2

from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .service_common import DealerServicePackageCommon


@tagged("post_install", "-at_install")
class TestDealerLabourRate(DealerServicePackageCommon):
    """Each store charges its own rate for an hour, before price lists."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.dealer_labour_rate = 120
        cls.company_b.dealer_labour_rate = 300

    def _labour_price(self, order=None):
        order = order or self._create_repair_order()
        labour = order.job_ids.line_ids.filtered(lambda line: line.kind == "labour")
        return labour.price_unit

    def _create_pricelist(self, **rule):
        return self.env["product.pricelist"].create(
            {"name": "Agreed", "item_ids": [Command.create(rule)]}
        )

    def test_an_hour_costs_the_rate_of_the_store(self):
        order = self._create_repair_order()
        self.assertEqual(self._labour_price(order), 120)
        self.assertEqual(order.job_ids.line_ids[0].price_subtotal, 60)

    def test_another_store_charges_its_own_rate_in_its_currency(self):
        rates = self.env["res.currency.rate"]
        rates.search([]).unlink()
        rates.create(
            {
                "currency_id": self.company_b.currency_id.id,
                "rate": 7.8,
                "name": "2020-01-01",
                "company_id": self.company.id,
            }
        )
        order = self._create_repair_order_b()
        self.assertEqual(order.job_ids.currency_id, self.company_b.currency_id)
        self.assertEqual(self._labour_price(order), 300)

    def test_parts_keep_their_list_price(self):
        order = self._create_repair_order()
        self.assertEqual(order.job_ids.line_ids[1].price_unit, 380)

    def test_without_a_rate_each_operation_has_its_price(self):
        self.company.dealer_labour_rate = 0
        self.assertEqual(self._labour_price(), 100)

    def test_an_operation_may_have_its_own_price_per_hour(self):
        self.labour.write({"dealer_has_own_rate": True, "list_price": 180})
        self.assertEqual(self._labour_price(), 180)

    def test_a_discount_of_the_price_list_applies_to_the_rate(self):
        self.owner.property_product_pricelist = self._create_pricelist(
            compute_price="percentage", percent_price=10
        )
        self.assertEqual(self._labour_price(), 108)

    def test_a_fixed_price_of_the_price_list_takes_the_place_of_the_rate(self):
        self.owner.property_product_pricelist = self._create_pricelist(
            applied_on="1_product",
            product_tmpl_id=self.labour.product_tmpl_id.id,
            compute_price="fixed",
            fixed_price=88,
        )
        self.assertEqual(self._labour_price(), 88)

    def test_a_price_set_by_hand_stays(self):
        order = self._create_repair_order()
        order.job_ids.line_ids[0].price_unit = 77
        self.company.dealer_labour_rate = 200
        order.job_ids.line_ids[0].quantity = 2
        self.assertEqual(self._labour_price(order), 77)

    def test_an_offer_keeps_its_price_when_the_rate_changes(self):
        order = self._bring_to("offered")
        self.company.dealer_labour_rate = 200
        self.assertEqual(self._labour_price(order), 120)
        self.assertEqual(order.job_ids.state, "offered")

    def test_the_diagnosis_has_its_price_in_each_store(self):
        self.company.write(
            {
                "dealer_diagnosis_product_id": self.labour2.id,
                "dealer_diagnosis_price": 66,
            }
        )
        vals = self._prepare_job_vals(
            line_ids=[Command.create({"product_id": self.labour2.id, "quantity": 1})]
        )
        order = self._create_repair_order(job_ids=[Command.create(vals)])
        self.assertEqual(self._labour_price(order), 66)
        order_b = self._create_repair_order_b(job_ids=[Command.create(vals)])
        self.assertEqual(self._labour_price(order_b), 300)

    def test_labour_sold_by_the_piece_keeps_its_price(self):
        self.labour.uom_id = self.env.ref("uom.product_uom_unit")
        self.assertEqual(self._labour_price(), 100)

    def test_the_published_list_shows_quota_rate_and_fee_with_taxes(self):
        tax = self.env["account.tax"].create({"name": "6", "amount": 6})
        self.labour.taxes_id = [Command.set(tax.ids)]
        template = self.labour.product_tmpl_id.with_user(self.advisor)
        self.assertEqual(template.dealer_rate, 127.2)
        self.assertEqual(template.dealer_labour_fee, 63.6)
        template = template.with_user(self.advisor_b).with_company(self.company_b)
        self.assertEqual(template.dealer_currency_id, self.company_b.currency_id)

    def test_taxes_included_in_the_rate_are_not_added_again(self):
        tax = self.env["account.tax"].create(
            {"name": "i", "amount": 6, "price_include_override": "tax_included"}
        )
        self.labour.taxes_id = [Command.set(tax.ids)]
        order = self._create_repair_order()
        self.assertEqual(order.job_ids.line_ids[0].price_total, 60)
        self.assertEqual(self.labour.product_tmpl_id.dealer_rate, 120)

    def test_a_rate_is_not_negative(self):
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(psycopg2.errors.CheckViolation),
            self.cr.savepoint(),
        ):
            self.company.dealer_labour_rate = -1
