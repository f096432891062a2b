from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged

from .settlement_common import DealerSettlementCommon


@tagged("post_install", "-at_install")
class TestDealerSettlementList(DealerSettlementCommon):
    """The settlement list says what the standard asks for, equal to the invoices."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.oil.write({"default_code": "PJ-1030", "dealer_part_brand": "壳牌"})
        cls.tax = cls.env["account.tax"].create(
            {"name": "VAT 13%", "amount": 13, "company_id": cls.company.id}
        )
        (cls.labour | cls.oil | cls.fee | cls.pads).taxes_id = cls.tax

    def _prepare_lines(self):
        """Return labour, a discounted part, a customer's own part and a fee."""
        return [
            Command.create(
                {"product_id": self.labour.id, "quantity": 0.7, "discount": 7}
            ),
            Command.create(
                {"product_id": self.oil.id, "quantity": 3, "discount": 12.5}
            ),
            Command.create(
                {"product_id": self.pads.id, "part_origin": "customer", "quantity": 1}
            ),
            Command.create({"product_id": self.fee.id, "price_unit": 33.33}),
        ]

    def _make_list(self, **values):
        job = self._prepare_job_vals(line_ids=self._prepare_lines())
        order = self._make_ready(job_ids=[Command.create(job)], **values)
        order.action_create_invoices()
        return order, order._get_settlement_list()

    def assertAgrees(self, order, data):
        """Compare sums, taxes and rest with the invoice, to the cent."""
        invoice = order.sudo().invoice_ids
        currency, totals = data["currency"], data["totals"]
        self.assertEqual(invoice.currency_id, currency)
        for mine, theirs in (
            (totals["total"], invoice.amount_total),
            (totals["untaxed"], invoice.amount_untaxed),
            (totals["tax"], invoice.amount_tax),
            (totals["due"], invoice.amount_residual),
            (sum(tax["amount"] for tax in data["taxes"]), invoice.amount_tax),
            (totals["labour"] + totals["parts"] + totals["others"], totals["total"]),
        ):
            self.assertEqual(currency.compare_amounts(mine, theirs), 0, (mine, theirs))

    def test_prices_without_tax_agree_with_the_invoice(self):
        self.tax.price_include_override = "tax_excluded"
        self.assertAgrees(*self._make_list())

    def test_prices_with_tax_agree_with_the_invoice(self):
        self.tax.price_include_override = "tax_included"
        self.assertAgrees(*self._make_list())

    def test_another_currency_agrees_with_the_invoice(self):
        currency = self.env["res.currency"].create(
            {
                "name": "XTS",
                "symbol": "X",
                "rounding": 0.01,
                "rate_ids": [Command.create({"rate": 7.1234, "name": "2000-01-01"})],
            }
        )
        self.owner.property_product_pricelist = self.env["product.pricelist"].create(
            {"name": "XTS", "currency_id": currency.id}
        )
        order, data = self._make_list()
        self.assertEqual(data["currency"], currency)
        self.assertAgrees(order, data)
        order.register_payment(100, self.cash_journal.id)
        self.assertAgrees(order, order._get_settlement_list())

    def test_the_tables_hold_labour_and_material_apart(self):
        _order, data = self._make_list()
        self.assertEqual(
            [
                (line["name"], line["quantity"], line["price_unit"], line["discount"])
                for line in data["labour"]
            ],
            [(self.labour.display_name, 0.7, 100.0, 7.0)],
        )
        oil, pads = data["parts"]
        self.assertEqual((oil["brand"], pads["brand"]), ("壳牌", ""))
        self.assertEqual((oil["code"], oil["origin"]), ("PJ-1030", "Original (OEM)"))
        self.assertTrue(pads["is_customer_part"])
        self.assertEqual(pads["amount"], 0)
        self.assertEqual([line["name"] for line in data["others"]], [self.fee.name])
        self.assertEqual(data["totals"]["hours"], 0.7)

    def test_parties_car_and_times_are_named(self):
        self.vehicle.write({"engine_no": "DLS149262"})
        self.company.dealer_hour_standard = "industry"
        self.car_model.category_id = self.env["fleet.vehicle.model.category"].create(
            {"name": "轿车"}
        )
        order, data = self._make_list(vehicle_id=self.vehicle.id)
        self.assertEqual(data["client"]["name"], "王小明")
        self.assertEqual(data["repairer"]["name"], self.company.name)
        self.assertEqual(
            data["vehicle"],
            {
                "plate": "京A12345",
                "vin": self.vehicle.vin,
                "engine_no": "DLS149262",
                "brand": "大众",
                "model": "朗逸",
                "color": "",
                "kind": "Car · 轿车",
            },
        )
        self.assertEqual(data["hour_standard"], "Industry's hour quotas")
        self.assertEqual(data["visit"]["mileage_in"], 30000)
        self.assertEqual(data["visit"]["mileage_out"], 30000)
        self.assertEqual(data["visit"]["fault"], order.concern)
        self.assertTrue(data["visit"]["ready_at"])

    def test_the_guarantee_is_said_and_none_for_the_customer_s_part(self):
        _order, data = self._make_list()
        (job,) = data["jobs"]
        self.assertIn("2000 km or 10 days", job["guarantee"])
        self.assertEqual(job["without_guarantee"], [self.pads.name])
        self.assertTrue(
            any("customer brought carry no" in text for text in data["clauses"])
        )

    def test_deposits_and_payments_are_listed(self):
        order = self._make_ready("customer")
        order.register_deposit(50, self.cash_journal.id)
        order.action_create_invoices()
        order.register_payment(30, self.bank_journal.id)
        data = order._get_settlement_list()
        self.assertEqual([pay["amount"] for pay in data["deposits"]], [50])
        self.assertEqual([pay["amount"] for pay in data["payments"]], [30])
        total = order.sudo().invoice_ids.amount_total
        self.assertAlmostEqual(data["totals"]["due"], total - 80)
        self.assertAlmostEqual(data["totals"]["received"], 80)

    def test_each_payer_gets_a_list_with_a_number_of_its_own(self):
        order = self._make_ready("customer", "insurance", "internal")
        order.action_create_invoices()
        order.action_create_invoices()
        lists = order.settlement_list_ids
        self.assertEqual(
            set(lists.mapped("payer")), {"customer", "insurance", "internal"}
        )
        self.assertEqual(len(set(lists.mapped("name"))), 3)
        internal = lists.filtered(lambda item: item.payer == "internal")
        self.assertEqual(internal.amount_total, 0)
        for item in lists - internal:
            data = order._get_settlement_list(item.payer)
            self.assertEqual(data["number"], item.name)
            self.assertAlmostEqual(data["totals"]["total"], item.amount_total)

    def test_the_page_shows_the_list_to_those_who_see_prices(self):
        order = self._make_ready("customer")
        order.action_create_invoices()
        record = order.settlement_list_ids.with_user(self.advisor)
        self.assertIn("拖车费", record.content)
        with self.assertRaises(AccessError):
            record.with_user(self.technician).read(["name"])
        with self.assertRaises(AccessError):
            record.with_user(self.roles_b["settlement_clerk"]).read(["name"])
