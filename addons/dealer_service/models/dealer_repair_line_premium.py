from odoo import api, fields, models
from odoo.exceptions import UserError

from ..utils import drop_defaults, is_step

# The premium is a share of these.
LABOUR_FIELDS = {"product_id", "quantity", "price_unit", "discount", "job_id"}
# What a user may change of a premium line.
PREMIUM_FREE_FIELDS = {"discount", "sequence", "name"}


class DealerRepairLine(models.Model):
    """Keeps the risk premium of a job in step with its labour."""

    _inherit = "dealer.repair.line"

    is_premium = fields.Boolean(string="Risk premium", readonly=True, copy=False)

    @api.model_create_multi
    def create(self, vals_list):
        """Add lines, then let the premium of their jobs follow."""
        if any(vals.get("is_premium") for vals in vals_list):
            self._ensure_premium_writable()
        guarded = drop_defaults(self, {"is_premium"})
        lines = super(DealerRepairLine, guarded).create(vals_list)
        if not self._writes_premium():
            lines.job_id._sync_premium()
        return lines

    def write(self, vals):
        """Change lines, then let the premium of their jobs follow."""
        if "is_premium" in vals or (
            set(vals) - PREMIUM_FREE_FIELDS
            and any(line.is_premium for line in self.sudo())
        ):
            self._ensure_premium_writable()
        jobs = self.job_id
        result = super().write(vals)
        if LABOUR_FIELDS & set(vals) and not self._writes_premium():
            (jobs | self.job_id)._sync_premium()
        return result

    def unlink(self):
        """Take lines off, then let the premium of their jobs follow."""
        if any(line.is_premium for line in self.sudo()):
            self._ensure_premium_removable()
        jobs = self.job_id
        result = super().unlink()
        if not self._writes_premium():
            jobs.exists()._sync_premium()
        return result

    def _writes_premium(self):
        """Tell whether the system itself writes a premium."""
        return is_step(self)

    def _ensure_premium_writable(self):
        """Refuse a premium that does not follow from the labour.

        :raises UserError: unless the system writes it
        """
        if not self._writes_premium():
            raise UserError(
                self.env._(
                    "The risk premium follows from the labour of the job. Give a "
                    "discount on it, or estimate the job another way."
                )
            )

    def _ensure_premium_removable(self):
        """Let a premium go only with the labour that it belongs to."""
        for job in self.sudo().filtered("is_premium").job_id:
            if job.line_ids - self.sudo() and job._get_premium():
                self._ensure_premium_writable()
