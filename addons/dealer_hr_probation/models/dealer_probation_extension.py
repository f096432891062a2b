from odoo import api, fields, models
from odoo.exceptions import UserError

from ..const import FLOW


class DealerProbationExtension(models.Model):
    """One extension of a probation (D1): how long, why, and who approved it.

    Written by ``dealer.probation.action_extend`` only and never changed after.
    """

    _name = "dealer.probation.extension"
    _description = "Probation extension"
    _order = "id"

    probation_id = fields.Many2one(
        "dealer.probation", required=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(
        related="probation_id.company_id", store=True, precompute=True
    )
    months = fields.Integer(required=True)
    reason = fields.Text(required=True)
    approver_id = fields.Many2one("res.users", string="Approved by", required=True)
    date = fields.Date(string="Approved on", required=True)
    date_end_before = fields.Date(string="Previous end", required=True)

    _months_positive = models.Constraint(
        "CHECK (months > 0)",
        lambda env, _diag: env._("An extension lasts at least one month."),
    )

    @api.model_create_multi
    def create(self, vals_list):
        """Override of `orm` to accept extensions from ``action_extend`` only."""
        if self.env.context.get("dealer_probation_flow") is not FLOW:
            raise UserError(
                self.env._("Use the button Extend on the probation to extend it.")
            )
        return super().create(vals_list)

    def write(self, vals):
        """Override of `orm` to keep approved extensions as they are."""
        if vals:
            raise UserError(self.env._("An approved extension is never changed."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        """Refuse to delete an approved extension."""
        raise UserError(self.env._("An approved extension is never deleted."))
