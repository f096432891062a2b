from odoo import api, fields, models


class DealerDiagnosisExplain(models.TransientModel):
    """To whom the diagnosis was explained; that closes the sheet (C2)."""

    _name = "dealer.diagnosis.explain"
    _description = "Diagnosis explained to the customer"

    order_id = fields.Many2one("dealer.repair.order", required=True, readonly=True)
    findings = fields.Text(related="order_id.findings")
    cause = fields.Text(related="order_id.cause")
    advice = fields.Text(related="order_id.advice")
    signer = fields.Char(
        string="Explained to",
        compute="_compute_signer",
        store=True,
        readonly=False,
        required=True,
    )

    @api.depends("order_id")
    def _compute_signer(self):
        """Propose who brought the car."""
        for wizard in self:
            wizard.signer = wizard.order_id.sender_name

    def action_confirm(self):
        """Close the sheet.

        :raises UserError: as `dealer.repair.order.acknowledge_diagnosis`
        """
        self.ensure_one()
        self.order_id.acknowledge_diagnosis(self.signer)
        return {"type": "ir.actions.act_window_close"}
