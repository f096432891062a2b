from odoo import fields, models


class DealerStoreSettingsMixin(models.AbstractModel):
    """What the manager of a store may set, too: rates, times, limits.

    Shown to the administrator with the other settings (`res.config.settings`) and to
    store managers on a form of their own (`dealer.store.settings`). What is to stay
    with the administrator has its field in `res.config.settings` alone.
    """

    _name = "dealer.store.settings.mixin"
    _description = "Store settings"

    company_id = fields.Many2one("res.company")
    currency_id = fields.Many2one(related="company_id.currency_id")
    dealer_offer_validity_days = fields.Integer(
        related="company_id.dealer_offer_validity_days", readonly=False
    )
    dealer_labour_rate = fields.Monetary(
        related="company_id.dealer_labour_rate",
        readonly=False,
        currency_field="currency_id",
    )
    dealer_diagnosis_product_id = fields.Many2one(
        related="company_id.dealer_diagnosis_product_id", readonly=False
    )
    dealer_diagnosis_price = fields.Monetary(
        related="company_id.dealer_diagnosis_price",
        readonly=False,
        currency_field="currency_id",
    )
    dealer_symptom_premium = fields.Float(
        related="company_id.dealer_symptom_premium", readonly=False
    )
    dealer_due_soon_km = fields.Integer(
        related="company_id.dealer_due_soon_km", readonly=False
    )
    dealer_due_soon_days = fields.Integer(
        related="company_id.dealer_due_soon_days", readonly=False
    )
    dealer_promise_buffer_minutes = fields.Integer(
        related="company_id.dealer_promise_buffer_minutes", readonly=False
    )
    dealer_promise_grace_minutes = fields.Integer(
        related="company_id.dealer_promise_grace_minutes", readonly=False
    )
    dealer_parts_lead_days = fields.Integer(
        related="company_id.dealer_parts_lead_days", readonly=False
    )
    dealer_team_waiting_max = fields.Integer(
        related="company_id.dealer_team_waiting_max", readonly=False
    )
    dealer_progress_percent = fields.Integer(
        related="company_id.dealer_progress_percent", readonly=False
    )
    dealer_notice_minor_minutes = fields.Integer(
        related="company_id.dealer_notice_minor_minutes", readonly=False
    )
    dealer_notice_major_minutes = fields.Integer(
        related="company_id.dealer_notice_major_minutes", readonly=False
    )
    dealer_clock_auto_stop = fields.Boolean(
        related="company_id.dealer_clock_auto_stop", readonly=False
    )
    dealer_clock_grace_minutes = fields.Integer(
        related="company_id.dealer_clock_grace_minutes", readonly=False
    )
    dealer_credit_max = fields.Monetary(
        related="company_id.dealer_credit_max",
        readonly=False,
        currency_field="currency_id",
    )
    dealer_arrears_days = fields.Integer(
        related="company_id.dealer_arrears_days", readonly=False
    )
    dealer_road_test_km = fields.Float(
        related="company_id.dealer_road_test_km", readonly=False
    )
    dealer_road_test_route = fields.Char(
        related="company_id.dealer_road_test_route", readonly=False
    )
    dealer_labour_cost = fields.Monetary(
        related="company_id.dealer_labour_cost",
        readonly=False,
        currency_field="currency_id",
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
    dealer_inspection_target = fields.Float(
        related="company_id.dealer_inspection_target", readonly=False
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
