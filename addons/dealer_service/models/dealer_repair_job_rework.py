from odoo import api, fields, models

from ..utils import as_step


class DealerRepairJob(models.Model):
    """What a job that is done again leaves behind (F12)."""

    _inherit = "dealer.repair.job"

    rework_ids = fields.One2many("dealer.rework", "job_id", string="Rework orders")

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        """Extend to open the rework order of a come-back."""
        jobs = super().create(vals_list)
        if comebacks := jobs.filtered("guarantee_id"):
            comebacks._receive_comebacks()
        return jobs

    def write(self, vals):
        """Extend to open or withdraw the rework order with the guarantee."""
        result = super().write(vals)
        if "guarantee_id" in vals:
            with_guarantee = self.filtered("guarantee_id")
            with_guarantee._receive_comebacks()
            (self - with_guarantee)._withdraw_comebacks()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_comebacks(self):
        """Take the rework order of a draft that was never offered with it."""
        # Only drafts come here; the record of a mistake goes with the mistake.
        rework_sudo = self.env["dealer.rework"].sudo()
        rework_sudo = rework_sudo.search([("job_id", "in", self.ids)])
        as_step(rework_sudo).unlink()

    def _update_state(self, target, vals=None):
        """Extend: where free work begins, the fault is ours."""
        result = super()._update_state(target, vals)
        if target == "in_progress":
            # Technicians start the clock; they write no rework orders.
            rework_sudo = self.sudo().rework_ids
            rework_sudo.filtered(lambda rework: rework.state == "open")._decide_ours()
        return result

    # === COME-BACKS === #

    def _receive_comebacks(self):
        """Open the rework orders; the technician of the first repair receives it."""
        reworks = self.env["dealer.rework"]._open_comebacks(self)
        for rework in reworks:
            job, first = rework.job_id, rework.original_job_id
            if rework.responsible_id and not job.main_technician_id:
                job.main_technician_id = rework.responsible_id
            if first.team_id.company_id == job.company_id and not job.team_id:
                job.team_id = first.team_id

    def _withdraw_comebacks(self):
        """Withdraw what is no come-back after all."""
        # Advisors take a guarantee off a draft; they write no rework orders.
        rework_sudo = self.sudo().rework_ids.filtered(
            lambda rework: rework.kind == "external" and rework.state == "open"
        )
        rework_sudo.write({"state": "cancelled", "closed_at": fields.Datetime.now()})

    def _get_first_repairs(self):
        """Return the first repair behind each come-back.

        :return: by job of ``self``
        :rtype: dict
        """
        roots = {}
        for job in self:
            root = job.guarantee_id.job_id
            seen = set()
            while root.guarantee_id and root.id not in seen:
                seen.add(root.id)
                root = root.guarantee_id.job_id
            roots[job] = root
        return roots

    # === GUARDS === #

    def _get_missing_for_offer(self):
        """Extend to ask for another repairer from the third attempt on."""
        missing = super()._get_missing_for_offer()
        return missing + self.rework_ids._get_missing_repairer()
