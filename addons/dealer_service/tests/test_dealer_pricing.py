import json

import psycopg2

from odoo import fields
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import DealerServiceCommon


@tagged("post_install", "-at_install")
class TestDealerPricing(DealerServiceCommon):
    """Rule 7: money comes from price lists, fiscal positions and the tax engine."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.tax13 = cls._create_tax(13)
        cls.tax13_included = cls._create_tax(13, price_include_override="tax_included")
        products = cls.labour | cls.labour2 | cls.oil | cls.pads | cls.fee
        products.taxes_id = [Command.set(cls.tax13.ids)]

    @classmethod
    def _create_tax(cls, amount, **values):
        return cls.env["account.tax"].create(
            {"name": f"T{amount} {values}", "amount": amount, **values}
        )

    @classmethod
    def _create_pricelist(cls, *items, **values):
        return cls.env["product.pricelist"].create(
            {
                "name": "Agreed",
                "item_ids": [Command.create(dict(item)) for item in items],
                **values,
            }
        )

    def _create_job(self, *lines, **values):
        """Return a draft job with the given lines, on a visit of its own."""
        vals = self._prepare_job_vals(
            line_ids=[Command.create(dict(line)) for line in lines], **values
        )
        order = self._create_repair_order(job_ids=[Command.create(vals)])
        return order.job_ids

    def _part(self, **values):
        return {"product_id": self.oil.id, "quantity": 1, **values}

    # === PRICE LISTS === #

    def test_the_customer_pays_the_prices_of_his_price_list(self):
        self.owner.property_product_pricelist = self._create_pricelist(
            {"compute_price": "percentage", "percent_price": 10}
        )
        job = self._create_job(self._part())
        self.assertEqual(job.line_ids.price_unit, 342)
        self.assertAlmostEqual(job.amount_untaxed, 342)
        self.assertAlmostEqual(job.amount_tax, 44.46)
        self.assertAlmostEqual(job.amount_total, 386.46)

    def test_the_insurer_pays_its_fixed_price(self):
        self.insurer.property_product_pricelist = self._create_pricelist(
            {
                "applied_on": "1_product",
                "product_tmpl_id": self.oil.product_tmpl_id.id,
                "compute_price": "fixed",
                "fixed_price": 299.5,
            }
        )
        job = self._create_job(
            self._part(), payer="insurance", payer_partner_id=self.insurer.id
        )
        self.assertEqual(job.bill_partner_id, self.insurer)
        self.assertEqual(job.line_ids.price_unit, 299.5)
        job.write({"payer": "customer", "payer_partner_id": False})
        self.assertEqual(job.line_ids.price_unit, 380)

    def test_a_quantity_rule_follows_the_quantity(self):
        self.owner.property_product_pricelist = self._create_pricelist(
            {"compute_price": "percentage", "percent_price": 20, "min_quantity": 4}
        )
        line = self._create_job(self._part()).line_ids
        self.assertEqual(line.price_unit, 380)
        line.quantity = 4
        self.assertEqual(line.price_unit, 304)
        line.quantity = 3
        self.assertEqual(line.price_unit, 380)

    def test_a_price_set_by_hand_survives_another_quantity(self):
        line = self._create_job(self._part(price_unit=333)).line_ids
        self.assertEqual((line.price_unit, line.list_price_unit), (333, 380))
        line.quantity = 3
        self.assertEqual(line.price_unit, 333)
        line.price_unit = 222
        line.quantity = 2
        self.assertEqual(line.price_unit, 222)

    def test_another_product_brings_its_own_price(self):
        line = self._create_job(self._part(price_unit=333)).line_ids
        line.product_id = self.pads
        self.assertEqual(line.price_unit, 320)

    # === TAXES === #

    def test_the_fiscal_position_maps_the_taxes(self):
        reduced = self._create_tax(6)
        position = self.env["account.fiscal.position"].create({"name": "Small"})
        reduced.write(
            {
                "fiscal_position_ids": [Command.link(position.id)],
                "original_tax_ids": [Command.link(self.tax13.id)],
            }
        )
        self.owner.property_account_position_id = position
        order = self._bring_to("accepted")
        job = order.job_ids
        self.assertEqual(job.fiscal_position_id, position)
        self.assertEqual(job.line_ids.tax_ids, reduced)
        self.assertAlmostEqual(job.amount_total, 430 * 1.06)
        sale = order.sudo().sale_order_ids
        self.assertEqual(sale.fiscal_position_id, position)
        self.assertAlmostEqual(sale.amount_total, job.amount_total)

    def test_a_tax_that_the_price_includes_is_not_added(self):
        self.oil.taxes_id = self.tax13_included
        job = self._create_job(self._part())
        self.assertAlmostEqual(job.amount_total, 380)
        self.assertAlmostEqual(job.amount_untaxed, 336.28)
        self.assertAlmostEqual(job.amount_tax, 43.72)

    # === FREE OF CHARGE === #

    def test_what_the_store_bears_is_free(self):
        for payer in ("internal", "goodwill"):
            with self.subTest(payer):
                job = self._create_job(self._part(), payer=payer)
                self.assertEqual(job.line_ids.discount, 100)
                self.assertEqual(job.amount_total, 0)
                job.payer = "customer"
                self.assertEqual(job.line_ids.discount, 0)
                job.payer = payer
                self.assertEqual(job.line_ids.discount, 100)
                job.order_id.action_cancel("Test")

    def test_what_is_free_cannot_be_charged_by_hand(self):
        """Nobody is billed for work the store bears, or a part the customer brought."""
        internal = {"payer": "internal"}
        brought = {"part_origin": "customer"}
        for job_vals, line_vals in ((internal, {}), ({}, brought)):
            with self.subTest(job_vals or line_vals):
                job = self._create_job(self._part(**line_vals), **job_vals)
                with self.assertRaisesRegex(ValidationError, "free of charge"):
                    job.line_ids.discount = 0
                with self.assertRaisesRegex(ValidationError, "free of charge"):
                    job.line_ids = [Command.create(self._part(discount=0, **line_vals))]
                job.order_id.action_cancel("Test")

    def test_a_part_the_customer_brings_is_free_and_leaves_no_stock(self):
        order = self._create_repair_order(
            job_ids=[
                Command.create(
                    self._prepare_job_vals(
                        line_ids=[
                            Command.create({"product_id": self.labour.id}),
                            Command.create(self._part(part_origin="customer")),
                        ]
                    )
                )
            ]
        )
        self._bring_to("accepted", order)
        brought = order.job_ids.line_ids.filtered("part_origin").sudo()
        self.assertEqual(brought.price_total, 0)
        self.assertFalse(brought.sale_line_ids)
        sale = order.sudo().sale_order_ids
        self.assertEqual(sale.order_line.product_id, self.labour)
        self.assertFalse(sale.picking_ids)
        before = self.oil.qty_available
        self._bring_to("delivered", order)
        self.oil.invalidate_recordset()
        self.assertEqual(self.oil.qty_available, before)

    # === CURRENCY === #

    def test_a_price_list_in_another_currency_prices_the_job_in_it(self):
        hkd = self.env.ref("base.HKD")
        hkd.active = True
        self.env["res.currency.rate"].create(
            {
                "currency_id": hkd.id,
                "company_id": self.company.id,
                "name": fields.Date.today(),
                "rate": 2,
            }
        )
        self.owner.property_product_pricelist = self._create_pricelist(
            currency_id=hkd.id
        )
        order = self._bring_to("accepted")
        job = order.job_ids
        self.assertEqual(job.currency_id, hkd)
        self.assertAlmostEqual(job.amount_total, 860 * 1.13)
        self.assertEqual(order.currency_id, self.company.currency_id)
        self.assertAlmostEqual(order.amount_total, 430 * 1.13)
        sale = order.sudo().sale_order_ids
        self.assertEqual(sale.currency_id, hkd)
        self.assertAlmostEqual(sale.amount_total, job.amount_total)
        self._bring_to("ready", order)
        order = order.with_user(self.settlement_clerk)
        order.action_create_invoices()
        self.assertAlmostEqual(order.amount_due, 430 * 1.13, 2)
        order.register_payment(860 * 1.13, self.cash_journal.id)
        self.assertEqual(order.amount_due, 0)
        order.action_settle()

    # === ROUNDING === #

    AWKWARD = [(0.33, 3), (1.05, 0.33), (0.07, 0.71), (19.99, 1.25), (0.05, 0.1)]

    def _prepare_awkward_job(self, number):
        lines = [
            Command.create(
                {
                    "product_id": self.labour.id,
                    "price_unit": price,
                    "quantity": quantity,
                    "discount": 3.33 * number,
                }
            )
            for price, quantity in self.AWKWARD
        ]
        return Command.create(
            self._prepare_job_vals(name=f"Job {number}", line_ids=lines)
        )

    def _ensure_amounts_agree(self):
        """Offer, approval, sale order, invoice and payment say the same cents."""
        jobs = [self._prepare_awkward_job(number) for number in range(3)]
        order = self._bring_to("ready", job_ids=jobs)
        jobs = order.job_ids
        approved = sum(order.approval_ids.mapped("amount_total"))
        shown = [json.loads(a.snapshot)["total"] for a in order.approval_ids]
        order = order.with_user(self.settlement_clerk)
        order.action_create_invoices()
        order_sudo = order.sudo()
        self.assertAlmostEqual(sum(jobs.mapped("amount_total")), approved)
        self.assertAlmostEqual(sum(shown), approved)
        self.assertAlmostEqual(order.amount_total, approved)
        self.assertAlmostEqual(order_sudo.sale_order_ids.amount_total, approved)
        self.assertAlmostEqual(order_sudo.invoice_ids.amount_total, approved)
        self.assertAlmostEqual(
            order_sudo.invoice_ids.amount_untaxed, sum(jobs.mapped("amount_untaxed"))
        )
        order.register_payment(order.amount_due, self.cash_journal.id)
        order.action_settle()

    def test_awkward_prices_agree_to_the_cent(self):
        self._ensure_amounts_agree()

    def test_awkward_prices_with_included_tax_agree_to_the_cent(self):
        self.labour.taxes_id = self.tax13_included
        self._ensure_amounts_agree()

    def test_a_store_that_rounds_whole_documents_is_told_to_round_per_line(self):
        """Rounding over several jobs would part the invoice from the approvals."""
        self.company.tax_calculation_rounding_method = "round_globally"
        order = self._bring_to("diagnosis")
        with self.assertRaisesRegex(UserError, "Round per Line"):
            self._step_offer(order)
        self.company.tax_calculation_rounding_method = "round_per_line"
        self._step_offer(order)
        self.assertEqual(order.state, "offered")

    # === WHAT WAS APPROVED STAYS === #

    def test_amounts_are_computed_and_not_written(self):
        order = self._bring_to("offered")
        job, line = order.job_ids, order.job_ids.line_ids[0]
        for record, names in (
            (line, ("price_subtotal", "price_tax", "price_total", "list_price_unit")),
            (job, ("amount_untaxed", "amount_tax", "amount_total")),
            (order, ("amount_total", "amount_offered")),
        ):
            for name in names:
                with (
                    self.subTest(record._name, field=name),
                    self.assertRaises(UserError),
                ):
                    record.write({name: 1})

    def test_another_client_does_not_reprice_approved_work(self):
        order = self._bring_to("accepted")
        other = self.env["res.partner"].create({"name": "李四"})
        other.property_product_pricelist = self._create_pricelist(
            {"compute_price": "percentage", "percent_price": 50}
        )
        with self.assertRaisesRegex(UserError, "offered or approved prices"):
            order.partner_id = other
            self.env.flush_all()

    def test_a_line_moved_into_an_approved_job_is_a_new_revision(self):
        order = self._bring_to("accepted")
        approved = order.job_ids
        draft = approved.create(self._prepare_job_vals(order_id=order.id, name="B"))
        draft.line_ids[0].job_id = approved
        self.assertEqual((approved.state, approved.revision), ("draft", 2))
        self.assertFalse(approved.line_ids.sudo().sale_line_ids)

    def test_a_line_created_by_a_context_default_is_a_new_revision(self):
        approved = self._bring_to("accepted").job_ids
        lines = approved.line_ids.with_context(default_job_id=approved.id)
        lines.create({"product_id": self.fee.id})
        self.assertEqual((approved.state, approved.revision), ("draft", 2))

    def test_no_job_starts_approved(self):
        order = self._bring_to("offered")
        for values in ({"state": "approved"}, {"revision": 7}):
            name, value = next(iter(values.items()))
            jobs = order.job_ids.with_context(**{f"default_{name}": value})
            vals = self._prepare_job_vals(order_id=order.id)
            with self.subTest(values), self.assertRaises(UserError):
                order.job_ids.create(dict(vals, **values))
            with self.subTest(default=values), self.assertRaises(UserError):
                jobs.create(vals)

    # === BAD INPUT === #

    @mute_logger("odoo.sql_db")
    def test_impossible_numbers_are_refused(self):
        line = self._create_job(self._part()).line_ids
        cases = {
            "price_unit": (-1, "cannot be negative"),
            "discount": (100.5, "0 to 100 percent"),
            "quantity": (0, "more than zero"),
        }
        for name, (value, sentence) in cases.items():
            with (
                self.subTest(name),
                self.assertRaises(psycopg2.errors.CheckViolation) as caught,
                self.env.cr.savepoint(),
            ):
                line.write({name: value})
                self.env.flush_all()
            message = line._sql_error_to_message(caught.exception)
            self.assertIn(sentence, message)

    def test_a_product_not_set_up_for_repairs_is_refused(self):
        product = self.env["product.product"].create({"name": "Coffee"})
        with self.assertRaisesRegex(ValidationError, "Coffee is not set up"):
            self._create_job({"product_id": product.id})
