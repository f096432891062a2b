from odoo import fields, models


class AccountMove(models.Model):
    _inherit = "account.move"

    dealer_order_id = fields.Many2one(
        "dealer.repair.order",
        string="Repair order",
        index="btree_not_null",
        readonly=True,
        copy=False,
        ondelete="restrict",
    )

    def _reverse_move_vals(self, default_values, cancel=True):
        """Override of `account` to keep credit notes with the visit."""
        values = super()._reverse_move_vals(default_values, cancel=cancel)
        values["dealer_order_id"] = self.dealer_order_id.id
        return values
