from odoo import fields, models


class ResCompany(models.Model):
    """What a store sets for inspection, rework and inspectors' figures."""

    _inherit = "res.company"

    dealer_labour_cost = fields.Monetary(
        string="Cost of a working hour",
        groups="dealer_service.group_dealer_store_manager,base.group_system",
        help="What an hour of a technician costs the store; rework is valued by it.",
    )
    dealer_road_test_km = fields.Float(
        string="Least road test (km)",
        default=5.0,
        help="A shorter drive does not count.",
    )
    dealer_road_test_route = fields.Char(
        string="Test route",
        default=lambda self: self.env._("Fixed test route"),
        help="Proposed for each road test.",
    )
    dealer_inspection_target = fields.Float(
        string="Inspections per day",
        default=6.0,
        help="Weighted inspections that an inspector is expected to do on a day.",
    )
    dealer_inspection_start_minutes = fields.Integer(
        string="Start within (min)", default=15, help="Minutes from request to start."
    )
    dealer_inspection_minutes_minor = fields.Integer(
        string="Minor and maintenance (min)", default=30
    )
    dealer_inspection_minutes_level2 = fields.Integer(
        string="Level 2 (min)", default=60
    )
    dealer_inspection_minutes_major = fields.Integer(
        string="Overhaul (min)", default=120
    )
    dealer_weight_intake = fields.Float(string="Intake inspection", default=0.5)
    dealer_weight_process = fields.Float(string="Process inspection", default=1.0)
    dealer_weight_minor = fields.Float(string="Final: minor, level 1", default=1.0)
    dealer_weight_level2 = fields.Float(string="Final: level 2", default=2.0)
    dealer_weight_assembly = fields.Float(string="Final: assembly", default=3.0)
    dealer_weight_complete = fields.Float(string="Final: complete", default=4.0)
    dealer_weight_road_test = fields.Float(string="Road test adds", default=0.5)
    dealer_sample_percent = fields.Float(
        string="Sample (%)",
        default=5.0,
        help="Least part of an inspector's sheets that is inspected again.",
    )
    dealer_sample_least = fields.Integer(
        string="Least sample", default=3, help="Sheets of an inspector in a month."
    )

    _dealer_quality_positive = models.Constraint(
        "CHECK (COALESCE(dealer_road_test_km, 0) >= 0"
        " AND COALESCE(dealer_inspection_target, 1) > 0"
        " AND COALESCE(dealer_inspection_start_minutes, 0) >= 0)",
        lambda env, _diag: env._(
            "Inspection: distances and times cannot be negative, and the daily target "
            "is above zero."
        ),
    )
