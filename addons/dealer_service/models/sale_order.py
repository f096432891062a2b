from odoo import api, fields, models
from odoo.exceptions import UserError

from ..const import PAYERS
from ..utils import JOB_SYNC

# What the jobs decide. Everything else (notes, delivery, invoicing) stays Odoo's.
PROTECTED_FIELDS = {
    "state",
    "partner_id",
    "partner_invoice_id",
    "company_id",
    "currency_id",
    "pricelist_id",
    "fiscal_position_id",
    "order_line",
    "amount_untaxed",
    "amount_tax",
    "amount_total",
    "dealer_order_id",
    "dealer_payer",
}


class SaleOrder(models.Model):
    """The money of a visit, one order per payer: written by its jobs only."""

    _inherit = "sale.order"

    dealer_order_id = fields.Many2one(
        "dealer.repair.order",
        string="Repair order",
        index="btree_not_null",
        readonly=True,
        copy=False,
        ondelete="restrict",
    )
    dealer_payer = fields.Selection(PAYERS, string="Payer", readonly=True, copy=False)

    def _ensure_job_sync(self):
        """Refuse changes to a repair's sale order that no job makes (rule 2).

        Asked before and after a change, as it may make an order one of a repair.
        """
        if self.env.context.get("dealer_job_sync") is JOB_SYNC:
            return
        for sale_sudo in self.sudo():
            claimed_sudo = sale_sudo.order_line.dealer_line_id.order_id
            if order_sudo := sale_sudo.dealer_order_id or claimed_sudo[:1]:
                raise UserError(
                    self.env._(
                        "%(sale)s belongs to repair order %(order)s and is written by "
                        "its approved jobs. Change the job and let the customer "
                        "approve it.",
                        sale=sale_sudo.name,
                        order=order_sudo.name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        """Override of `sale` to let only jobs open the sale order of a visit."""
        orders = super().create(vals_list)
        orders._ensure_job_sync()
        return orders

    def write(self, vals):
        """Override of `sale` to keep what the customer approved."""
        guarded = bool(PROTECTED_FIELDS & set(vals))
        if guarded:
            self._ensure_job_sync()
        result = super().write(vals)
        if guarded:
            self._ensure_job_sync()
        return result

    def _action_cancel(self):
        """Override of `sale` to let only jobs cancel the sale order of a visit."""
        self._ensure_job_sync()
        return super()._action_cancel()

    @api.ondelete(at_uninstall=False)
    def _unlink_except_repair(self):
        """Keep the sale orders of visits."""
        self._ensure_job_sync()

    def _prepare_invoice(self):
        """Override of `sale` to name the visit on the invoice."""
        values = super()._prepare_invoice()
        values["dealer_order_id"] = self.dealer_order_id.id
        values["dealer_payer"] = self.dealer_payer
        return values

    def _get_invoice_grouping_keys(self):
        """Override of `sale` to give each payer of a visit an invoice of his own.

        The same partner may pay in two roles.
        """
        keys = super()._get_invoice_grouping_keys()
        return [*keys, "dealer_order_id", "dealer_payer"]
