from datetime import date

from odoo.fields import Command

from .two_stores_common import DealerTwoStoresCommon


class DealerAccessCommon(DealerTwoStoresCommon):
    """One record of every model in the first store; a role's users in two."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.order = cls._create_visit_with_everything()
        cls.package = cls._create_package()
        cls.plan = cls._create_plan()
        cls.order_b = cls._create_repair_order_b()
        cls.records = cls._find_records()

    @classmethod
    def _create_visit_with_everything(cls):
        """Return a visit that has one record of every model at least."""
        declined = cls._prepare_job_vals(name="雨刮")
        approved = cls._prepare_job_vals(category_id=cls.category_level2.id)
        order = cls._bring_to(
            "offered",
            job_ids=[Command.create(approved), Command.create(declined)],
            mark_ids=[Command.create({"view": "top", "x": 0.5, "y": 0.5})],
            test_ids=[Command.create({"kind": "check", "name": "目视"})],
        )
        answers = [
            {"job_id": job.id, "revision": 1, "decision": decision}
            for job, decision in zip(
                order.job_ids, ("approved", "declined"), strict=True
            )
        ]
        order.record_decisions(answers, "王小明", cls.signature)
        order.job_ids[0].with_user(cls.dispatcher).action_plan(
            bay_id=cls.bay.id, start="2031-01-01 08:00:00", hours=1
        )
        order.job_ids[0].with_user(cls.dispatcher).set_helpers(
            [{"employee_id": cls.technician2.employee_id.id, "share": 30}]
        )
        order.with_user(cls.advisor).change_promise("2031-01-02 10:00:00", "缺件")
        cls._bring_to("inspection", order)
        cls._check(cls.inspector, order, "final", failing=["Brakes"])
        cls._bring_to("ready", order)
        order.certificate_id.with_user(cls.inspector).void("发动机号错误", True)
        order.with_user(cls.settlement_clerk).action_create_invoices()
        order.with_user(cls.supervisor).approve_credit("customer", "2031-01-01", "月结")
        order.with_user(cls.settlement_clerk).action_settle()
        cls._bring_to("delivered", order)
        cls.env["dealer.reservation"].create(
            {
                "bay_id": cls.bay.id,
                "start": "2031-01-01 08:00:00",
                "stop": "2031-01-01 09:00:00",
            }
        )
        return order.with_env(cls.env)

    @classmethod
    def _create_package(cls):
        """Return a service package of the first store."""
        return cls.env["dealer.service.package"].create(
            {
                "name": "Own package",
                "code": "OWN",
                "company_id": cls.company.id,
                "category_id": cls.category.id,
                "line_ids": [Command.create({"product_id": cls.labour.id})],
            }
        )

    @classmethod
    def _create_plan(cls):
        """Return a maintenance plan with one item."""
        shared = cls.package.copy({"code": "ALL", "company_id": False})
        return cls.env["dealer.maintenance.plan"].create(
            {
                "model_id": cls.car_model.id,
                "item_ids": [
                    Command.create({"package_id": shared.id, "every_km": 10000})
                ],
            }
        )

    @classmethod
    def _find_records(cls):
        """Return one record of each model that belongs to the first store."""
        return {
            **cls._find_vehicle_records(),
            **cls._find_workshop_records(),
            **cls._find_visit_records(),
            **cls._find_parts_records(),
            **cls._find_settlement_records(),
            **cls._find_quality_records(),
            **cls._find_report_records(),
        }

    @classmethod
    def _find_vehicle_records(cls):
        """Return what belongs to the car."""
        vehicle = cls.vehicle
        return {
            "dealer.vehicle": vehicle,
            "dealer.vehicle.plate": vehicle.plate_ids,
            "dealer.vehicle.ownership": vehicle.ownership_ids,
            "dealer.odometer": vehicle.odometer_ids,
            "dealer.vehicle.finding": vehicle.finding_ids,
            "dealer.guarantee": vehicle.guarantee_ids,
            "dealer.reception.log": cls.env["dealer.reception.log"].create(
                {"vehicle_id": vehicle.id, "demand": "保养多少钱"}
            ),
            "dealer.file.loan": cls.env["dealer.file.loan"].create(
                {"vehicle_id": vehicle.id}
            ),
            "dealer.maintenance.plan": cls.plan,
            "dealer.maintenance.plan.item": cls.plan.item_ids,
        }

    @classmethod
    def _find_workshop_records(cls):
        """Return what the workshop plans with."""
        order = cls.order
        return {
            "dealer.bay": cls.bay,
            "dealer.skill": cls.env.ref("dealer_service.skill_mechanic"),
            "dealer.team": cls.env["dealer.team"].create({"name": "Mechanics 1"}),
            "dealer.job.share": order.job_ids.share_ids,
            "dealer.promise.change": order.promise_change_ids,
            "dealer.priority.rule": cls.env["dealer.priority.rule"].create(
                {"criterion": "promise"}
            ),
            "dealer.reservation": cls.bay.reservation_ids,
            "dealer.work.log": order.job_ids.work_log_ids,
            "dealer.objection": cls.env["dealer.objection"].create(
                {
                    "job_id": order.job_ids[:1].id,
                    "company_id": cls.company.id,
                    "kind": "mismatch",
                    "text": "车牌不符",
                    "reported_by": cls.technician.id,
                    "reported_at": "2031-01-01 08:00:00",
                }
            ),
            "dealer.store.settings": cls.env["dealer.store.settings"].browse(
                cls.company.id
            ),
        }

    @classmethod
    def _find_visit_records(cls):
        """Return the visit with its sheets, jobs and lines."""
        order = cls.order
        return {
            "dealer.repair.order": order,
            "dealer.intake": order.intake_id,
            "dealer.intake.item": order.item_ids,
            "dealer.intake.mark": order.mark_ids,
            "dealer.diagnosis.test": order.test_ids,
            "dealer.diagnosis.item": cls.env["dealer.diagnosis.item"].create(
                {"name": "Own test", "company_id": cls.company.id}
            ),
            "dealer.intake.item.template": cls.env[
                "dealer.intake.item.template"
            ].create({"name": "Own list", "company_id": cls.company.id}),
            "dealer.diagnosis": order.diagnosis_id,
            "dealer.fault.system": cls.env["dealer.fault.system"].create(
                {"name": "Own words", "keywords": "咣当", "company_id": cls.company.id}
            ),
            "dealer.delivery": order.delivery_id,
            "dealer.repair.category": cls.category,
            "dealer.repair.job": order.job_ids,
            "dealer.repair.line": order.job_ids.line_ids,
            "dealer.repair.approval": order.approval_ids,
            "dealer.service.package": cls.package,
            "dealer.service.package.line": cls.package.line_ids,
        }

    @classmethod
    def _find_parts_records(cls):
        """Return what the parts counter works with."""
        order = cls.order
        return {
            "dealer.parts.requisition": order.job_ids.requisition_ids,
            "dealer.parts.requisition.line": order.job_ids.requisition_ids.line_ids,
            "dealer.parts.return": cls.env["dealer.parts.return"].create(
                {
                    "line_id": order.job_ids.requisition_ids.line_ids[:1].id,
                    "kind": "return",
                    "quantity": 1,
                    "reason": "surplus",
                }
            ),
        }

    @classmethod
    def _find_settlement_records(cls):
        """Return what settles a visit and opens the gate."""
        order = cls.order
        return {
            "dealer.credit.approval": order.credit_ids,
            "dealer.settlement.list": order.settlement_list_ids,
            "dealer.release.note": order.release_note_ids,
            "dealer.gate.device": cls.env["dealer.gate.device"].create(
                {"name": "East gate", "lang": "en_US"}
            ),
            "dealer.arrears.report": cls.env["dealer.arrears.report"].search(
                [("order_id", "=", order.id)]
            ),
            "dealer.compliance.record": order.compliance_ids,
            "dealer.compliance.endpoint": cls.env["dealer.compliance.endpoint"].create(
                {"kind": "file"}
            ),
        }

    @classmethod
    def _find_quality_records(cls):
        """Return checks and what follows from them."""
        evaluation = cls._create_evaluation()
        order = cls.order
        return {
            "dealer.quality.item": cls.env["dealer.quality.item"].create(
                {"name": "Own point", "stage": "self", "company_id": cls.company.id}
            ),
            "dealer.quality.check": order.check_ids.filtered(
                lambda check: check.stage == "self"
            ),
            "dealer.quality.check.line": order.check_ids.line_ids.filtered(
                lambda line: line.check_id.stage == "self"
            ),
            "dealer.road.test": order.check_ids.road_test_ids,
            "dealer.rework": order.rework_ids,
            "dealer.certificate": order.certificate_ids,
            "dealer.certificate.void": order.certificate_ids.void_ids,
            "dealer.inspector.evaluation": evaluation,
            "dealer.inspector.evaluation.line": evaluation.line_ids,
            "dealer.inspection.sample": cls.env["dealer.inspection.sample"].create(
                {"check_id": evaluation.line_ids.check_id[0].id}
            ),
        }

    @classmethod
    def _create_evaluation(cls):
        """Return the inspector's running month, computed."""
        evaluation = cls.env["dealer.inspector.evaluation"].create(
            {
                "inspector_id": cls.inspector.id,
                "employee_id": cls.inspector.employee_id.id,
                "company_id": cls.company.id,
                "month": date.today().replace(day=1),
            }
        )
        evaluation._refresh()
        return evaluation

    @classmethod
    def _find_report_records(cls):
        """Return rows of the analyses."""
        order = cls.order
        return {
            "dealer.finding.report": cls.env["dealer.finding.report"].search(
                [("finding_id", "in", order.vehicle_id.finding_ids.ids)], limit=1
            ),
            "dealer.repair.report": cls.env["dealer.repair.report"].search(
                [("order_id", "=", order.id)], limit=1
            ),
            "dealer.technician.report": cls.env["dealer.technician.report"].search(
                [
                    ("user_id", "=", cls.technician.id),
                    ("company_id", "=", cls.company.id),
                    ("clocked_hours", ">=", 0),
                ],
                limit=1,
            ),
        }
