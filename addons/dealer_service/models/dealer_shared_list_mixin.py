from odoo import api, models
from odoo.exceptions import AccessError

GROUP_MANAGER = "dealer_service.group_dealer_group_manager"


class DealerSharedListMixin(models.AbstractModel):
    """A list with rows for all stores and rows of single stores.

    A row without a store is everybody's: only the group manager adds, changes or
    archives it. A store manager reads it and keeps rows of the own store beside it.
    `_get_list_owner_field` names the field that leads to the store.
    """

    _name = "dealer.shared.list.mixin"
    _description = "List shared by stores"

    @api.model
    def _get_list_owner_field(self):
        """Return the path to the store of a row; another model may own the list.

        :rtype: str
        """
        return "company_id"

    @api.model
    def _default_list_company(self):
        """Let new rows of a store manager belong to the store.

        :rtype: `res.company`
        """
        if self.env.su or self._keeps_shared_lists():
            return self.env["res.company"]
        return self.env.company

    @api.model
    def _keeps_shared_lists(self):
        return self.env.user.has_group(GROUP_MANAGER)

    def _check_access(self, operation):
        """Override of `base` to leave what all stores use to the group manager."""
        result = super()._check_access(operation)
        if result or operation == "read" or self._keeps_shared_lists():
            return result
        path = self._get_list_owner_field()
        shared = self.filtered(lambda row: row.id and not row.sudo().mapped(path))
        return (shared, shared._make_shared_error) if shared else None

    def _make_shared_error(self):
        return AccessError(
            self.env._(
                "%(names)s: all stores use this. Only the group manager changes it; "
                "add a row of your own store instead.",
                names=", ".join(self.sudo()[:3].mapped("display_name")),
            )
        )

    def write(self, vals):
        """Override of `base` to keep rows from being given to all stores."""
        result = super().write(vals)
        if self._get_list_owner_field().split(".")[0] in vals:
            self.check_access("write")
        return result
