from odoo import api, models
from odoo.exceptions import AccessError
from odoo.fields import Domain

from .phone import mask_phone

PHONE = "dealer_service.group_dealer_phone"
EXPORT = "dealer_service.group_dealer_export"
# Who works on cars without calling customers, and who calls people elsewhere.
MASKED_ROLES = (
    "dealer_service.group_dealer_user",
    "dealer_service.group_dealer_gate",
    "stock.group_stock_user",
)
CALLING_ROLES = (
    PHONE,
    "base.group_system",
    "sales_team.group_sale_salesman",
    "account.group_account_invoice",
)


class DealerPersonalDataMixin(models.AbstractModel):
    """Personal data of customers: masked by role, exported by few (PIPL, section 6).

    - Numbers named in ``_masked_phone_fields`` leave the server masked
      (138****0001) for roles that do not call customers, by whichever read; such
      roles neither search nor group by them.
    - A file of customers is made only by whoever has the right to export them.
    - Code on the server reads the whole numbers.
    """

    _name = "dealer.personal.data.mixin"
    _description = "Personal data"

    _masked_phone_fields = ()
    # Read from the numbers, and found by them.
    _masked_search_fields = ()

    @api.model
    def _sees_phones(self):
        """Tell whether the user calls customers, or has nothing to do with cars."""
        user = self.env.user
        if self.env.su or any(user.has_group(group) for group in CALLING_ROLES):
            return True
        return not any(user.has_group(group) for group in MASKED_ROLES)

    def _get_phones_masked(self):
        """Return which of these records belong to a private customer.

        :return: a recordset
        """
        return self

    def _read_format(self, fnames, load="_classic_read"):
        """Override of `base` to mask the numbers on their way out."""
        rows = super()._read_format(fnames, load)
        names = [name for name in self._masked_phone_fields if name in fnames]
        if not names or self._sees_phones():
            return rows
        masked = set(self._get_phones_masked().ids)
        for row in rows:
            for name in names if row.get("id") in masked else ():
                row[name] = mask_phone(row.get(name))
        return rows

    @api.model
    def _ensure_not_by_phone(self, names):
        """Refuse to find or to group people by numbers one does not see.

        :param names: names of fields, or specifications that begin with them
        """
        hidden = {*self._masked_phone_fields, *self._masked_search_fields}
        if hidden & {name.split(":")[0].split(".")[0] for name in names}:
            raise AccessError(
                self.env._(
                    "Phone: your role does not see whole numbers and does not search "
                    "by them. Ask the service advisor."
                )
            )

    @api.model
    def _search(
        self,
        domain,
        offset=0,
        limit=None,
        order=None,
        *,
        active_test=True,
        bypass_access=False,
    ):
        """Override of `base` to keep numbers from being guessed."""
        if not self._sees_phones():
            conditions = Domain(domain).iter_conditions()
            self._ensure_not_by_phone(one.field_expr for one in conditions)
        return super()._search(
            domain,
            offset,
            limit,
            order,
            active_test=active_test,
            bypass_access=bypass_access,
        )

    @api.model
    def _read_group(
        self,
        domain,
        groupby=(),
        aggregates=(),
        having=(),
        offset=0,
        limit=None,
        order=None,
    ):
        """Override of `base` to keep numbers out of groups and sums."""
        if not self._sees_phones():
            self._ensure_not_by_phone([*groupby, *aggregates])
        return super()._read_group(
            domain, groupby, aggregates, having, offset, limit, order
        )

    def export_data(self, fields_to_export):
        """Override of `base` to let few people make files of customers."""
        if not self.env.is_admin() and not self.env.user.has_group(EXPORT):
            raise AccessError(
                self.env._(
                    "Customer data is exported by the store manager only, or by whom "
                    "the administrator gives the right “Export customer data”."
                )
            )
        return super().export_data(fields_to_export or [])
