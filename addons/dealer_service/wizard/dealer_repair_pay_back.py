from odoo import api, fields, models

from ..const import PAYERS


class DealerRepairPayBack(models.TransientModel):
    """Pay back what was paid for parts that came back (B6)."""

    _name = "dealer.repair.pay.back"
    _description = "Pay back"

    order_id = fields.Many2one("dealer.repair.order", required=True, readonly=True)
    company_id = fields.Many2one(related="order_id.company_id")
    payer = fields.Selection(PAYERS, default="customer", required=True)
    journal_id = fields.Many2one(
        "account.journal",
        string="Paid from",
        required=True,
        compute="_compute_journal_id",
        store=True,
        readonly=False,
        domain="[('company_id', '=', company_id), ('type', 'in', ('cash', 'bank'))]",
    )

    @api.depends("company_id")
    def _compute_journal_id(self):
        """Propose the store's till."""
        for wizard in self:
            wizard.journal_id = self.env["account.journal"].search(
                [
                    ("company_id", "=", wizard.company_id.id),
                    ("type", "in", ("cash", "bank")),
                ],
                order="type desc, sequence, id",
                limit=1,
            )

    def action_confirm(self):
        """Pay back.

        :raises UserError: as `dealer.repair.order.pay_back`
        """
        self.ensure_one()
        self.order_id.pay_back(self.journal_id.id, self.payer)
        return {"type": "ir.actions.act_window_close"}
