from odoo import api, fields, models


class DealerPartsRequest(models.TransientModel):
    """A technician asks for the parts of a job, by one tap (F10).

    Shows what is on the shelf and what is missing; who cannot go on pauses here.
    """

    _name = "dealer.parts.request"
    _description = "Ask for parts"

    job_id = fields.Many2one("dealer.repair.job", required=True, readonly=True)
    license_plate = fields.Char(related="job_id.license_plate")
    order_id = fields.Many2one(related="job_id.order_id")
    parts_state = fields.Selection(related="job_id.parts_state")
    parts_expected_on = fields.Date(related="job_id.parts_expected_on")
    ready_text = fields.Char(string="On the shelf", compute="_compute_texts")
    missing_text = fields.Char(string="Not on stock", compute="_compute_texts")
    note = fields.Char(string="For the parts keeper")
    is_blocked = fields.Boolean(
        string="I cannot go on without them",
        compute="_compute_is_blocked",
        store=True,
        readonly=False,
        help="Stops your clock; you hear when the parts are here.",
    )
    can_pause = fields.Boolean(related="job_id.can_clock_out")

    @api.depends("job_id")
    def _compute_texts(self):
        """Say what is there and what is not."""
        for wizard in self:
            lines = wizard.job_id.requisition_ids.line_ids
            wizard.ready_text = lines._format_quantities("quantity_reserved")
            wizard.missing_text = lines._format_quantities("quantity_missing")

    @api.depends("job_id")
    def _compute_is_blocked(self):
        """Propose to pause when nothing is on the shelf."""
        for wizard in self:
            job = wizard.job_id
            wizard.is_blocked = job.parts_state == "waiting" and job.can_clock_out

    def action_confirm(self):
        """Ask the parts keeper.

        :raises UserError: as `dealer.repair.job.request_parts`
        """
        self.ensure_one()
        self.job_id.request_parts(note=self.note, is_blocked=self.is_blocked)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._(
                    "The parts keeper knows. You are told when missing parts arrive."
                )
                if self.missing_text
                else self.env._("The parts keeper prepares the parts."),
                "next": {
                    "type": "ir.actions.act_window_close",
                    "infos": {"reload": True},
                },
            },
        }

    def action_addon(self):
        """Go on to an add-on: what was not sold, the customer has to approve (C7)."""
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id(
            "dealer_service.dealer_repair_addon_action"
        )
        return {**action, "context": {"default_order_id": self.order_id.id}}
