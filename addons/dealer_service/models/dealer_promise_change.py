from odoo import fields, models


class DealerPromiseChange(models.Model):
    """A promise that was changed: from when to when, why, and by whom (C5, C8).

    Written once: by `dealer.repair.order.change_promise`, or when the customer
    approves more work that makes the car ready later (C7).
    """

    _name = "dealer.promise.change"
    _inherit = ["dealer.write.once.mixin"]
    _description = "Change of a promise"
    _order = "id desc"
    _rec_name = "order_id"

    order_id = fields.Many2one(
        "dealer.repair.order", required=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(
        "res.company", string="Store", required=True, index=True
    )
    old_promise = fields.Datetime(string="Promised before", help="UTC.")
    new_promise = fields.Datetime(string="Promised now", required=True, help="UTC.")
    reason = fields.Char(required=True)
    is_override = fields.Boolean(
        string="Against the capacity",
        help="The supervisor stands in for a time that the workshop could not keep "
        "by its bays, technicians and parts.",
    )
    user_id = fields.Many2one("res.users", string="Changed by", required=True)
    changed_at = fields.Datetime(string="Changed on", required=True, help="UTC.")
