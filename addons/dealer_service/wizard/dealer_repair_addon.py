from odoo import fields, models


class DealerRepairAddon(models.TransientModel):
    """What the workshop found while it worked (C7, F09)."""

    _name = "dealer.repair.addon"
    _description = "Add-on"

    order_id = fields.Many2one("dealer.repair.order", required=True, readonly=True)
    name = fields.Char(string="What was found", required=True)
    addon_reason = fields.Char(string="Why it is needed", required=True)
    is_safety = fields.Boolean(string="Safety")
    extra_hours = fields.Float(string="Extra time (h)")
    photo_ids = fields.Many2many("ir.attachment", string="Photos")
    line_ids = fields.One2many("dealer.repair.addon.line", "addon_id", string="Work")

    def action_confirm(self):
        """Raise the add-on; the advisor is asked to call the customer.

        :raises UserError: as `dealer.repair.order.raise_addon`
        """
        self.ensure_one()
        self.order_id.raise_addon(
            {
                "name": self.name,
                "addon_reason": self.addon_reason,
                "is_safety": self.is_safety,
                "extra_hours": self.extra_hours,
                "photo_ids": self.photo_ids.ids,
                "lines": [
                    {"product_id": line.product_id.id, "quantity": line.quantity}
                    for line in self.line_ids
                ],
            }
        )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._(
                    "Sent to %(advisor)s, who asks the customer.",
                    advisor=self.order_id.advisor_id.name,
                ),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }


class DealerRepairAddonLine(models.TransientModel):
    """Labour or a part that an add-on needs; the price list prices it."""

    _name = "dealer.repair.addon.line"
    _description = "Add-on line"

    addon_id = fields.Many2one("dealer.repair.addon", ondelete="cascade", index=True)
    product_id = fields.Many2one(
        "product.product", required=True, domain="[('dealer_kind', '!=', False)]"
    )
    quantity = fields.Float(default=1.0, digits="Product Unit")
