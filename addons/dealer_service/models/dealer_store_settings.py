from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import SQL


class DealerStoreSettings(models.Model):
    """What a store manager sets for the own store: rates, times, limits.

    One row for each store (`res.company`), nothing of its own: the fields are those
    of the store, and only those named here are written, by whichever way. The other
    fields of a store belong to the administrator.
    """

    _name = "dealer.store.settings"
    _description = "Store settings"
    _auto = False
    _rec_name = "company_id"
    _order = "company_id"

    company_id = fields.Many2one("res.company", string="Store", readonly=True)
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

    @property
    def _table_query(self):
        """Return one row for each store."""
        return SQL("SELECT id, id AS company_id FROM res_company")

    def write(self, vals):
        """Write the settings of stores that the user manages, and nothing else.

        :raises AccessError: for another store, another role or another field
        """
        self.check_access("write")
        unknown = set(vals) - self._get_setting_names()
        if unknown:
            raise AccessError(
                self.env._(
                    "%(names)s: not a setting of the store. Ask the administrator.",
                    names=", ".join(sorted(unknown)),
                )
            )
        for settings in self:
            # Store managers write these fields of their store, no others.
            company_sudo = settings.company_id.sudo()
            company_sudo.with_company(company_sudo).write(vals)
        # The rows are those of the stores: nothing is left to write here.
        return super().write({})

    @api.model
    def _get_setting_names(self):
        """Return the fields of a store that its manager writes.

        :rtype: set
        """
        return {
            name
            for name, field in self._fields.items()
            if name.startswith("dealer_") and field.related
        }

    @api.model
    def _get_open_action(self):
        """Return the action of the menu: the own store, or a list of several."""
        stores = self.search([])
        action = {
            "type": "ir.actions.act_window",
            "name": self.env._("Store settings"),
            "res_model": self._name,
            "view_mode": "list,form",
            "views": [(False, "list"), (False, "form")],
        }
        if len(stores) == 1:
            action.update(res_id=stores.id, view_mode="form", views=[(False, "form")])
        return action
