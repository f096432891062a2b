from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_list

from ..const import ORDER_TRANSITIONS
from ..utils import as_step, join_sentences

ADVISOR = "dealer_service.group_dealer_advisor"
DISPATCHER = "dealer_service.group_dealer_dispatcher"
INSPECTOR = "dealer_service.group_dealer_inspector"
SETTLEMENT = "dealer_service.group_dealer_settlement"
SUPERVISOR = "dealer_service.group_dealer_supervisor"
TEAM_LEADER = "dealer_service.group_dealer_team_leader"

# Who may take each step; any of the groups will do.
VERB_GROUPS = {
    "arrive": (ADVISOR,),
    "start_diagnosis": (ADVISOR,),
    "offer": (ADVISOR,),
    "accept": (ADVISOR,),
    "start_work": (DISPATCHER, TEAM_LEADER),
    "request_inspection": (TEAM_LEADER, DISPATCHER),
    "reopen_work": (INSPECTOR,),
    "ready": (ADVISOR, INSPECTOR),
    "settle": (SETTLEMENT,),
    "deliver": (ADVISOR,),
    "leave": (ADVISOR,),
    "cancel": (ADVISOR,),
}
# The time stamp that each step leaves on the visit.
VERB_STAMPS = {
    "accept": "accepted_at",
    "start_work": "started_at",
    "ready": "ready_at",
    "settle": "settled_at",
    "deliver": "delivered_at",
    "leave": "closed_at",
    "cancel": "closed_at",
}


class DealerRepairOrder(models.Model):
    """The steps of a visit: one guard, one way to change the state (B0).

    ``can_<verb>`` tells whether state and role allow a step and feeds the buttons;
    ``missing`` lists in words what the next step still needs; ``action_<verb>``
    asks the same questions again and moves the visit.
    """

    _inherit = "dealer.repair.order"

    can_arrive = fields.Boolean(compute="_compute_can")
    can_start_diagnosis = fields.Boolean(compute="_compute_can")
    can_offer = fields.Boolean(compute="_compute_can")
    can_accept = fields.Boolean(compute="_compute_can")
    can_start_work = fields.Boolean(compute="_compute_can")
    can_request_inspection = fields.Boolean(compute="_compute_can")
    can_ready = fields.Boolean(compute="_compute_can")
    can_settle = fields.Boolean(compute="_compute_can")
    can_deliver = fields.Boolean(compute="_compute_can")
    can_leave = fields.Boolean(compute="_compute_can")
    can_cancel = fields.Boolean(compute="_compute_can")
    missing = fields.Text(
        string="Still needed",
        compute="_compute_missing",
        help="What the next step of this visit still needs.",
    )

    # === COMPUTE METHODS === #

    @api.depends("state")
    @api.depends_context("uid")
    def _compute_can(self):
        """Show a step where the state and the user's role allow it."""
        allowed = {
            verb: self.env.su or any(self.env.user.has_group(g) for g in groups)
            for verb, groups in VERB_GROUPS.items()
        }
        for order in self:
            for verb, (sources, _target) in ORDER_TRANSITIONS.items():
                if f"can_{verb}" in self._fields:
                    order[f"can_{verb}"] = allowed[verb] and order.state in sources

    @api.depends(
        "state",
        "job_ids.state",
        "job_ids.line_ids",
        "mileage",
        "fuel_percent",
        "walkround_done",
        "belongings_none",
        "item_ids.is_present",
        "item_ids.condition",
        "item_ids.returned",
        "papers_listed",
        "intake_signature",
        "intake_signed_by",
        "findings",
        "cause",
        "promised_at",
        "prep_washed",
        "prep_cleaned",
        "prep_settings",
        "prep_old_parts",
        "joint_inspection",
        "belongings_returned",
        "old_parts_result",
        "delivery_signature",
        "delivery_signed_by",
    )
    def _compute_missing(self):
        """List what the next step of each visit still needs."""
        forward = {}
        for verb, (sources, _target) in ORDER_TRANSITIONS.items():
            if verb not in ("leave", "cancel", "reopen_work"):
                for state in sources:
                    forward[state] = verb
        for order in self:
            verb = forward.get(order.state)
            # Parts keepers read visits, but not the clocks that hold them up.
            order_sudo = order.sudo()
            sentences = order_sudo._get_missing(verb) if verb and order.id else []
            order.missing = join_sentences(sentences)

    # === GUARDS === #

    def _get_missing(self, verb):
        """Return what a step still needs, as sentences.

        Bridges add a condition by overriding ``_get_missing_for_<verb>``.

        :param str verb: a key of `const.ORDER_TRANSITIONS`
        :rtype: list
        """
        self.ensure_one()
        return getattr(self, f"_get_missing_for_{verb}", list)()

    def _ensure_role(self, groups):
        """Refuse somebody whose role does not take this step.

        :raises AccessError: naming the roles that do
        """
        if self.env.su or any(self.env.user.has_group(group) for group in groups):
            return
        roles = [self.env.ref(group).sudo().name for group in groups]
        raise AccessError(
            self.env._(
                "This step is for: %(roles)s. Ask one of them.",
                roles=format_list(self.env, roles),
            )
        )

    def _ensure_can(self, verb):
        """Refuse a step that role, state or a missing thing forbids.

        :param str verb: a key of `const.ORDER_TRANSITIONS`
        :raises AccessError: if the user's role does not take this step
        :raises UserError: if the state forbids it or something is missing
        """
        self._ensure_reachable(verb)
        for order in self:
            if missing := order._get_missing(verb):
                raise UserError(join_sentences(missing))

    def _ensure_reachable(self, verb):
        """Refuse a step that role or state forbids, and take the visits' rows."""
        self._ensure_role(VERB_GROUPS[verb])
        self.check_access("read")
        self._lock()
        sources, target = ORDER_TRANSITIONS[verb]
        states = dict(self._fields["state"]._description_selection(self.env))
        for order in self:
            if order.state not in sources:
                raise UserError(
                    order.env._(
                        "%(order)s is “%(state)s”; “%(target)s” is not its next "
                        "step. Reload the page to see where it is.",
                        order=order.name,
                        state=states[order.state],
                        target=states[target],
                    )
                )

    def _update_state(self, verb, vals=None):
        """Move visits through one transition, after the caller's guard.

        :param str verb: a key of `const.ORDER_TRANSITIONS`
        :param dict vals: further values to write with it
        """
        sources, target = ORDER_TRANSITIONS[verb]
        if any(order.state not in sources for order in self):
            raise UserError(self.env._("The repair order has moved on meanwhile."))
        values = dict(vals or {}, state=target)
        if stamp := VERB_STAMPS.get(verb):
            values[stamp] = fields.Datetime.now()
        # Workshop and settlement roles move visits that they may not edit.
        order_sudo = as_step(self.sudo())
        order_sudo.write(values)
        getattr(self, f"_action_post_{verb}", lambda: None)()

    def _get_missing_for_start_diagnosis(self):
        """Intake sheet complete, mileage plausible (C6)."""
        progress = self._get_intake_progress().values()
        return [sentence for step in progress for sentence in step["missing"]]

    def _get_missing_for_offer(self):
        """Diagnosis written, every draft job complete, promise in the future."""
        missing = self.diagnosis_id._get_missing_diagnosis()
        if not self.promised_at:
            missing.append(self.env._("Promised for: agree on a delivery time."))
        elif self.promised_at <= fields.Datetime.now():
            missing.append(self.env._("Promised for: the time is already past."))
        if self.company_id.tax_calculation_rounding_method != "round_per_line":
            missing.append(
                self.env._(
                    "Accounting settings of %(store)s: choose “Round per Line” for "
                    "taxes, so that invoices equal to the cent what was approved job "
                    "by job.",
                    store=self.company_id.name,
                )
            )
        jobs = self.job_ids.filtered(lambda job: job.state == "draft")
        if not jobs:
            missing.append(self.env._("Jobs: add at least one job to offer."))
        for job in jobs:
            missing += job._get_missing_for_offer()
        return missing

    def _get_missing_for_accept(self):
        """At least one job approved at its current revision."""
        if self._get_approved_jobs():
            return []
        return [self.env._("Approval: the customer has not approved a job yet.")]

    def _get_missing_for_start_work(self):
        """The car was washed and something is approved (B3)."""
        missing = self._get_missing_for_accept()
        if not self.washed_in:
            missing.append(
                self.env._("Washed before the workshop: wash the car before it enters.")
            )
        return missing

    def _get_missing_for_request_inspection(self):
        """All approved work checked twice, parts issued, no offer open."""
        missing = []
        jobs = self._get_approved_jobs()
        states = dict(jobs._fields["state"]._description_selection(self.env))
        for job in self.job_ids.filtered(lambda j: j.state in ("draft", "offered")):
            missing.append(
                self.env._("%(job)s has no answer from the customer yet.", job=job.name)
            )
        for job in jobs.filtered(lambda j: j.state not in ("peer_checked", "done")):
            missing.append(
                self.env._(
                    "%(job)s is “%(state)s”; self-check and peer check come first.",
                    job=job.name,
                    state=states[job.state],
                )
            )
        for line in jobs._get_open_parts():
            missing.append(
                self.env._(
                    "%(part)s: not issued yet. The parts keeper issues it, or the team "
                    "leader releases it as not needed.",
                    part=line.product_id.display_name,
                )
            )
        for log in jobs.work_log_ids.filtered(lambda log: not log.stop):
            missing.append(
                self.env._(
                    "%(name)s: the clock is still running.", name=log.employee_id.name
                )
            )
        return missing

    def _get_missing_for_ready(self):
        """Final check passed, preparation done (B5, section 3)."""
        missing = []
        final = self.check_ids.filtered(
            lambda check: check.stage == "final" and check.state == "done"
        ).sorted(lambda check: (check.finished_at, check.id))[-1:]
        jobs = self._get_approved_jobs()
        if final.result != "pass" or any(job.state != "done" for job in jobs):
            missing.append(
                self.env._("Final check: an inspector has to pass the work first.")
            )
        return missing + self.delivery_id._get_missing_preparation()

    def _get_missing_for_deliver(self):
        """Joint inspection, belongings, old parts, signature (B7)."""
        return self.delivery_id._get_missing_delivery()

    def _get_missing_for_leave(self):
        """Refuse to let a car leave unrepaired while work is approved."""
        if self._get_approved_jobs():
            return [
                self.env._(
                    "The customer approved work. Cancel the repair order instead."
                )
            ]
        return []

    @api.model
    def _get_verb_groups(self, verb):
        """Return the groups that may take a step."""
        return VERB_GROUPS[verb]
