from odoo import fields, models

from ..const import PAYERS


class DealerCreditApproval(models.Model):
    """A supervisor lets a payer's balance stay open until a date (B6, arrears).

    Written once; a later approval for the same payer replaces it.
    """

    _name = "dealer.credit.approval"
    _inherit = ["dealer.write.once.mixin"]
    _description = "Credit approval"
    _order = "id desc"
    _rec_name = "order_id"

    order_id = fields.Many2one(
        "dealer.repair.order", required=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one("res.company", required=True, index=True)
    payer = fields.Selection(
        PAYERS, help="In which role the partner pays; a credit holds for this one only."
    )
    partner_id = fields.Many2one("res.partner", string="Invoiced to", required=True)
    currency_id = fields.Many2one("res.currency", required=True)
    amount = fields.Monetary(
        string="Open balance",
        required=True,
        groups="dealer_service.group_dealer_price",
        help="What was open when the credit was approved, in the store's currency.",
    )
    due_date = fields.Date(
        string="Due date", required=True, help="The balance is due on this day."
    )
    reason = fields.Char(required=True)
    user_id = fields.Many2one("res.users", string="Approved by", required=True)
    approved_at = fields.Datetime(string="Approved on", required=True)

    _amount_positive = models.Constraint(
        "CHECK (amount > 0)",
        lambda env, _diag: env._("A credit is approved for a balance above zero."),
    )
