from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

FULL = 100.0
# What everybody earned is settled with the visit.
CLOSED_STATES = ("settled", "delivered", "left", "cancelled")


class DealerJobShare(models.Model):
    """A helper's share of a job; the main technician has the rest (R4, F08).

    Shares are percent of the billed hours and never sum to more than 100. While a
    job is planned, its helpers are reserved as its main technician is.
    """

    _name = "dealer.job.share"
    _description = "Share of a helper"
    _order = "job_id, id"
    _check_company_auto = True

    job_id = fields.Many2one(
        "dealer.repair.job", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="job_id.company_id", store=True, index=True)
    employee_id = fields.Many2one(
        "hr.employee",
        string="Helper",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
    )
    share = fields.Float(
        string="Share (%)", digits=(5, 2), required=True, help="Percent of the job."
    )

    _share_between = models.Constraint(
        "CHECK (share > 0 AND share <= 100)",
        lambda env, _diag: env._("Share: enter a percentage above 0 and up to 100."),
    )
    _helper_once = models.UniqueIndex(
        "(job_id, employee_id)",
        lambda env, _diag: env._("This helper has a share of the job already."),
    )

    @api.constrains("share", "job_id", "employee_id")
    def _check_shares(self):
        """All helpers together have 100 % at most; the main technician is none."""
        # One helper must not slip in while another is added.
        self.job_id.order_id._lock()
        for job in self.job_id.sudo():
            total = sum(job.share_ids.mapped("share"))
            if total > FULL:
                raise ValidationError(
                    self.env._(
                        "%(job)s: the helpers have %(total)g %% together; 100 %% is "
                        "the most.",
                        job=job.name,
                        total=total,
                    )
                )
            if job.main_technician_id in job.share_ids.employee_id:
                raise ValidationError(
                    self.env._(
                        "%(technician)s is the main technician and has the rest of "
                        "the job; choose somebody else as the helper.",
                        technician=job.main_technician_id.name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        """Share only what is not settled yet."""
        shares = super().create(vals_list)
        shares._ensure_open()
        shares.job_id._book_helpers()
        return shares

    def write(self, vals):
        """Share only what is not settled yet."""
        self._ensure_open()
        result = super().write(vals)
        self._ensure_open()
        self.job_id._book_helpers()
        return result

    def unlink(self):
        """Free the time of helpers who are not needed any more."""
        jobs = self.job_id
        result = super().unlink()
        jobs._book_helpers()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_settled(self):
        """Keep what was settled."""
        self._ensure_open()

    def _ensure_open(self):
        """Refuse to change the shares of a visit that is settled.

        :raises UserError: naming the visit
        """
        # The store's planners may not read all of every visit.
        for order_sudo in self.sudo().job_id.order_id:
            if order_sudo.state in CLOSED_STATES:
                raise UserError(
                    self.env._(
                        "%(order)s is settled or closed; the shares of its jobs stay.",
                        order=order_sudo.name,
                    )
                )
