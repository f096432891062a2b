from odoo import api, fields, models

from ..utils import JOB_SYNC

# What the customer approved about a line.
PROTECTED_FIELDS = {
    "order_id",
    "product_id",
    "name",
    "product_uom_qty",
    "product_uom_id",
    "price_unit",
    "discount",
    "tax_ids",
    "extra_tax_data",
    "price_subtotal",
    "price_tax",
    "price_total",
    "display_type",
    "dealer_line_id",
}


class SaleOrderLine(models.Model):
    """Lines of a repair exist if and only if their job is approved (rule 2)."""

    _inherit = "sale.order.line"

    dealer_line_id = fields.Many2one(
        "dealer.repair.line",
        string="Repair line",
        index="btree_not_null",
        readonly=True,
        copy=False,
        ondelete="restrict",
    )

    _dealer_line_once = models.UniqueIndex(
        "(dealer_line_id) WHERE dealer_line_id IS NOT NULL",
        lambda env, _diag: env._("This repair line is already on a sale order."),
    )

    @api.model_create_multi
    def create(self, vals_list):
        """Override of `sale` to refuse lines that no approved job writes."""
        lines = super().create(vals_list)
        # Afterwards: the order may come from a default of the context.
        lines.order_id._ensure_job_sync()
        return lines

    def write(self, vals):
        """Override of `sale` to keep what the customer approved."""
        guarded = bool(PROTECTED_FIELDS & set(vals))
        if guarded:
            self.order_id._ensure_job_sync()
        result = super().write(vals)
        if guarded:
            self.order_id._ensure_job_sync()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_repair(self):
        """Let only the job take its lines away."""
        self.order_id._ensure_job_sync()

    def _check_line_unlink(self):
        """Override of `sale` to let a job whose approval ended remove its lines.

        The lines were neither issued nor invoiced: the job made sure of it.
        """
        if self.env.context.get("dealer_job_sync") is JOB_SYNC:
            return self.browse()
        return super()._check_line_unlink()
