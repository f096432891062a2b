from odoo import api, fields, models


class DealerRepairJob(models.Model):
    """The trades that a job needs, and the team it was given to (R2, R3)."""

    _inherit = "dealer.repair.job"

    team_id = fields.Many2one(
        "dealer.team",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        copy=False,
    )
    skill_ids = fields.Many2many(
        "dealer.skill",
        string="Skills",
        compute="_compute_skill_ids",
        help="Trades that the labour of the job needs.",
    )

    @api.depends("line_ids.kind", "line_ids.product_id")
    def _compute_skill_ids(self):
        """Read the trades off the labour lines; one query for all."""
        for job in self:
            # Technicians need not read products to know their trade.
            lines_sudo = job.sudo().line_ids.filtered(
                lambda line: line.kind == "labour"
            )
            job.skill_ids = lines_sudo.product_id.dealer_skill_id.sudo(False)

    def _get_skill_hours(self):
        """Return the hours that are left of a job, by skill, in order of the lines.

        The planned hours are shared out as the labour lines are; what was clocked is
        done first.

        :return: list of ``(skill id or False, hours)``
        :rtype: list
        """
        self.ensure_one()
        job_sudo = self.sudo()
        lines = {}
        for line in job_sudo.line_ids:
            if line.kind == "labour":
                skill = line.product_id.dealer_skill_id.id
                lines[skill] = lines.get(skill, 0) + line.quantity
        billed = sum(lines.values())
        planned = job_sudo.planned_hours
        if not billed:
            lines, billed = {False: planned}, planned
        if not billed:
            return []
        done = min(job_sudo.clocked_hours, planned)
        result = []
        for skill, quantity in lines.items():
            hours = planned * quantity / billed
            worked = min(done, hours)
            done -= worked
            if hours - worked > 0:
                result.append((skill, hours - worked))
        return result
