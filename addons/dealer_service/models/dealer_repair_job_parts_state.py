from odoo import api, fields, models

from ..const import JOB_APPROVED_STATES, PARTS_MISSING_STATES, PARTS_STATES, TO_RESUME
from .dealer_repair_job_parts import PARTS_KEEPER


class DealerRepairJob(models.Model):
    """Where the parts of a job are: on the shelf, issued, or on their way (F08, F10).

    - ``parts_state`` follows the stock by itself, whoever moves it.
    - A requisition opens by itself when the customer approves parts; the technician
      asks for nothing that was sold.
    """

    _inherit = "dealer.repair.job"

    requisition_ids = fields.One2many(
        "dealer.parts.requisition", "job_id", string="Parts requisitions"
    )
    parts_state = fields.Selection(
        PARTS_STATES,
        string="Parts",
        compute="_compute_parts_state",
        store=True,
        index=True,
        help="Read from the stock: whether the parts of the job are on the shelf, "
        "issued, or still to come.",
    )
    parts_expected_on = fields.Date(
        string="Parts expected on",
        compute="_compute_parts_expected_on",
        help="When the last missing part arrives: by the orders under way, else as "
        "the supplier told. Empty while nobody knows.",
    )
    parts_missing_text = fields.Char(
        string="Missing parts", compute="_compute_parts_expected_on"
    )
    parts_arrived = fields.Boolean(
        string="Parts have arrived",
        compute="_compute_parts_arrived",
        help="The job was paused for parts; they are on the shelf now.",
    )

    # === COMPUTE METHODS === #

    @api.depends(
        "state",
        "line_ids.kind",
        "line_ids.part_origin",
        "line_ids.quantity",
        "line_ids.sale_line_ids.product_uom_qty",
        "line_ids.sale_line_ids.qty_delivered",
        "line_ids.sale_line_ids.move_ids.state",
        "line_ids.sale_line_ids.move_ids.quantity",
    )
    def _compute_parts_state(self):
        """Sum up the parts of each approved job."""
        for job in self:
            job.parts_state = job._read_parts_state()

    def _read_parts_state(self):
        """Return the key of `PARTS_STATES` that fits the job, elevated."""
        parts = self.line_ids.filtered(lambda line: line._is_stock_part())
        if self.state not in JOB_APPROVED_STATES or not parts.sale_line_ids:
            return "none"
        figures = [
            figure for figure in parts._get_part_figures().values() if figure.sold
        ]
        if not figures:
            return "none"
        if not any(figure.open for figure in figures):
            return "issued"
        if not any(figure.missing for figure in figures):
            return "ready"
        return "partial" if any(f.reserved for f in figures) else "waiting"

    @api.depends("parts_state", "requisition_ids.line_ids.promised_on")
    def _compute_parts_expected_on(self):
        """Name what is missing and when it comes; asks the stock for these only."""
        waiting = self.filtered(lambda job: job.parts_state in PARTS_MISSING_STATES)
        (self - waiting).parts_expected_on = False
        (self - waiting).parts_missing_text = False
        # Workshop roles do not read the stock, only what is missing and until when.
        lines_sudo = waiting.sudo().requisition_ids.line_ids
        lines_sudo.filtered("quantity_missing").mapped("expected_on")
        for job, job_sudo in zip(waiting, waiting.sudo(), strict=True):
            missing = job_sudo.requisition_ids.line_ids.filtered("quantity_missing")
            dates = missing.mapped("expected_on")
            job.parts_expected_on = max(dates) if dates and all(dates) else False
            job.parts_missing_text = missing._format_quantities("quantity_missing")

    @api.depends("state", "pause_reason", "parts_state")
    def _compute_parts_arrived(self):
        for job in self:
            job.parts_arrived = (
                job.state == "paused"
                and job.pause_reason in ("parts", TO_RESUME)
                and job.parts_state in ("ready", "issued")
            )

    # === REQUISITIONS === #

    def _write_sale_lines(self):
        """Extend to open the requisitions of what was just sold (F10)."""
        result = super()._write_sale_lines()
        self._open_requisitions()
        return result

    def _open_requisitions(self):
        """Give each job with parts its one requisition, with all its part lines.

        A job approved again after a change keeps its requisition.
        """
        jobs_sudo = self.sudo().filtered(
            lambda job: any(line.kind == "part" for line in job.line_ids)
        )
        # Nobody opens a requisition by hand: the approval does.
        requisitions_sudo = self.env["dealer.parts.requisition"].sudo()
        requisitions_sudo.create(
            [
                {"job_id": job.id, "company_id": job.company_id.id}
                for job in jobs_sudo
                if not job.requisition_ids
            ]
        )
        jobs_sudo.requisition_ids._add_missing_lines()
        jobs_sudo.requisition_ids._watch_parts()

    def action_open_requisition(self):
        """Open the requisition of the job (F10)."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Parts"),
            "res_model": "dealer.parts.requisition",
            "view_mode": "form",
            "res_id": self.requisition_ids[:1].id,
        }

    @api.model
    def _is_parts_keeper(self):
        """Tell whether the user hands out parts."""
        return self.env.su or self.env.user.has_group(PARTS_KEEPER)
