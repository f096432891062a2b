from odoo import fields, models


class DealerCertificateVoid(models.Model):
    """Why a certificate is void, who said so and when; never changed."""

    _name = "dealer.certificate.void"
    _description = "Voided certificate"
    _inherit = ["dealer.write.once.mixin"]
    _rec_name = "reason"

    certificate_id = fields.Many2one(
        "dealer.certificate", required=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(
        related="certificate_id.company_id", store=True, precompute=True, index=True
    )
    reason = fields.Char(required=True)
    voided_by = fields.Many2one(
        "res.users",
        required=True,
        default=lambda self: self.env.user,
        ondelete="restrict",
    )
    voided_at = fields.Datetime(
        string="Voided", required=True, default=fields.Datetime.now
    )

    _once = models.Constraint(
        "UNIQUE (certificate_id)",
        lambda env, _diag: env._("This certificate is void already."),
    )
