from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from .common import VINS, DealerServiceCommon

GUARD = "is written by its approved jobs"
READONLY = "cannot be written; the system sets it"
# What a remote caller can put into a context: plain data only.
FORGED = {
    "dealer_job_sync": True,
    "dealer_transition": True,
    "install_mode": True,
    "tracking_disable": True,
}


@tagged("post_install", "-at_install")
class TestSaleOrderGuard(DealerServiceCommon):
    """Rule 2: nobody but an approved job writes the sale order of a visit."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.sales_manager = new_test_user(
            cls.env,
            "dealer_sales_manager",
            groups="sales_team.group_sale_manager,sale.group_discount_per_so_line",
        )
        cls.order = cls._bring_to("accepted")
        sale_sudo = cls.order.sudo().sale_order_ids
        cls.sale = sale_sudo.with_env(cls.env(user=cls.sales_manager))
        cls.line = cls.sale.order_line.filtered(lambda li: li.product_id == cls.oil)
        cls.other_sale = cls.sale.create(
            {
                "partner_id": cls.owner.id,
                "order_line": [Command.create({"product_id": cls.pads.id})],
            }
        )

    def setUp(self):
        super().setUp()
        self.env.flush_all()
        self.before = self._take_snapshot()

    def _take_snapshot(self):
        """Return all that the customer approved, as the database has it."""
        self.env.flush_all()
        self.env.cr.execute(
            """
            SELECT s.id, s.state, s.partner_id, s.pricelist_id, s.amount_total,
                   l.id, l.product_id, l.product_uom_qty, l.price_unit, l.discount,
                   array(SELECT account_tax_id FROM account_tax_sale_order_line_rel
                          WHERE sale_order_line_id = l.id)
              FROM sale_order s LEFT JOIN sale_order_line l ON l.order_id = s.id
             WHERE s.dealer_order_id = %s ORDER BY s.id, l.id
            """,
            [self.order.id],
        )
        return self.env.cr.fetchall()

    def assertGuarded(self, function, *args, sentence=GUARD):
        """Expect the guard's sentence, and that nothing has changed."""
        with self.assertRaisesRegex(UserError, sentence), self.env.cr.savepoint():
            function(*args)
            self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(self._take_snapshot(), self.before)

    def _forge(self, records, **context):
        """Return records with the contexts that a remote caller may send."""
        return records.with_context(**FORGED, **context)

    # === LINES === #

    def test_a_line_cannot_be_slipped_in(self):
        values = {"product_id": self.pads.id, "product_uom_qty": 1}
        lines = self.env["sale.order.line"].with_user(self.sales_manager)
        self.assertGuarded(lines.create, dict(values, order_id=self.sale.id))
        self.assertGuarded(
            self._forge(lines).create, dict(values, order_id=self.sale.id)
        )
        self.assertGuarded(
            self.sale.write, {"order_line": [Command.create(dict(values))]}
        )

    def test_a_default_of_the_context_slips_in_no_line(self):
        lines = self.env["sale.order.line"].with_user(self.sales_manager)
        values = {"product_id": self.pads.id, "product_uom_qty": 1}
        lines = self._forge(lines, default_order_id=self.sale.id)
        self.assertGuarded(lines.create, values)

    def test_what_the_customer_approved_about_a_line_stays(self):
        tax = self.env["account.tax"].create({"name": "0 %", "amount": 0})
        changes = {
            "product_id": self.pads.id,
            "name": "something else",
            "product_uom_qty": 9,
            "price_unit": 1,
            "discount": 50,
            "tax_ids": [Command.set(tax.ids)],
            "extra_tax_data": {"computation_key": "forged"},
            "display_type": "line_note",
            "dealer_line_id": False,
            "price_subtotal": 1,
            "price_tax": 0,
            "price_total": 1,
        }
        for name, value in changes.items():
            with self.subTest(field=name):
                self.assertGuarded(self.line.write, {name: value})
                self.assertGuarded(self._forge(self.line).write, {name: value})
                self.assertGuarded(
                    self.sale.write,
                    {"order_line": [Command.update(self.line.id, {name: value})]},
                )

    def test_a_line_moves_neither_in_nor_out(self):
        foreign = self.other_sale.order_line
        self.assertGuarded(foreign.write, {"order_id": self.sale.id})
        self.assertGuarded(self._forge(foreign).write, {"order_id": self.sale.id})
        self.assertGuarded(self.line.write, {"order_id": self.other_sale.id})

    def test_a_line_is_not_deleted(self):
        # Odoo itself keeps the lines of a confirmed order.
        self.assertGuarded(self.line.unlink, sentence="can't remove one of its lines")
        self.assertGuarded(self._forge(self.line).unlink, sentence="can't remove")
        self.assertGuarded(
            self.sale.write, {"order_line": [Command.delete(self.line.id)]}
        )
        self.assertGuarded(self.sale.write, {"order_line": [Command.clear()]})

    def test_no_foreign_line_claims_a_line_of_a_visit(self):
        draft = self.order.job_ids.with_user(self.advisor).create(
            self._prepare_job_vals(order_id=self.order.id, name="刹车")
        )
        claim = {"dealer_line_id": draft.line_ids[0].id}
        self.assertGuarded(self.other_sale.order_line.write, claim, sentence=READONLY)
        lines = self.env["sale.order.line"].with_user(self.sales_manager)
        values = {"order_id": self.other_sale.id, "product_id": self.pads.id}
        self.assertGuarded(lines.create, dict(values, **claim))
        lines = self._forge(lines, default_dealer_line_id=claim["dealer_line_id"])
        self.assertGuarded(lines.create, values)

    # === ORDERS === #

    def test_the_order_is_neither_deleted_nor_cancelled_nor_reset(self):
        for sale in (self.sale, self._forge(self.sale)):
            self.assertGuarded(sale.unlink, sentence="must first cancel it")
            self.assertGuarded(sale.action_cancel)
            self.assertGuarded(sale._action_cancel)
            self.assertGuarded(sale.write, {"state": "draft"})
            self.assertGuarded(sale.write, {"state": "cancel"})

    def test_payer_price_list_and_visit_of_the_order_stay(self):
        other = self.env["res.partner"].create({"name": "李四"})
        pricelist = self.env["product.pricelist"].create({"name": "Other"})
        visit = self._create_other_visit()
        changes = {
            "partner_id": other.id,
            "partner_invoice_id": other.id,
            "pricelist_id": pricelist.id,
            "fiscal_position_id": False,
            "currency_id": self.env.ref("base.HKD").id,
            "dealer_order_id": visit.id,
            "dealer_payer": "insurance",
            "amount_total": 1,
        }
        for name, value in changes.items():
            with self.subTest(field=name):
                self.assertGuarded(self.sale.write, {name: value})
                self.assertGuarded(self._forge(self.sale).write, {name: value})
        self.assertGuarded(self.sale.write, {"dealer_order_id": False})

    def _create_other_visit(self):
        vehicle = self._create_vehicle(VINS[1], "沪B6K888")
        return self._create_repair_order(vehicle_id=vehicle.id)

    def test_prices_and_taxes_are_not_recomputed(self):
        pricelist = self.sale.pricelist_id or self.env["product.pricelist"]
        self.oil.list_price = 999
        self.assertGuarded(self.sale.action_update_prices)
        self.assertGuarded(self.sale._recompute_prices)
        self.assertGuarded(self.sale._recompute_taxes)
        self.assertEqual(self.sale.pricelist_id, pricelist)

    def test_no_order_is_opened_on_a_visit(self):
        sales = self.env["sale.order"].with_user(self.sales_manager)
        values = {"partner_id": self.owner.id}
        visit = {"dealer_order_id": self.order.id}
        self.assertGuarded(sales.create, {**values, **visit})
        self.assertGuarded(self._forge(sales).create, {**values, **visit})
        forged = self._forge(sales, default_dealer_order_id=self.order.id)
        self.assertGuarded(forged.create, values)
        self.assertGuarded(self.other_sale.copy, visit)

    def test_an_ordinary_order_is_not_attached_to_a_visit(self):
        attach = {"dealer_order_id": self.order.id, "dealer_payer": "customer"}
        for sale in (self.other_sale, self._forge(self.other_sale)):
            self.assertGuarded(sale.write, attach, sentence=READONLY)

    def test_a_copy_is_an_ordinary_order(self):
        copy = self.sale.copy()
        self.assertFalse(copy.dealer_order_id)
        self.assertFalse(copy.dealer_payer)
        self.assertFalse(copy.order_line.dealer_line_id)
        copy.order_line[0].price_unit = 1
        copy.order_line[0].unlink()
        self.assertEqual(self._take_snapshot(), self.before)

    def test_no_down_payment_and_no_discount_is_added(self):
        self.company.sale_discount_product_id = self.env["product.product"].create(
            {"name": "Discount", "type": "service", "invoice_policy": "order"}
        )
        discount = self.env["sale.order.discount"].with_user(self.sales_manager)
        for kind, values in (
            ("sol_discount", {"discount_percentage": 0.1}),
            ("so_discount", {"discount_percentage": 0.1}),
            ("amount", {"discount_amount": 10}),
        ):
            with self.subTest(kind):
                wizard = discount.create(
                    {"sale_order_id": self.sale.id, "discount_type": kind, **values}
                )
                self.assertGuarded(wizard.action_apply_discount)
        advance = self.env["sale.advance.payment.inv"].sudo()
        wizard = advance.with_context(active_ids=self.sale.ids).create(
            {"advance_payment_method": "percentage", "amount": 10}
        )
        self.assertGuarded(wizard.create_invoices)

    def test_not_even_the_group_manager_gets_past_the_guard(self):
        manager = self.group_manager
        manager.group_ids += self.env.ref("sales_team.group_sale_manager")
        line = self.line.with_user(manager)
        self.assertGuarded(line.write, {"price_unit": 1})
        self.assertGuarded(self.line.sudo().write, {"price_unit": 1})

    def test_ordinary_orders_are_untouched(self):
        sale = self.other_sale
        sale.order_line.write({"price_unit": 5, "product_uom_qty": 2, "discount": 10})
        sale.order_line = [Command.create({"product_id": self.fee.id})]
        sale.action_confirm()
        sale.order_line[1].price_unit = 12
        self.assertEqual(sale.order_line[1].price_unit, 12)
        copy = sale.copy()
        copy.action_cancel()
        copy.action_draft()
        copy.write({"partner_id": self.insurer.id})
        copy.unlink()
        self.assertFalse(copy.exists())

    # === STOCK === #

    def test_a_product_added_to_the_transfer_of_a_visit_is_refused(self):
        self._step_start_work(self.order)
        picking = self.sale.sudo().picking_ids.with_user(self.parts_keeper)
        picking.move_ids = [
            Command.create(
                {
                    "product_id": self.pads.id,
                    "product_uom_qty": 1,
                    "quantity": 1,
                    "location_id": picking.location_id.id,
                    "location_dest_id": picking.location_dest_id.id,
                }
            )
        ]
        picking.move_ids.picked = True
        sentence = "前刹车片.* more than the customer approved"
        self.assertGuarded(picking.button_validate, sentence=sentence)

    def test_no_more_is_issued_than_the_customer_approved(self):
        self._step_start_work(self.order)
        move = self.sale.sudo().picking_ids.move_ids.with_user(self.parts_keeper)
        move.quantity = 3
        move.picked = True
        sentence = "机油.* more than the customer approved"
        self.assertGuarded(move.picking_id.button_validate, sentence=sentence)

    def test_an_advisor_has_no_way_to_the_sale_order(self):
        self.env.invalidate_all()
        with self.assertRaises(AccessError):
            self.sale.with_user(self.advisor).read(["name"])
        with self.assertRaises(AccessError):
            self.order.with_user(self.advisor).write(
                {
                    "sale_order_ids": [
                        Command.update(self.sale.id, {"partner_id": self.insurer.id})
                    ]
                }
            )
