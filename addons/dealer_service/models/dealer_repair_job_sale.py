from odoo import models
from odoo.fields import Command

from ..utils import JOB_SYNC


class DealerRepairJob(models.Model):
    """The one door between jobs and sale orders (rule 2).

    A sale line of a repair order exists if and only if its job is approved at that
    revision. One sale order per payer, confirmed at once, so that Odoo reserves the
    parts. Parts that the customer brings are nothing we sell and write no line.
    """

    _inherit = "dealer.repair.job"

    def _get_sync_env(self):
        """Return the jobs in an environment that may write their sale lines.

        Elevated, because advisors have no Sales rights; tracking is off, because the
        sale order is an inner document whose story is told on the visit.
        """
        return self.sudo().with_context(
            dealer_job_sync=JOB_SYNC,
            mail_notrack=True,
            mail_create_nolog=True,
            mail_create_nosubscribe=True,
            mail_auto_subscribe_no_notify=True,
            tracking_disable=True,
            sale_no_log_for_new_lines=True,
        )

    def _write_sale_lines(self):
        """Write the sale lines of jobs just approved, and reserve their parts."""
        jobs_sudo = self._get_sync_env()
        for order_sudo, jobs in jobs_sudo.grouped("order_id").items():
            for payer_key, payer_jobs in jobs.grouped(
                lambda job: (job.payer, job.bill_partner_id)
            ).items():
                payer_jobs._write_payer_lines(order_sudo, *payer_key)

    def _write_payer_lines(self, order_sudo, payer, partner):
        """Write the lines of jobs that one partner pays."""
        lines = self.line_ids.filtered(lambda line: line._is_sold())
        if not lines:
            return
        vals_list = [line._prepare_sale_line_vals() for line in lines]
        sale_sudo = order_sudo.sale_order_ids.filtered(
            lambda sale: (
                sale.state == "sale"
                and sale.dealer_payer == payer
                and sale.partner_id == partner
            )
        )[:1]
        if sale_sudo:
            self.env["sale.order.line"].create(
                [dict(vals, order_id=sale_sudo.id) for vals in vals_list]
            )
            return
        vals = self[0]._prepare_sale_order_vals()
        vals["order_line"] = [Command.create(line) for line in vals_list]
        company = self[0].company_id
        self.env["sale.order"].with_company(company).create(vals).action_confirm()

    def _prepare_sale_order_vals(self):
        """Return the values of the sale order of this job's payer.

        :rtype: dict
        """
        self.ensure_one()
        order = self.order_id
        return {
            "dealer_order_id": order.id,
            "dealer_payer": self.payer,
            "partner_id": self.bill_partner_id.id,
            "company_id": self.company_id.id,
            "pricelist_id": self.pricelist_id.id,
            "fiscal_position_id": self.fiscal_position_id.id,
            "origin": order.name,
            "client_order_ref": order.license_plate,
            "user_id": order.advisor_id.id,
            "require_signature": False,
            "require_payment": False,
        }

    def _remove_sale_lines(self):
        """Take the lines of jobs whose approval ended off their sale orders.

        :raises UserError: if something was issued or invoiced already
        """
        jobs_sudo = self._get_sync_env()
        jobs_sudo.line_ids._ensure_not_settled()
        sale_lines = jobs_sudo.line_ids.sale_line_ids
        sales = sale_lines.order_id
        sale_lines.move_ids.filtered(
            lambda move: move.state not in ("done", "cancel")
        )._action_cancel()
        sale_lines.unlink()
        sales.filtered(lambda sale: not sale.order_line)._action_cancel()

    def _deliver_labour(self):
        """Count labour, sublet and fees of finished jobs as delivered."""
        for line in self._get_sync_env().line_ids.sale_line_ids:
            if line.qty_delivered_method == "manual":
                line.qty_delivered = line.product_uom_qty
