from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import format_list, ormcache

from ..utils import drop_defaults, is_step

# Addons whose fields are guarded: those that know the keys of `utils`.
GUARDED_MODULES = {"dealer_service", "dealer_crm_followup", "dealer_multistore"}


class Base(models.AbstractModel):
    """Read-only fields of ours are read-only for every caller.

    Odoo's ``readonly`` binds the screen: a remote call may write any stored field,
    also one that is computed or related, and its value then differs from what it
    is computed of. Fields that our addons declare read-only are written by the
    system: by their compute methods, elevated, or with the key `utils.TRANSITION`.
    """

    _inherit = "base"

    # The model's own ``create`` fills no read-only field in the caller's name: none
    # is accepted there, computed or not.
    _is_guarded_on_create = False

    @api.model_create_multi
    def create(self, vals_list):
        """Refuse values of computed fields, and ignore their defaults in the context.

        Other read-only fields may get their first value from the model's own
        ``create``, which then knows what a caller may say.

        :raises UserError: naming the fields
        """
        names = self._get_system_fields(computed=not self._is_guarded_on_create)
        if names and not self._is_system_write():
            for vals in vals_list:
                self._ensure_no_system_fields(names & vals.keys(), "create")
            self = drop_defaults(self, names)
        return super().create(vals_list)

    def write(self, vals):
        """Refuse values of read-only fields.

        :raises UserError: naming the fields
        """
        names = self._get_system_fields() & vals.keys()
        if names and not self._is_system_write():
            self._ensure_no_system_fields(names, "write")
        return super().write(vals)

    @api.model
    @ormcache("computed")
    def _get_system_fields(self, computed=False):
        """Return the names of our stored fields that only the system writes.

        A field of a wizard is no record of anything: what the wizard does with it
        has a guard of its own.

        :param bool computed: only those that are computed or related
        :rtype: frozenset
        """
        if self._transient or self._abstract:
            return frozenset()
        return frozenset(
            name
            for name, field in self._fields.items()
            if field.readonly
            and field.store
            and field._module in GUARDED_MODULES
            and name not in models.MAGIC_COLUMNS
            and (field.compute or not computed)
        )

    def _is_system_write(self):
        """Tell whether values come from our own code rather than from a caller."""
        return self.env.su or is_step(self)

    @api.model
    def _ensure_no_system_fields(self, names, operation):
        """Refuse values that a caller made up.

        :param set names: the read-only fields that values were given for
        :param str operation: ``create`` or ``write``
        """
        if not names:
            return
        # Who may not write here at all is told so first.
        self.check_access(operation)
        fields = [self._fields[name] for name in sorted(names)]
        raise UserError(
            self.env._(
                "%(document)s: %(fields)s cannot be written; the system sets it.",
                document=self.env["ir.model"]._get(self._name).name,
                fields=format_list(
                    self.env, [field._description_string(self.env) for field in fields]
                ),
            )
        )
