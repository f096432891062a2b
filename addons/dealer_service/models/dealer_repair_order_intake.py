from odoo import api, fields, models

# Steps of the guided intake, in the order of the walk around the car.
INTAKE_STEPS = (
    "gate",
    "damage",
    "lamps",
    "belongings",
    "agreed",
    "points",
    "photos",
    "sign",
)


class DealerRepairOrder(models.Model):
    """The guided intake: one walk around the car, step by step (C6, F07)."""

    _inherit = "dealer.repair.order"

    intake_progress = fields.Json(
        compute="_compute_intake_progress",
        help="Per step of the guided intake: the sentences of what it still needs.",
    )
    known_odometer = fields.Integer(
        related="vehicle_id.odometer", string="Last known mileage (km)"
    )
    is_electric = fields.Boolean(compute="_compute_is_electric")

    @api.depends("missing", "mileage_reason")
    def _compute_intake_progress(self):
        """Tell for each step of the guided page what it still needs."""
        for order in self:
            order.intake_progress = order._get_intake_progress()

    @api.depends("vehicle_id.model_id")
    def _compute_is_electric(self):
        """Ask for the state of charge where there is no tank."""
        for order in self:
            fuel = order.vehicle_id.model_id.default_fuel_type
            order.is_electric = fuel == "electric"

    def write(self, vals):
        """Override of this model to seal the sheet as a form saved it, at once.

        The fields of the sheet arrive there one by one, in any order.
        """
        result = super().write(vals)
        if vals.get("intake_signature"):
            self.intake_id._seal()
        return result

    def _get_intake_progress(self):
        """Return what each step of the intake still needs.

        :return: dict by step, in the order of the walk, of
            ``{"missing": [sentences]}``
        :rtype: dict
        """
        self.ensure_one()
        progress = {step: {"missing": []} for step in INTAKE_STEPS}
        for step, fulfilled, sentence in self.intake_id._get_intake_checks():
            if not fulfilled:
                progress[step]["missing"].append(sentence)
        known = self.vehicle_id.odometer
        if self.mileage and self.mileage < known and not self.mileage_reason:
            progress["gate"]["missing"].append(
                self.env._(
                    "Mileage: %(new)s km is below the last known %(known)s km. "
                    "Correct it, or say why it is lower.",
                    new=self.mileage,
                    known=known,
                )
            )
        return progress

    def _sync_belongings_returned(self):
        """Keep the tick of the delivery in step with the lines handed back (B7)."""
        for order in self:
            items = order.item_ids._filtered_to_return()
            done = bool(items) and all(items.mapped("returned"))
            if items and order.belongings_returned != done:
                order.belongings_returned = done

    def action_open_intake(self):
        """Open the guided intake of this visit, on a tablet beside the car.

        :return: the client action
        :rtype: dict
        """
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.actions"]._for_xml_id(
            "dealer_service.dealer_intake_action"
        )
        return dict(
            action,
            context={"active_id": self.id, "active_model": self._name},
        )
