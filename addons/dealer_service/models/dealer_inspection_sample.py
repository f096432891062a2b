import random

from odoo import api, fields, models
from odoo.exceptions import UserError

from .. import arguments as arg
from .dealer_inspector_evaluation import QUALITY_HEAD
from .dealer_quality_check_figures import INSPECTED_STAGES

HERE_STATES = ("in_progress", "inspection", "ready", "settled")


class DealerInspectionSample(models.Model):
    """A sheet that the quality head inspects again (抽檢, section 4).

    Each day the running month is topped up, at random, to the store's part of the
    sheets of each inspector; cars that are still here come first. The quality head
    records what was found: right, missed (passed with a defect) or a false alarm.
    A record is never changed; nobody looks at his own sheet again.
    """

    _name = "dealer.inspection.sample"
    _description = "Sample inspection"
    _inherit = ["dealer.write.once.mixin"]
    _order = "proposed_at desc, id desc"
    _rec_name = "check_id"
    _write_once_when = "OLD.state = 'done'"

    check_id = fields.Many2one(
        "dealer.quality.check",
        string="Sheet",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    company_id = fields.Many2one(
        "res.company",
        string="Store",
        related="check_id.company_id",
        store=True,
        precompute=True,
        index=True,
    )
    inspector_id = fields.Many2one(
        "res.users",
        string="Inspector",
        related="check_id.inspector_id",
        store=True,
        precompute=True,
        index=True,
    )
    license_plate = fields.Char(string="Plate", related="check_id.license_plate")
    check_result = fields.Selection(
        string="Result of the sheet", related="check_id.result"
    )
    order_state = fields.Selection(
        string="Visit state", related="check_id.order_id.state"
    )
    proposed_at = fields.Datetime(
        string="Proposed", required=True, readonly=True, default=fields.Datetime.now
    )
    state = fields.Selection(
        [("proposed", "To inspect"), ("done", "Inspected")],
        required=True,
        readonly=True,
        default="proposed",
        index=True,
    )
    result = fields.Selection(
        [("right", "Right"), ("missed", "Missed"), ("false", "False alarm")],
        string="Found",
        readonly=True,
    )
    defect_count = fields.Integer(string="Defects", readonly=True)
    note = fields.Char(readonly=True)
    done_by = fields.Many2one("res.users", readonly=True)
    done_at = fields.Datetime(string="Inspected again", readonly=True)
    can_record = fields.Boolean(compute="_compute_can_record")

    _once = models.Constraint(
        "UNIQUE (check_id)",
        lambda env, _diag: env._("This sheet is in the sample already."),
    )

    @api.depends("state", "inspector_id")
    @api.depends_context("uid")
    def _compute_can_record(self):
        """Offer the record to the quality head, for sheets of others."""
        is_head = self.env.user.has_group(QUALITY_HEAD)
        for sample in self:
            sample.can_record = (
                is_head
                and sample.state == "proposed"
                and sample.inspector_id != self.env.user
            )

    def _is_final(self):
        """A recorded sample is final."""
        return self.state == "done"

    # === ACTIONS === #

    @arg.typed(result=arg.text, note=arg.text, defects=arg.integer)
    def record_result(self, result, note=False, defects=1):
        """Record what the second look showed.

        :param str result: ``right``, ``missed`` or ``false``
        :param str note: what was found; mandatory unless right
        :param int defects: how many points were missed or wrongly reported
        :raises AccessError: if the user is no quality head
        :raises UserError: if it is recorded, one's own sheet, does not fit the
            sheet's result, or the note is missing
        """
        self.ensure_one()
        self.env["dealer.repair.order"]._ensure_role((QUALITY_HEAD,))
        self.check_access("read")
        if missing := self._get_refusal(result, note, defects):
            raise UserError(missing)
        # Quality heads record results and nothing else.
        sample_sudo = self.sudo()
        sample_sudo.write(
            {
                "state": "done",
                "result": result,
                "note": (note or "").strip() or False,
                "defect_count": 0 if result == "right" else defects,
                "done_by": self.env.uid,
                "done_at": fields.Datetime.now(),
            }
        )
        return True

    def action_right(self):
        """Record with one tap that the inspection was right."""
        return self.record_result("right")

    def action_open_record(self):
        """Ask what was found."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Sample inspection"),
            "res_model": "dealer.inspection.sample.record",
            "view_mode": "form",
            "target": "new",
            "context": {"default_sample_id": self.id},
        }

    def _get_refusal(self, result, note, defects):
        """Say why a result cannot be recorded, or return False."""
        self.ensure_one()
        if self.state == "done":
            return self.env._("This sample is recorded already.")
        if self.inspector_id == self.env.user:
            return self.env._("You signed this sheet; somebody else looks again.")
        if result not in dict(self._fields["result"].selection):
            return self.env._("Found: choose right, missed or false.")
        fitting = {"pass": ("right", "missed"), "fail": ("right", "false")}
        if result not in fitting[self.check_id.result]:
            return self.env._(
                "Found: a passed sheet can have missed something, a failed one can be "
                "a false alarm."
            )
        if result != "right" and (not (note or "").strip() or defects < 1):
            return self.env._("Note: say what was found, and how many points.")
        return False

    # === PROPOSAL === #

    @api.model
    def _cron_propose(self):
        """Top the samples of the running month up, in every store; idempotent."""
        evaluations = self.env["dealer.inspector.evaluation"]
        for company in self.env["res.company"].search([]):
            today = company._dealer_today()
            start, stop = evaluations._get_period(company, today)
            self._propose(company, start, stop)

    @api.model
    def _propose(self, company, start, stop):
        """Propose sheets at random until each inspector has the store's part.

        :param company: a `res.company`
        :param datetime start: first moment of the month, UTC
        :param datetime stop: first moment after it, UTC
        :return: the new samples
        """
        checks = self.env["dealer.quality.check"].search(
            [
                ("company_id", "=", company.id),
                ("stage", "in", INSPECTED_STAGES),
                ("finished_at", ">=", start),
                ("finished_at", "<", stop),
                ("inspector_id", "!=", False),
            ]
        )
        taken = self.search([("check_id", "in", checks.ids)]).check_id
        size = self.env["dealer.inspector.evaluation"]._get_sample_size
        chosen = []
        for mine in checks.grouped("inspector_id").values():
            wanted = size(company, len(mine)) - len(mine & taken)
            free = list(mine - taken)
            random.shuffle(free)
            free.sort(key=lambda check: check.order_id.state not in HERE_STATES)
            chosen += free[: max(wanted, 0)]
        return self.create([{"check_id": check.id} for check in chosen])
