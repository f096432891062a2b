from odoo import fields, models


class FleetVehicleModel(models.Model):
    _inherit = "fleet.vehicle.model"

    # Core's default calls every model electric, whose packages hold no oil.
    default_fuel_type = fields.Selection(default=False)
