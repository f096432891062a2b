from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    """The store's settings of inspection; see `res_company_quality.py`."""

    _inherit = "res.config.settings"

    dealer_labour_cost = fields.Monetary(
        related="company_id.dealer_labour_cost",
        readonly=False,
        currency_field="currency_id",
    )
    dealer_road_test_km = fields.Float(
        related="company_id.dealer_road_test_km", readonly=False
    )
    dealer_road_test_route = fields.Char(
        related="company_id.dealer_road_test_route", readonly=False
    )
    dealer_inspection_target = fields.Float(
        related="company_id.dealer_inspection_target", readonly=False
    )
    dealer_inspection_start_minutes = fields.Integer(
        related="company_id.dealer_inspection_start_minutes", readonly=False
    )
    dealer_inspection_minutes_minor = fields.Integer(
        related="company_id.dealer_inspection_minutes_minor", readonly=False
    )
    dealer_inspection_minutes_level2 = fields.Integer(
        related="company_id.dealer_inspection_minutes_level2", readonly=False
    )
    dealer_inspection_minutes_major = fields.Integer(
        related="company_id.dealer_inspection_minutes_major", readonly=False
    )
    dealer_weight_intake = fields.Float(
        related="company_id.dealer_weight_intake", readonly=False
    )
    dealer_weight_process = fields.Float(
        related="company_id.dealer_weight_process", readonly=False
    )
    dealer_weight_minor = fields.Float(
        related="company_id.dealer_weight_minor", readonly=False
    )
    dealer_weight_level2 = fields.Float(
        related="company_id.dealer_weight_level2", readonly=False
    )
    dealer_weight_assembly = fields.Float(
        related="company_id.dealer_weight_assembly", readonly=False
    )
    dealer_weight_complete = fields.Float(
        related="company_id.dealer_weight_complete", readonly=False
    )
    dealer_weight_road_test = fields.Float(
        related="company_id.dealer_weight_road_test", readonly=False
    )
    dealer_sample_percent = fields.Float(
        related="company_id.dealer_sample_percent", readonly=False
    )
    dealer_sample_least = fields.Integer(
        related="company_id.dealer_sample_least", readonly=False
    )
