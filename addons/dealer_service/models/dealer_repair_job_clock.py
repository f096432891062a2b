from odoo import api, fields, models
from odoo.exceptions import UserError

from .. import arguments as arg
from ..const import JOB_PAUSES, JOB_WORKABLE_STATES, PAUSE_REASONS, STARTED_STATES
from .dealer_repair_order_flow import TEAM_LEADER

TECHNICIAN = "dealer_service.group_dealer_technician"


class DealerRepairJob(models.Model):
    """The clock of a job: start, pause, finish (C8, F08).

    Technicians clock themselves; team leaders also clock for others. A clock
    starts only on a job the customer approved, in a visit the workshop has taken
    over (C7). Finishing leads to the self-check.
    """

    _inherit = "dealer.repair.job"

    work_log_ids = fields.One2many("dealer.work.log", "job_id", string="Clocked hours")
    running_log_ids = fields.One2many(
        "dealer.work.log",
        "job_id",
        string="Running clocks",
        domain=[("stop", "=", False)],
    )
    clocked_hours = fields.Float(
        string="Clocked hours in total",
        compute="_compute_clocked_hours",
        store=True,
        help="Hours of all stopped clocks, rework included.",
    )
    pause_reason = fields.Selection(
        JOB_PAUSES, string="Pause reason", readonly=True, copy=False
    )
    my_clock_start = fields.Datetime(
        string="My clock runs since", compute="_compute_my_clock"
    )
    can_clock_in = fields.Boolean(compute="_compute_my_clock")
    can_clock_out = fields.Boolean(compute="_compute_my_clock")
    can_finish = fields.Boolean(compute="_compute_my_clock")
    can_peer_check = fields.Boolean(compute="_compute_my_clock")

    # === COMPUTE METHODS === #

    @api.depends("work_log_ids.hours", "work_log_ids.correction_ids")
    def _compute_clocked_hours(self):
        """Sum the logs; one that was corrected counts no more."""
        for job in self:
            logs = job.work_log_ids.filtered(lambda log: not log.correction_ids)
            job.clocked_hours = sum(logs.mapped("hours"))

    @api.depends("state", "order_id.state", "work_log_ids.stop")
    @api.depends_context("uid")
    def _compute_my_clock(self):
        """Tell what the user may press on each job; one query for all."""
        is_technician = self.env.user.has_group(TECHNICIAN)
        is_leader = self.env.user.has_group(TEAM_LEADER)
        my_logs = self._get_my_logs().grouped("job_id")
        for job in self:
            logs = my_logs.get(job.sudo(), self.env["dealer.work.log"])
            running = logs.filtered(lambda log: not log.stop)[:1]
            job.my_clock_start = running.start
            job.can_clock_out = bool(running)
            job.can_clock_in = (
                is_technician and not running and not job._get_clock_in_refusal()
            )
            job.can_finish = bool(logs) and job.state in STARTED_STATES
            job.can_peer_check = is_leader and job.state == "self_checked"

    def _get_my_logs(self):
        """Return the user's own logs on these jobs."""
        logs_sudo = self.env["dealer.work.log"].sudo()
        return logs_sudo.search(
            [("job_id", "in", self.ids), ("employee_id.user_id", "=", self.env.uid)]
        )

    # === ACTIONS === #

    @arg.typed(technician_id=arg.record("hr.employee"))
    def action_clock_in(self, technician_id=False):
        """Start the clock; the job is in progress from now on.

        :param int technician_id: `hr.employee` to clock instead of oneself; team
            leaders only
        :raises AccessError: if the user is not a technician
        :raises UserError: if the job is not approved, the visit is not in progress,
            or the technician's clock runs already
        """
        self.ensure_one()
        employee = self._get_clock_employee(technician_id)
        self.order_id._lock()
        if refusal := self._get_clock_in_refusal():
            raise UserError(refusal)
        # Technicians write logs and jobs through their clock only.
        job_sudo = self.sudo()
        job_sudo.work_log_ids._start_clock(job_sudo, employee)
        if job_sudo.state != "in_progress":
            job_sudo._update_state("in_progress", {"pause_reason": False})
        if not job_sudo.main_technician_id:
            job_sudo.main_technician_id = employee
        return True

    @arg.typed(reason=arg.text, technician_id=arg.record("hr.employee"))
    def action_clock_out(self, reason=False, technician_id=False):
        """Stop the clock; with a reason, the last clock pauses the job.

        :param str reason: key of `PAUSE_REASONS`
        :param int technician_id: `hr.employee` to clock instead of oneself; team
            leaders only
        :raises UserError: if the clock does not run on this job
        """
        self.ensure_one()
        if reason and reason not in dict(PAUSE_REASONS):
            raise UserError(
                self.env._(
                    "Reason: choose one of %(known)s.",
                    known=", ".join(dict(PAUSE_REASONS)),
                )
            )
        employee = self._get_clock_employee(technician_id)
        logs_sudo = self._get_running_logs(employee)
        if not logs_sudo:
            raise UserError(
                self.env._(
                    "The clock of %(technician)s is not running on %(job)s.",
                    technician=employee.name,
                    job=self._get_workshop_name(),
                )
            )
        logs_sudo._stop_clock(reason)
        job_sudo = self.sudo()
        is_idle = all(job_sudo.work_log_ids.mapped("stop"))
        if reason and is_idle and job_sudo.state == "in_progress":
            job_sudo._update_state("paused", {"pause_reason": reason})
        return True

    def action_pause(self):
        """Ask for the reason of a pause."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Pause"),
            "res_model": "dealer.work.log.pause",
            "view_mode": "form",
            "target": "new",
            "context": {"default_job_id": self.id},
        }

    def action_finish(self):
        """Stop one's own clock and open the self-check.

        The job becomes self-checked when that check is finished and passed.

        :raises UserError: if the job is not in progress, or the user never worked
            on it
        :return: action that opens the check
        :rtype: dict
        """
        self.ensure_one()
        employee = self._get_clock_employee()
        if self.state not in STARTED_STATES:
            raise UserError(
                self.env._(
                    "%(job)s is not in progress; there is nothing to finish.",
                    job=self._get_workshop_name(),
                )
            )
        self._get_running_logs(employee)._stop_clock()
        return self._open_check("self")

    def action_peer_check(self):
        """Open the peer check of a self-checked job.

        :raises UserError: if the user is no team leader or did the self-check
        :return: action that opens the check
        :rtype: dict
        """
        self.ensure_one()
        return self._open_check("peer")

    # === TOOLING === #

    def _open_check(self, stage):
        """Start a check of this job and return the action that opens it."""
        check_id = self.env["dealer.quality.check"].start(
            self.order_id.id, stage, self.id
        )
        return {
            "type": "ir.actions.act_window",
            "res_model": "dealer.quality.check",
            "view_mode": "form",
            "res_id": check_id,
        }

    def _get_clock_in_refusal(self):
        """Say why no clock may start on this job, or return False."""
        self.ensure_one()
        if self.state not in JOB_WORKABLE_STATES:
            return self._get_unworkable_message()
        order_sudo = self.order_id.sudo()
        if order_sudo.state == "in_progress":
            return False
        states = dict(order_sudo._fields["state"]._description_selection(self.env))
        return self.env._(
            "%(order)s is “%(state)s”; clocks run only while the workshop has the car.",
            order=order_sudo.display_name,
            state=states[order_sudo.state],
        )

    def _get_clock_employee(self, technician_id=False):
        """Return whose clock it is.

        :param int technician_id: somebody else; team leaders only
        :raises AccessError: if the user is not a technician, or names somebody
            else without being a team leader
        :raises UserError: if the user, or the other one, is not employed in the
            store of the job
        :return: a single `hr.employee`
        """
        self.ensure_one()
        self.check_access("read")
        self.order_id._ensure_role((TECHNICIAN,))
        # Technicians know no more of employees than the public profile.
        employees_sudo = self.env["hr.employee"].sudo()
        own_sudo = employees_sudo.search(
            [
                ("user_id", "=", self.env.uid),
                ("company_id", "=", self.company_id.id),
            ],
            limit=1,
        )
        if technician_id and technician_id != own_sudo.id:
            self.order_id._ensure_role((TEAM_LEADER,))
            own_sudo = employees_sudo.browse(technician_id).exists()
            if own_sudo.company_id != self.company_id:
                own_sudo = employees_sudo
        if not own_sudo:
            raise UserError(
                self.env._(
                    "There is no employee for this clock in %(store)s. Ask HR to "
                    "link the user to an employee of the store.",
                    store=self.company_id.sudo().name,
                )
            )
        return own_sudo

    def _get_running_logs(self, employee):
        """Return the running log of a technician on this job, elevated."""
        logs_sudo = self.env["dealer.work.log"].sudo()
        return logs_sudo.search(
            [
                ("job_id", "=", self.id),
                ("employee_id", "=", employee.id),
                ("stop", "=", False),
            ]
        )
