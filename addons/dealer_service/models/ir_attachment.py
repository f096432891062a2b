from odoo import models

# Where a photo waits before the record that it belongs to exists.
WAITING_MODELS = {"dealer.repair.addon"}


class IrAttachment(models.Model):
    _inherit = "ir.attachment"

    def _claim_for(self, record):
        """Let photos taken before a record was saved be seen with that record.

        Odoo shows an attachment without a record to its uploader only.

        :param record: the visit, job or check line that the photos belong to
        """
        waiting_sudo = self.sudo().filtered(
            lambda photo: not photo.res_id or photo.res_model in WAITING_MODELS
        )
        waiting_sudo.write({"res_model": record._name, "res_id": record.id})
