from odoo import fields, models


class DealerCertificateRevoke(models.TransientModel):
    """Ask why a certificate is void, and whether a new one is issued."""

    _name = "dealer.certificate.revoke"
    _description = "Void a certificate"

    certificate_id = fields.Many2one("dealer.certificate", required=True)
    reason = fields.Char(required=True)
    reissue = fields.Boolean(string="Issue a new one now", default=True)

    def action_confirm(self):
        """Void it, and open the new one."""
        self.ensure_one()
        new_id = self.certificate_id.void(self.reason, self.reissue)
        if not new_id:
            return {"type": "ir.actions.client", "tag": "soft_reload"}
        return {
            "type": "ir.actions.act_window",
            "res_model": "dealer.certificate",
            "view_mode": "form",
            "res_id": new_id,
        }
