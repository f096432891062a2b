from odoo import api, fields, models


class DealerInspectionSampleRecord(models.TransientModel):
    """Ask what a sample inspection showed."""

    _name = "dealer.inspection.sample.record"
    _description = "Record a sample inspection"

    sample_id = fields.Many2one("dealer.inspection.sample", required=True)
    check_result = fields.Selection(related="sample_id.check_result")
    result = fields.Selection(
        [("right", "Right"), ("missed", "Missed"), ("false", "False alarm")],
        string="Found",
        compute="_compute_result",
        store=True,
        readonly=False,
        required=True,
    )
    defects = fields.Integer(default=1)
    note = fields.Char(string="What was found")

    @api.depends("sample_id")
    def _compute_result(self):
        """Propose the wrong that a sheet can have."""
        for record in self:
            passed = record.sample_id.check_id.result == "pass"
            record.result = "missed" if passed else "false"

    def action_confirm(self):
        """Pass it on to the sample."""
        self.ensure_one()
        self.sample_id.record_result(self.result, self.note, self.defects)
        return {"type": "ir.actions.client", "tag": "soft_reload"}
