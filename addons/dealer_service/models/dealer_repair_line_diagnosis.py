from odoo import api, models


class DealerRepairLine(models.Model):
    _inherit = "dealer.repair.line"

    @api.constrains("job_id", "product_id")
    def _check_fee_job(self):
        """Keep work and parts off the diagnosis fee, also line by line."""
        self.job_id._check_fee_lines()
