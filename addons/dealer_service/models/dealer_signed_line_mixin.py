from odoo import api, models


class DealerSignedLineMixin(models.AbstractModel):
    """A line of a sheet, locked with it once somebody has signed.

    ``_signed_sheet`` names the field of the sheet, ``_signed_open`` the fields that
    later steps still fill.
    """

    _name = "dealer.signed.line.mixin"
    _description = "Line of a signed sheet"

    _signed_sheet = None
    _signed_open = frozenset()

    @api.model_create_multi
    def create(self, vals_list):
        """Refuse new lines on a signed sheet."""
        lines = super().create(vals_list)
        lines[self._signed_sheet]._ensure_unsigned()
        return lines

    def write(self, vals):
        """Refuse to change lines of a signed sheet, or to move one onto it."""
        if set(vals) - self._signed_open:
            self[self._signed_sheet]._ensure_unsigned()
        result = super().write(vals)
        if self._signed_sheet in vals:
            self[self._signed_sheet]._ensure_unsigned()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_signed(self):
        """Keep the lines of a signed sheet."""
        self[self._signed_sheet]._ensure_unsigned()
