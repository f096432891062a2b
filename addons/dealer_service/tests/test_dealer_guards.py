from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.models import MAGIC_COLUMNS
from odoo.tests import new_test_user, tagged

from .common import ROLES, VINS, DealerServiceCommon

# What a guard says, whichever it is.
GUARD = (
    "cannot be written|set by its steps|stamped at the gate|never changed|"
    "follows from|is planned|written by|computed by the system|Fill in|"
    "are filled in here|This step is for"
)
REPORTS = {"dealer.repair.report", "dealer.technician.report", "dealer.arrears.report"}


@tagged("post_install", "-at_install")
class TestDealerGuards(DealerServiceCommon):
    """What the system works out, nobody writes by a call."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.users = [getattr(cls, role) for role in ROLES]
        cls.boss = new_test_user(
            cls.env,
            "dealer_boss",
            groups="base.group_user,base.group_system,stock.group_stock_manager,"
            "dealer_service.group_dealer_group_manager",
        )
        cls.users.append(cls.boss)

    def _get_fields(self, computed):
        """Yield our models with their read-only stored fields."""
        for name, model in sorted(self.registry.items()):
            if not name.startswith("dealer.") or name in REPORTS:
                continue
            if model._abstract or model._transient or not model._auto:
                continue
            if model._original_module != "dealer_service":
                continue
            found = [
                field.name
                for field in model._fields.values()
                if field.store
                and field.readonly
                and field.name not in MAGIC_COLUMNS
                and (field.compute or not computed)
            ]
            if found:
                yield self.env[name], found

    def _get_writers(self, model, operation):
        return [
            user for user in self.users if model.with_user(user).has_access(operation)
        ]

    def test_no_role_writes_a_computed_or_read_only_field(self):
        """Every model of ours, every such field, every role that may write."""
        self._bring_to("in_progress")
        tried = 0
        for model, names in self._get_fields(computed=False):
            record = model.sudo().search([], limit=1)
            for user in self._get_writers(model, "write"):
                for name in names:
                    with self.subTest(model=model._name, field=name, user=user.name):
                        value = record.read([name])[0][name] if record else False
                        value = value[0] if isinstance(value, tuple) else value
                        with self.assertRaisesRegex(UserError, GUARD):
                            record.with_user(user).write({name: value})
                        tried += 1
        self.assertGreater(tried, 100)

    def test_no_role_creates_a_record_with_a_computed_field(self):
        for model, names in self._get_fields(computed=True):
            for user in self._get_writers(model, "create"):
                for name in names:
                    with (
                        self.subTest(model=model._name, field=name, user=user.name),
                        self.assertRaises(UserError),
                        self.env.cr.savepoint(),
                    ):
                        model.with_user(user).create({name: False})

    def test_a_price_list_is_not_slipped_under_an_approved_job(self):
        order = self._bring_to("accepted")
        job = order.job_ids
        cheap = self.env["product.pricelist"].create(
            {
                "name": "Cheap",
                "item_ids": [
                    Command.create({"compute_price": "percentage", "percent_price": 90})
                ],
            }
        )
        total, revision = job.amount_total, job.revision
        for values in (
            {"pricelist_id": cheap.id},
            {"fiscal_position_id": False},
            {"billed_hours": 0.1},
            {"clocked_hours": 0.1},
            {"parts_state": "issued"},
            {"origin": "addon"},
            {"is_reworked": True},
            {"pause_reason": "parts"},
        ):
            with self.subTest(values=values), self.assertRaisesRegex(UserError, GUARD):
                job.with_user(self.advisor).write(values)
        line = job.line_ids.filtered(lambda line: line.kind == "part")
        with self.assertRaisesRegex(UserError, "Kind cannot be written"):
            line.with_user(self.advisor).write({"kind": "fee"})
        self.assertEqual((job.amount_total, job.revision), (total, revision))

    def test_defaults_of_the_context_reach_no_computed_field(self):
        order = self._create_repair_order(job_ids=[])
        jobs = self.env["dealer.repair.job"].with_user(self.advisor)
        usd = self.env.ref("base.USD") | self.env.ref("base.EUR")
        other = (usd - self.company.currency_id)[0]
        job = jobs.with_context(
            default_currency_id=other.id, default_origin="comeback"
        ).create({"order_id": order.id, "name": "x"})
        self.assertEqual(job.currency_id, self.company.currency_id)
        self.assertEqual(job.origin, "estimate")
        with self.assertRaisesRegex(UserError, GUARD):
            jobs.create({"order_id": order.id, "name": "x", "origin": "comeback"})

    def test_the_file_of_a_car_keeps_its_reading_and_its_deadline(self):
        car = self.vehicle.with_user(self.advisor)
        for values in ({"odometer": 5}, {"file_due_date": "2099-01-01"}):
            with self.assertRaisesRegex(UserError, GUARD):
                car.write(values)
            with self.assertRaisesRegex(UserError, GUARD):
                car.create({"vin": VINS[1], **values})

    # === PLAN === #

    def _plan(self):
        order = self._bring_to("accepted")
        job = order.job_ids.with_user(self.dispatcher)
        job.action_plan(
            bay_id=self.bay.id,
            technician_id=self.technician.employee_id.id,
            start=fields.Datetime.now() + timedelta(hours=1),
        )
        return job

    def test_a_plan_is_not_taken_apart(self):
        job = self._plan()
        slots = job.reservation_ids.with_user(self.dispatcher)
        for values in ({"job_id": False}, {"order_id": False}):
            with self.assertRaisesRegex(UserError, "Take the job off the plan"):
                slots.write(values)
        with self.assertRaisesRegex(UserError, "Take the job off the plan"):
            slots.unlink()
        slots.write({"note": "钥匙在前台"})
        job.action_unplan()
        self.assertFalse(job.reservation_ids.bay_id)

    def test_a_slot_is_not_given_to_a_job_that_may_not_be_planned(self):
        order = self._create_repair_order()
        start = fields.Datetime.now() + timedelta(days=3)
        values = {
            "bay_id": self.bay.id,
            "start": start,
            "stop": start + timedelta(hours=1),
        }
        slots = self.env["dealer.reservation"].with_user(self.dispatcher)
        with self.assertRaisesRegex(UserError, "not approved by the customer"):
            slots.create({**values, "job_id": order.job_ids.id})
        free = slots.create(values)
        with self.assertRaisesRegex(UserError, "not approved by the customer"):
            free.write({"job_id": order.job_ids.id})
        free.unlink()

    def test_the_slot_of_an_appointment_stays(self):
        order = self._create_repair_order(
            state="booked",
            booked_start=fields.Datetime.now() + timedelta(days=1),
            booked_bay_id=self.bay.id,
            booking_signature=self.signature,
            booking_signed_by="王小明",
        )
        slot = order.sudo().reservation_ids.with_user(self.dispatcher)
        for method, args in (("unlink", ()), ("write", ({"order_id": False},))):
            with self.assertRaisesRegex(UserError, "Cancel the visit to free the slot"):
                getattr(slot, method)(*args)
        order.action_cancel("改期")
        self.assertFalse(slot.exists())

    # === AFTER THE END === #

    def test_the_time_of_arrival_is_the_systems(self):
        order = self._create_repair_order(arrived_at="2026-01-05 08:00:00")
        self.assertEqual(str(order.arrived_at), "2026-01-05 08:00:00")
        with self.assertRaisesRegex(UserError, "Arrived cannot be written"):
            order.write({"arrived_at": "2026-01-06 08:00:00"})

    def test_an_ended_visit_keeps_its_facts(self):
        order = self._create_repair_order()
        order.action_leave("太贵")
        for values in ({"concern": "x"}, {"sender_name": "x"}, {"washed_in": True}):
            with self.assertRaisesRegex(UserError, "has ended"):
                order.write(values)
        for values in ({"mileage": 5}, {"findings": "x"}):
            with self.assertRaisesRegex(UserError, "has ended; its sheets stay"):
                order.write(values)
        with self.assertRaisesRegex(UserError, "its jobs stay as they are"):
            order.job_ids.write({"cause": "x"})
        order.write({"concern": order.concern, "belongings_returned": True})
        order.message_post(body="x")

    def test_a_settled_visit_is_still_handed_over(self):
        order = self._bring_to("settled").with_user(self.advisor)
        with self.assertRaisesRegex(UserError, "Customer's words stays as it is"):
            order.write({"concern": "x"})
        order.advisor_id = self.supervisor
        self._step_deliver(order)
        with self.assertRaisesRegex(UserError, "Service advisor stays|has ended"):
            order.write({"advisor_id": self.advisor.id})

    # === FILES, PRODUCTS, ADD-ONS === #

    def test_a_photo_of_somebody_else_is_not_claimed(self):
        order = self._create_repair_order()
        files = self.env["ir.attachment"]
        values = {"name": "p.png", "datas": self.signature}
        foreign = files.with_user(self.supervisor).create(values)
        own = files.with_user(self.advisor).create(values)
        (foreign | own).with_user(self.advisor).sudo()._claim_for(order)
        self.assertFalse(foreign.sudo().res_id)
        self.assertEqual(own.sudo().res_id, order.id)

    def test_a_product_of_another_store_is_no_line(self):
        other = self.env["res.company"].create({"name": "Other"})
        foreign = self.env["product.product"].create(
            {"name": "x", "dealer_kind": "part", "company_id": other.id}
        )
        order = self._create_repair_order()
        with self.assertRaisesRegex(UserError, "company|Compan"):
            order.job_ids[0].sudo().line_ids = [
                Command.create({"product_id": foreign.id})
            ]

    def test_an_add_on_does_not_take_the_come_backs_category(self):
        order = self._bring_to("in_progress")
        comeback = self.category.copy({"name": "Come-back", "code": "test_back"})
        job = order.job_ids.sudo()
        as_comeback = job.with_context(active_test=False)
        self.env.cr.execute(
            "UPDATE dealer_repair_job SET origin = 'comeback', category_id = %s "
            "WHERE id = %s",
            [comeback.id, as_comeback.id],
        )
        job.invalidate_recordset()
        addon = order.with_user(self.technician).raise_addon(
            {
                "name": "雨刮",
                "addon_reason": "老化",
                "lines": [{"product_id": self.labour2.id, "quantity": 0.2}],
            }
        )
        self.assertFalse(job.browse(addon).category_id)

    # === GATE AND ROAD === #

    def test_a_pass_that_ran_out_does_not_block_the_next(self):
        order = self._bring_to("in_progress").with_user(self.advisor)
        start = fields.Datetime.now()
        first = order.issue_temporary_pass("road_test", "异响", 30)
        self.assertEqual(order.issue_temporary_pass("road_test", "异响", 30), first)
        with freeze_time(start + timedelta(hours=2)):
            second = order.issue_temporary_pass("road_test", "异响", 30)
            self.assertNotEqual(second, first)
            note = self.env["dealer.release.note"].browse(second)
            self.assertTrue(note.sudo().is_go)

    def test_a_car_is_not_delivered_below_its_road_test(self):
        job = self._prepare_job_vals(category_id=self.category_level2.id)
        order = self._bring_to("settled", job_ids=[Command.create(job)])
        tests = order.sudo().check_ids.road_test_ids
        self.assertEqual(tests.end_km, order.sudo().vehicle_id.odometer)
        order = order.with_user(self.advisor)
        order.write(
            {
                "joint_inspection": True,
                "belongings_returned": True,
                "old_parts_result": "returned",
                "delivery_mileage": order.mileage + 1,
            }
        )
        order.sign_delivery("王小明", self.signature)
        with self.assertRaisesRegex(UserError, "read at intake or after the road test"):
            order.action_deliver()
        order.sudo().delivery_mileage = 0
        order.action_deliver()
        given = self.env["dealer.guarantee"].search([("order_id", "=", order.id)])
        self.assertEqual(set(given.mapped("start_km")), {tests.end_km})
