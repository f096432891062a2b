from datetime import timedelta

from odoo import api, fields, models

from ..const import JOB_WORKABLE_STATES, RISKS
from ..cron import run_each
from ..utils import as_step

# States in which the workshop still owes work.
WORK_STATES = ("accepted", "in_progress")


class DealerRepairOrder(models.Model):
    """Keep promises: ask in time, tell in time (C8, section 3).

    - A job that has used so many percent of its planned hours raises `progress_due`,
      once; asked is the advisor, who tells the customer.
    - A visit that will be late raises `delay_risk` at once; one that is only tight
      when the notice for the owner begins: an hour before the promise, a day for
      major work. Once for each promise.
    """

    _inherit = "dealer.repair.order"

    risk = fields.Selection(
        RISKS,
        compute="_compute_risk",
        search="_search_risk",
        help="Whether the promised time can be kept as things stand.",
    )
    delay_warned_for = fields.Datetime(
        string="Delay reported for",
        readonly=True,
        copy=False,
        help="The promised time whose delay was reported.",
    )

    # === COMPUTE METHODS === #

    @api.depends("state", "promised_at", "job_ids.state", "job_ids.planned_stop")
    def _compute_risk(self):
        risks = self._get_risks()
        for order in self:
            order.risk = risks.get(order.id, "none")

    @api.model
    def _search_risk(self, operator, value):
        """Find open visits by their risk; there are as many as cars in the house."""
        if operator != "in":
            return NotImplemented
        orders = self.search(
            [("state", "in", WORK_STATES), ("promised_at", "!=", False)]
        )
        risks = orders._get_risks().items()
        if "none" in value:
            unwanted = [id_ for id_, risk in risks if risk not in value]
            return [("id", "not in", unwanted)]
        return [("id", "in", [id_ for id_, risk in risks if risk in value])]

    def _get_risks(self):
        """Return the risk of each visit that still owes work, by its id.

        :rtype: dict
        """
        now = fields.Datetime.now()
        # Everybody sees a risk, not everybody the clocks behind it.
        orders_sudo = self.sudo().filtered(
            lambda order: order.promised_at and order.state in WORK_STATES
        )
        jobs = orders_sudo.job_ids.filtered(
            lambda job: job.state in JOB_WORKABLE_STATES
        )
        expected = jobs._get_expected_stops()
        hours = jobs._get_opening_hours(now)
        risks = {}
        for order in orders_sudo:
            stops = [expected[job.id] for job in order.job_ids if job.id in expected]
            if not stops:
                risks[order.id] = "late" if now > order.promised_at else "none"
                continue
            end = max(stops)
            buffer = order.company_id.dealer_promise_buffer_minutes / 60
            ready = hours[order.company_id.id].finish(end, buffer)
            if end > order.promised_at:
                risks[order.id] = "late"
            else:
                tight = not ready or ready > order.promised_at
                risks[order.id] = "soon" if tight else "none"
        return risks

    # === CRON === #

    @api.model
    def _cron_watch_progress(self):
        """Raise what is due: progress to ask for, promises at risk.

        Safe to run again and in parallel: a visit that somebody else holds waits for
        the next run.
        """
        self.env["dealer.repair.job"]._raise_progress_due()
        self._raise_delay_risk()

    @api.model
    def _raise_delay_risk(self):
        """Report the visits whose promise is at risk, once for each promise."""
        orders = self.search(
            [("state", "in", WORK_STATES), ("promised_at", "!=", False)],
            order="promised_at, id",
        ).filtered(lambda order: order.delay_warned_for != order.promised_at)
        risks = orders._get_risks()
        due = orders.filtered(lambda order: order._is_delay_due(risks[order.id]))
        run_each(due, lambda order: order._report_if_late())

    def _report_if_late(self):
        """Report one visit, unless it was finished or promised anew meanwhile."""
        self.ensure_one()
        if self.state not in WORK_STATES or not self.promised_at:
            return
        risk = self._get_risks()[self.id]
        if self.delay_warned_for != self.promised_at and self._is_delay_due(risk):
            self._report_delay(risk)

    def _is_delay_due(self, risk):
        """Tell whether the advisor has to know of the risk by now."""
        self.ensure_one()
        if risk != "soon":
            return risk == "late"
        company = self.company_id
        minutes = (
            company.dealer_notice_major_minutes
            if self.job_ids._is_major()
            else company.dealer_notice_minor_minutes
        )
        return fields.Datetime.now() >= self.promised_at - timedelta(minutes=minutes)

    def _report_delay(self, risk):
        """Report one visit: an event, and a call for the advisor to make."""
        self.ensure_one()
        order = self.with_context(lang=self.advisor_id.lang)
        order._guarded_write({"delay_warned_for": self.promised_at})
        body = (
            order.env._("The work will end after the promised time.")
            if risk == "late"
            else order.env._("The promised time gets tight.")
        )
        order.activity_schedule(
            "dealer_service.mail_activity_type_delay",
            user_id=self.advisor_id.id,
            summary=order.env._("Delay: call the customer"),
            note=body,
        )
        self._raise_event("delay_risk", body, risk=risk)

    # === TOOLING === #

    def _guarded_write(self, vals):
        """Write fields that only the system writes."""
        order_sudo = as_step(self.sudo())
        order_sudo.write(vals)

    def _close_delay_activity(self):
        """Close the call about a delay: the customer was told."""
        self.activity_feedback(["dealer_service.mail_activity_type_delay"])

    def _action_post_request_inspection(self):
        """Extend to close the questions about progress: the work is done."""
        result = super()._action_post_request_inspection()
        # Workshop roles may not touch the advisor's activities.
        order_sudo = self.sudo()
        order_sudo.activity_unlink(["dealer_service.mail_activity_type_progress"])
        return result
