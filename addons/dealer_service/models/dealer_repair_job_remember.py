from odoo import models


class DealerRepairJob(models.Model):
    """What the customer did not decide is remembered on the car (C7, E4)."""

    _inherit = "dealer.repair.job"

    def _get_findings(self):
        """Return the finding that remembers each job, whatever became of it.

        :rtype: dict of `dealer.vehicle.finding` (elevated) by job
        """
        # Findings of all stores count, the car may have been elsewhere since.
        finding_sudo = self.env["dealer.vehicle.finding"].sudo()
        noted = finding_sudo.search([("job_id", "in", self.ids)], order="id")
        by_job = {finding.job_id.id: finding for finding in noted}
        return {
            job: by_job.get(job.id) or job.finding_id.sudo()
            for job in self
            if job.id in by_job or job.finding_id
        }

    def _remember(self, reason, follow_up_date=False):
        """Note jobs on the car that nobody said yes or no to.

        A job that is remembered already, or takes up what is, is not noted again.

        :param str reason: why it was not done
        :param follow_up_date: when to ask again
        """
        known = self._get_findings()
        noted = {"reason": reason, "follow_up_date": follow_up_date}
        # The file is written by the system; advisors only decide.
        finding_sudo = self.env["dealer.vehicle.finding"].sudo()
        finding_sudo.create(
            [job._prepare_finding_vals(noted) for job in self if job not in known]
        )

    def _withdraw_approval(self):
        """Extend the withdrawal: what the jobs took up is open on the car again."""
        result = super()._withdraw_approval()
        if self:
            self.env["dealer.vehicle.finding"]._reopen_for(self)
        return result
