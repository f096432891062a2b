import base64
import io
from datetime import timedelta

from PIL import Image, ImageDraw

from odoo import fields
from odoo.fields import Command
from odoo.tests import new_test_user

from odoo.addons.base.tests.common import BaseCommon

ROLES = {
    "advisor": "dealer_service.group_dealer_advisor",
    "technician": "dealer_service.group_dealer_technician",
    "technician2": "dealer_service.group_dealer_technician",
    "team_leader": "dealer_service.group_dealer_team_leader",
    "dispatcher": "dealer_service.group_dealer_dispatcher",
    "inspector": "dealer_service.group_dealer_inspector",
    "settlement_clerk": "dealer_service.group_dealer_settlement",
    "followup_clerk": "dealer_service.group_dealer_followup",
    "supervisor": "dealer_service.group_dealer_supervisor",
    "archivist": "dealer_service.group_dealer_archivist",
    "store_manager": "dealer_service.group_dealer_store_manager",
    "group_manager": "dealer_service.group_dealer_group_manager",
    "parts_keeper": "stock.group_stock_user",
}
EMPLOYED = ("technician", "technician2", "team_leader", "inspector", "advisor")
VINS = ["LSVNU2180N2012345", "LGBH52E06NY123456", "LFV2A21K1L3345678"]


def draw_signature(text="王"):
    """Return a small drawn signature as base64 PNG."""
    image = Image.new("RGB", (120, 40), "white")
    ImageDraw.Draw(image).line([(5, 30), (40, 8), (70, 32), (112, 10)], "black", 3)
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    return base64.b64encode(buffer.getvalue()).decode()


class DealerServiceCommon(BaseCommon):
    """A store with one user per role, a car, labour and parts on stock."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env.company
        cls.signature = draw_signature()
        # Open around the clock: no test depends on the hour it runs at.
        cls.company.resource_calendar_id = cls._create_calendar(
            "Always", range(7), 0, 24
        )
        for role, group in ROLES.items():
            setattr(cls, role, cls._create_role(role, group, cls.company))
        for role in EMPLOYED:
            cls._employ(getattr(cls, role))
        cls.owner = cls.env["res.partner"].create(
            {"name": "王小明", "phone": "138-0000-0001", "lang": "en_US"}
        )
        cls.insurer = cls.env["res.partner"].create({"name": "人保财险"})
        cls.car_model = cls.env["fleet.vehicle.model"].create(
            {
                "name": "朗逸",
                "brand_id": cls.env["fleet.vehicle.model.brand"]
                .create({"name": "大众"})
                .id,
            }
        )
        cls.vehicle = cls._create_vehicle(VINS[0], "京A12345")
        cls.category = cls.env["dealer.repair.category"].create(
            {"name": "Minor", "code": "test_minor", "statutory_class": "minor"}
        )
        cls.category_level2 = cls.env["dealer.repair.category"].create(
            {"name": "Level 2", "code": "test_level2", "statutory_class": "level2"}
        )
        cls._create_products()
        cls.bay = cls.env["dealer.bay"].create({"name": "B1", "code": "B1"})
        cls.cash_journal = cls.env["account.journal"].search(
            [("type", "=", "cash"), ("company_id", "=", cls.company.id)], limit=1
        )

    @classmethod
    def _create_calendar(cls, name, days, *hours):
        """Create working hours in UTC: ``from, to, from, to ...`` of some days."""
        return cls.env["resource.calendar"].create(
            {
                "name": name,
                "tz": "UTC",
                "company_id": cls.company.id,
                "attendance_ids": [
                    Command.create(
                        {
                            "name": name,
                            "dayofweek": str(day),
                            "day_period": "morning" if start < 12 else "afternoon",
                            "hour_from": start,
                            "hour_to": stop,
                        }
                    )
                    for day in days
                    for start, stop in zip(hours[::2], hours[1::2], strict=True)
                ],
            }
        )

    @classmethod
    def _create_role(cls, login, group, company):
        """Create a user who has exactly one role, in one store."""
        return new_test_user(
            cls.env,
            f"dealer_{login}_{company.id}",
            groups=f"base.group_user,{group}",
            name=login,
            company_id=company.id,
            company_ids=[Command.set(company.ids)],
        )

    @classmethod
    def _employ(cls, user):
        """Link a user to an employee of the store."""
        return cls.env["hr.employee"].create(
            {
                "name": user.name,
                "user_id": user.id,
                "company_id": user.company_id.id,
                "dealer_is_road_tester": "inspector" in user.name,
                "dealer_licence_until": "2099-12-31",
            }
        )

    @classmethod
    def _create_vehicle(cls, vin, plate):
        """Create a car file with an owner."""
        vehicle = cls.env["dealer.vehicle"].create(
            {"vin": vin, "model_id": cls.car_model.id}
        )
        vehicle.set_plate(plate)
        vehicle.set_owner(cls.owner.id)
        return vehicle

    @classmethod
    def _create_products(cls):
        """Create labour, two parts on stock, one missing part and a fee."""
        Product = cls.env["product.product"]
        hour = cls.env.ref("uom.product_uom_hour")
        labour = {
            "type": "service",
            "uom_id": hour.id,
            "list_price": 100.0,
            "dealer_kind": "labour",
            "invoice_policy": "order",
        }
        part = {
            "type": "consu",
            "is_storable": True,
            "dealer_kind": "part",
            "invoice_policy": "delivery",
        }
        cls.labour = Product.create(
            dict(labour, name="更换机油机滤", dealer_standard_hours=0.5)
        )
        cls.labour2 = Product.create(
            dict(labour, name="前刹车片", dealer_standard_hours=0.8)
        )
        cls.oil = Product.create(dict(part, name="机油4L全合成", list_price=380.0))
        cls.pads = Product.create(dict(part, name="前刹车片(套)", list_price=320.0))
        cls.missing_part = Product.create(
            dict(part, name="大灯总成", list_price=1650.0)
        )
        cls.fee = Product.create(
            {
                "name": "拖车费",
                "type": "service",
                "dealer_kind": "fee",
                "list_price": 200.0,
                "invoice_policy": "order",
            }
        )
        cls.warehouse = cls.env["stock.warehouse"].search(
            [("company_id", "=", cls.company.id)], limit=1
        )
        for product in (cls.oil, cls.pads):
            cls.env["stock.quant"]._update_available_quantity(
                product, cls.warehouse.lot_stock_id, 100
            )

    # === FACTORIES === #

    @classmethod
    def _create_repair_order(cls, **values):
        """Open a walk-in visit as the advisor, with one job of two lines."""
        vals = {
            "vehicle_id": cls.vehicle.id,
            "concern": "保养，刹车有异响",
            "mileage": max(30000, cls.vehicle.odometer),
            "fuel_percent": 50,
            "walkround_done": True,
            "belongings_none": True,
            "papers_listed": True,
            "job_ids": [Command.create(cls._prepare_job_vals())],
        }
        vals.update(values)
        return cls.env["dealer.repair.order"].with_user(cls.advisor).create(vals)

    @classmethod
    def _prepare_job_vals(cls, **values):
        """Return a job with half an hour of labour and one part."""
        vals = {
            "name": "更换机油",
            "category_id": cls.category.id,
            "line_ids": [
                Command.create({"product_id": cls.labour.id, "quantity": 0.5}),
                Command.create({"product_id": cls.oil.id, "quantity": 1}),
            ],
        }
        vals.update(values)
        return vals

    @classmethod
    def _decide(cls, order, decision="approved", **values):
        """Let the customer answer everything on offer, at the counter."""
        order = order.with_user(cls.advisor)
        return order.record_decisions(
            [
                dict(job_id=job.id, revision=job.revision, decision=decision, **values)
                for job in order.job_ids
                if job.state == "offered"
            ],
            "王小明",
            cls.signature,
        )

    @classmethod
    def _bring_to(cls, state, order=None, **values):
        """Drive a visit to ``state``, each step by the role that takes it.

        :param str state: a state on the straight way from intake to delivered
        :param order: a visit to go on with; a new one by default
        """
        order = order or cls._create_repair_order(**values)
        steps = [
            ("intake", None),
            ("diagnosis", cls._step_diagnosis),
            ("offered", cls._step_offer),
            ("accepted", cls._decide),
            ("in_progress", cls._step_start_work),
            ("inspection", cls._step_work),
            ("ready", cls._step_final_check),
            ("settled", cls._step_settle),
            ("delivered", cls._step_deliver),
        ]
        names = [name for name, _step in steps]
        start = names.index(order.state) + 1
        for _name, step in steps[start : names.index(state) + 1]:
            step(order)
        return order

    @classmethod
    def _step_diagnosis(cls, order):
        order = order.with_user(cls.advisor)
        order.sign_intake("王小明", cls.signature)
        order.action_start_diagnosis()
        order.diagnosis_id.with_user(cls.technician).write(
            {"findings": "机油变黑", "cause": "到期"}
        )

    @classmethod
    def _step_offer(cls, order):
        order = order.with_user(cls.advisor)
        wanted = fields.Datetime.now() + timedelta(hours=4)
        # At the end of the day the workshop keeps no promise of four hours.
        earliest = order.propose_promise()["promised_at"]
        order.promised_at = max(wanted, earliest or wanted)
        order.action_offer()

    @classmethod
    def _step_start_work(cls, order):
        order.with_user(cls.dispatcher).action_start_work(washed=True)
        cls._inspect_intake(order)

    @classmethod
    def _inspect_intake(cls, order):
        """Let the inspector see big work before it begins."""
        for job in order.with_env(cls.env).job_ids._get_without_intake_check():
            cls._check(cls.inspector, order, "intake", job)

    @classmethod
    def _work_on(cls, job):
        """Clock, issue parts, self-check and peer-check one job."""
        job.with_user(cls.technician).action_clock_in()
        if job._get_open_parts():
            job.with_user(cls.parts_keeper).action_issue_parts()
        job.with_user(cls.technician).action_finish()
        if job._get_without_process_check():
            cls._check(cls.inspector, job.order_id, "process", job)
        cls._check(cls.technician, job.order_id, "self", job)
        cls._check(cls.team_leader, job.order_id, "peer", job)

    @classmethod
    def _check(cls, user, order, stage, job=None, failing=()):
        """Do one check; every line passes but those named in ``failing``."""
        Check = cls.env["dealer.quality.check"].with_user(user)
        check = Check.browse(Check.start(order.id, stage, job.id if job else False))
        results = []
        for line in check.line_ids:
            result = {"line_id": line.id, "result": "pass"}
            if line.is_measured:
                result["value"] = line.max_value or line.min_value
            if line.name in failing:
                result.update(result="fail", note="重做", value=0)
            if line.is_road_test and line.name not in failing:
                continue
            results.append(result)
            if line.needs_photo and not line.photo_ids:
                cls._take_photo(line)
        if check.has_road_test and not failing:
            check.sudo(False)._apply_results(results)
            cls._drive(check)
        check.finish("OK", results)
        return check

    @classmethod
    def _take_photo(cls, line):
        """Put a photo to a line of a check."""
        photo = {
            "name": "photo.png",
            "datas": cls.signature,
            "res_model": line._name,
            "res_id": line.id,
        }
        line.photo_ids = [Command.create(photo)]

    @classmethod
    def _drive(cls, check, km=8, **values):
        """Drive the road test of a final check as the inspector proposes it."""
        start = check._prepare_road_test()["start_km"]
        return check.record_road_test(
            {"start_km": start, "end_km": start + km, **values}
        )

    @classmethod
    def _step_work(cls, order):
        for job in order._get_approved_work():
            cls._work_on(job)
        cls._explain_reworks(order)
        order.with_user(cls.team_leader).action_request_inspection()

    @classmethod
    def _explain_reworks(cls, order, **values):
        """Write down the cause of what is done again."""
        reworks = order.with_user(cls.team_leader).rework_ids
        reworks.filtered(lambda rework: rework.state == "open").write(
            {"cause_class": "technician", "correction": "重新紧固", **values}
        )

    @classmethod
    def _step_final_check(cls, order):
        cls._check(cls.inspector, order, "final")
        order = order.with_user(cls.advisor)
        order.write(
            {
                "prep_washed": True,
                "prep_cleaned": True,
                "prep_settings": True,
                "prep_old_parts": True,
            }
        )
        order.action_ready()

    @classmethod
    def _step_settle(cls, order):
        order = order.with_user(cls.settlement_clerk)
        order.action_create_invoices()
        if order.amount_due:
            order.register_payment(order.amount_due, cls.cash_journal.id)
        order.action_settle()

    @classmethod
    def _step_deliver(cls, order):
        order = order.with_user(cls.advisor)
        order.write(
            {
                "joint_inspection": True,
                "belongings_returned": True,
                "old_parts_result": "returned",
            }
        )
        order.sign_delivery("王小明", cls.signature)
        order.action_deliver()
