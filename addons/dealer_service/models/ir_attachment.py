from odoo import models
from odoo.exceptions import AccessError

# Where a photo waits before the record that it belongs to exists.
WAITING_MODELS = {"dealer.repair.addon"}
# The sheets of a visit, see `dealer.signed.mixin`.
SIGNED_SHEETS = ("dealer.intake", "dealer.diagnosis", "dealer.delivery")


class IrAttachment(models.Model):
    _inherit = "ir.attachment"

    def _claim_for(self, record):
        """Let photos taken before a record was saved be seen with that record.

        Odoo shows an attachment without a record to its uploader only. Somebody
        else's file without a record stays where it is, whoever names its id.

        :param record: the visit, job or check line that the photos belong to
        """
        waiting_sudo = self.sudo().filtered(
            lambda photo: (
                photo.res_model in WAITING_MODELS
                or (not photo.res_id and photo.create_uid == self.env.user)
            )
        )
        waiting_sudo.write({"res_model": record._name, "res_id": record.id})

    def _check_access(self, operation):
        """Override of `base` to keep drawings and photos of signed sheets."""
        result = super()._check_access(operation)
        if result or operation == "read" or self.env.su or not self.ids:
            return result
        if kept := self._filtered_signed():
            return kept, lambda: AccessError(
                self.env._(
                    "%(name)s belongs to a sheet that was signed and stays as it is.",
                    name=kept[0].sudo().name,
                )
            )
        return result

    def _filtered_signed(self):
        """Return those that a signed sheet of a visit is made of."""
        # Whoever asks may see the file, yet not the sheet.
        files_sudo = self.sudo()
        kept_ids = set()
        for model in SIGNED_SHEETS:
            sheet_sudo = self.env[model].sudo()
            drawings = files_sudo.filtered(
                lambda file, model=model: file.res_model == model and file.res_field
            )
            signed_sudo = sheet_sudo.browse(drawings.mapped("res_id")).exists()
            signed_ids = set(signed_sudo._filtered_signed().ids)
            kept_ids.update(file.id for file in drawings if file.res_id in signed_ids)
            for name in sheet_sudo._signed_photos:
                signed_sudo = sheet_sudo.search(
                    [(name, "in", self.ids), (sheet_sudo._signed_on, "!=", False)]
                )
                kept_ids.update(set(signed_sudo.mapped(name).ids) & set(self.ids))
        return self.browse(kept_ids)
