from odoo import api, fields, models


class DealerRepairConvert(models.TransientModel):
    """The appointment for what the customer did not take up today (B2, C13)."""

    _name = "dealer.repair.convert"
    _description = "Book the open jobs"

    order_id = fields.Many2one("dealer.repair.order", required=True, readonly=True)
    company_id = fields.Many2one(related="order_id.company_id")
    start = fields.Datetime(string="Booked for", required=True)
    bay_id = fields.Many2one(
        "dealer.bay",
        string="Booked bay",
        required=True,
        domain="[('company_id', '=', company_id), ('kind', '!=', 'wash')]",
    )
    hours = fields.Float(string="Bay hours", required=True)
    signer = fields.Char(string="Consent given by", required=True)
    signature = fields.Binary(string="Consent signature")
    job_ids = fields.Many2many(
        "dealer.repair.job", string="Open jobs", compute="_compute_job_ids"
    )
    is_closing = fields.Boolean(compute="_compute_job_ids")

    @api.depends("order_id")
    def _compute_job_ids(self):
        """List what comes along, and tell whether this visit ends with it."""
        for wizard in self:
            order = wizard.order_id
            wizard.job_ids = order._get_open_jobs()
            wizard.is_closing = order._is_estimate_only()

    @api.model
    def default_get(self, fields):
        """Propose the first free slot from tomorrow on."""
        values = super().default_get(fields)
        order = self.env["dealer.repair.order"].browse(values.get("order_id"))
        if order:
            values.update(order.propose_appointment(), signer=order.sender_name)
        return values

    def action_confirm(self):
        """Book the appointment and open it.

        :raises UserError: as `dealer.repair.order.convert_to_appointment`
        """
        self.ensure_one()
        order_id = self.order_id.convert_to_appointment(
            self.start, self.bay_id.id, self.hours, self.signer, self.signature
        )
        orders = self.env["dealer.repair.order"]
        return orders._prepare_open_action(
            orders._name, orders.browse(order_id), self.env._("Appointment")
        )
