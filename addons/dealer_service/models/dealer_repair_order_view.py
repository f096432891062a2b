from odoo import api, fields, models


class DealerRepairOrder(models.Model):
    """What the form of a visit shows and opens."""

    _inherit = "dealer.repair.order"

    has_open_offers = fields.Boolean(compute="_compute_has_open_offers")
    default_category_id = fields.Many2one(
        "dealer.repair.category", compute="_compute_default_category_id"
    )

    @api.depends("job_ids.state")
    def _compute_has_open_offers(self):
        """Tell whether the customer still has to answer."""
        for order in self:
            order.has_open_offers = any(job.state == "offered" for job in order.job_ids)

    @api.depends("job_ids.category_id")
    def _compute_default_category_id(self):
        """Propose the category of the first job for the next one."""
        for order in self:
            order.default_category_id = order.job_ids[:1].category_id

    def action_open_vehicle(self):
        """Open the file of the car."""
        self.ensure_one()
        return self._prepare_open_action(
            "dealer.vehicle", self.vehicle_id, self.env._("Car file")
        )

    def action_open_checks(self):
        """Open the checks of the visit."""
        self.ensure_one()
        return self._prepare_open_action(
            "dealer.quality.check", self.check_ids, self.env._("Checks"), many=True
        )

    def action_open_sale_orders(self):
        """Open the sale orders behind the visit."""
        self.ensure_one()
        return self._prepare_open_action(
            "sale.order", self.sale_order_ids, self.env._("Sale orders"), many=True
        )

    def action_open_invoices(self):
        """Open the invoices of the visit."""
        self.ensure_one()
        return self._prepare_open_action(
            "account.move", self.invoice_ids, self.env._("Invoices"), many=True
        )

    def _prepare_open_action(self, model, records, name, many=False):
        """Return the action that opens records as a form, or as a list.

        :rtype: dict
        """
        action = {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": model,
        }
        if many:
            return action | {
                "view_mode": "list,form",
                "domain": [("id", "in", records.ids)],
            }
        return action | {"view_mode": "form", "res_id": records.id}
