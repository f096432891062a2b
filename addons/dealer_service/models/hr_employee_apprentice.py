from odoo import api, fields, models
from odoo.exceptions import UserError


class HrEmployee(models.Model):
    """Apprentices work supervised only (R6)."""

    _inherit = "hr.employee"

    dealer_is_apprentice = fields.Boolean(
        string="Apprentice",
        tracking=True,
        help="Works beside somebody only: the own clock starts on a job when the "
        "clock of a trained technician runs there.",
    )


class HrEmployeePublic(models.Model):
    _inherit = "hr.employee.public"

    dealer_is_apprentice = fields.Boolean(related="employee_id.dealer_is_apprentice")


class DealerWorkLog(models.Model):
    """No apprentice starts alone."""

    _inherit = "dealer.work.log"

    @api.model
    def _start_clock(self, job, employee):
        """Extend to refuse an apprentice whom nobody supervises on the job.

        :raises UserError: naming the way out
        """
        if employee.dealer_is_apprentice and not self._get_supervisors(job):
            raise UserError(
                self.env._(
                    "%(name)s is an apprentice and works supervised: a trained "
                    "technician starts the clock on %(job)s first.",
                    name=employee.name,
                    job=job._get_workshop_name(),
                )
            )
        return super()._start_clock(job, employee)

    @api.model
    def _get_supervisors(self, job):
        """Return the trained technicians whose clock runs on a job.

        :rtype: `hr.employee`
        """
        running = self.search([("job_id", "=", job.id), ("stop", "=", False)])
        return running.employee_id.filtered(lambda one: not one.dealer_is_apprentice)
