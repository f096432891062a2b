import psycopg2

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_datetime

from ..const import PAUSE_REASONS


class DealerWorkLog(models.Model):
    """Time of one technician on one job, from clock in to clock out (F08, C8).

    - A technician runs one clock at a time, in all stores together: a partial
      unique index.
    - A stopped clock is final; nobody changes or deletes it.
    - Clocks are started and stopped by the actions of the job only.
    - Time spent on rework is marked; it is work, but nobody is billed for it.
    """

    _name = "dealer.work.log"
    _description = "Work log"
    _inherit = ["dealer.write.once.mixin", "dealer.workshop.notice.mixin"]
    _order = "start desc, id desc"
    _check_company_auto = True
    _write_once_when = "OLD.stop IS NOT NULL"

    job_id = fields.Many2one(
        "dealer.repair.job", required=True, index=True, ondelete="restrict"
    )
    order_id = fields.Many2one(
        "dealer.repair.order",
        string="Visit",
        related="job_id.order_id",
        store=True,
        precompute=True,
        index=True,
    )
    company_id = fields.Many2one(
        "res.company",
        string="Store",
        related="job_id.company_id",
        store=True,
        precompute=True,
        index=True,
    )
    employee_id = fields.Many2one(
        "hr.employee",
        string="Technician",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
    )
    start = fields.Datetime(required=True, default=fields.Datetime.now, help="UTC.")
    stop = fields.Datetime(help="UTC; empty while the clock runs.")
    # Written together with the stop, in one statement: afterwards the row is final.
    hours = fields.Float(readonly=True, help="Hours between start and stop.")
    pause_reason = fields.Selection(PAUSE_REASONS, string="Pause reason")
    is_rework = fields.Boolean(
        string="Rework", help="Work after a failed check; not billed."
    )

    _stop_after_start = models.Constraint(
        "CHECK (stop >= start)",
        lambda env, _diag: env._("A clock cannot stop before it started."),
    )
    _one_running_clock = models.UniqueIndex(
        "(employee_id) WHERE stop IS NULL",
        lambda env, _diag: env._("This technician's clock is running already."),
    )

    @api.depends("job_id", "employee_id")
    def _compute_display_name(self):
        for log in self:
            log.display_name = f"{log.employee_id.name} · {log.job_id.display_name}"

    @api.model_create_multi
    def create(self, vals_list):
        """Compute the hours of logs that are stopped from the start."""
        now = fields.Datetime.now()
        for vals in vals_list:
            if vals.get("stop"):
                vals["hours"] = self._get_hours(vals.get("start") or now, vals["stop"])
        return super().create(vals_list)

    def write(self, vals):
        """Compute the hours in the statement that stops the clock."""
        if not vals.get("stop"):
            return super().write(vals)
        for log in self:
            hours = self._get_hours(vals.get("start") or log.start, vals["stop"])
            super(DealerWorkLog, log).write({**vals, "hours": hours})
        return True

    def _is_final(self):
        """A stopped clock is final."""
        return bool(self.stop)

    @api.model
    def _get_hours(self, start, stop):
        """Return the decimal hours between two UTC times."""
        seconds = fields.Datetime.to_datetime(stop) - fields.Datetime.to_datetime(start)
        return seconds.total_seconds() / 3600

    @api.model
    def _get_running(self, employee):
        """Return the log whose clock runs for a technician, in any store."""
        return self.search(
            [("employee_id", "=", employee.id), ("stop", "=", False)], limit=1
        )

    @api.model
    def _start_clock(self, job, employee):
        """Start the clock of a technician on a job.

        :param job: a single `dealer.repair.job`
        :param employee: a single `hr.employee`
        :return: the running log
        :raises UserError: if the technician's clock runs already, naming the job
        """
        if running := self._get_running(employee):
            raise UserError(running._get_running_message())
        vals = {
            "job_id": job.id,
            "employee_id": employee.id,
            "is_rework": job.is_reworked or job.origin == "comeback",
        }
        try:
            with self.env.cr.savepoint():
                return self.create(vals)
        except psycopg2.errors.UniqueViolation as error:
            raise UserError(self._sql_error_to_message(error)) from error

    def _stop_clock(self, reason=False):
        """Stop these clocks now.

        :param str reason: key of `PAUSE_REASONS`
        """
        vals = {"stop": fields.Datetime.now(), "pause_reason": reason}
        self.filtered(lambda log: not log.stop).write(vals)

    def _get_running_message(self):
        """Say on which job the clock runs."""
        self.ensure_one()
        return self.env._(
            "The clock of %(technician)s runs on %(job)s since %(start)s. Stop it "
            "first.",
            technician=self.employee_id.name,
            job=self.job_id._get_workshop_name(),
            start=format_datetime(self.env, self.start, dt_format="short"),
        )
