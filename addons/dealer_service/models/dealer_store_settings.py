from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import SQL


class DealerStoreSettings(models.Model):
    """What a store manager sets for the own store: rates, times, limits.

    One row for each store (`res.company`), nothing of its own: the fields are those
    of the store, and only those of the mixin are written, by whichever way. The other
    fields of a store belong to the administrator.
    """

    _name = "dealer.store.settings"
    _inherit = ["dealer.store.settings.mixin"]
    _description = "Store settings"
    _auto = False
    _rec_name = "company_id"
    _order = "company_id"

    company_id = fields.Many2one("res.company", string="Store", readonly=True)

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
