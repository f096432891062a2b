from datetime import timedelta

from odoo import api, models
from odoo.fields import Domain

from ..cron import run_each
from .dealer_arrears_report import LATE

ARREARS_ACTIVITY = "dealer_service.mail_activity_type_arrears"


class DealerRepairOrder(models.Model):
    """Reminders of arrears: once before the due date, once after it (B6).

    A new due date (another credit) reminds again. The advisor is asked before; after
    the due date the supervisor who approved the credit is asked as well. Once
    everything is paid the tasks are closed.
    """

    _inherit = "dealer.repair.order"

    @api.model
    def _cron_remind_arrears(self):
        """Give people their tasks; running twice a day changes nothing."""
        for company in self.env["res.company"].search([]):
            today = company._dealer_today()
            horizon = today + timedelta(days=company.dealer_arrears_days)
            rows = self._get_arrears(company, horizon)
            due = rows.filtered(lambda row, today=today: not row._is_reminded(today))
            run_each(due.move_id, lambda move, day=horizon: self._remind_of(move, day))
        return True

    @api.model
    def _get_arrears(self, company, horizon, move=None):
        """Return the open invoices of settled visits that are due by a day.

        :param company: a `res.company`
        :param date horizon: the last due date to look at
        :param move: one `account.move` only
        :rtype: `dealer.arrears.report`
        """
        domain = Domain("company_id", "=", company.id)
        domain &= Domain("amount_due", ">", 0) & Domain("due_date", "<=", horizon)
        domain &= Domain("order_id.state", "in", ("settled", "delivered"))
        if move:
            domain &= Domain("id", "=", move.id)
        return self.env["dealer.arrears.report"].search(domain)

    @api.model
    def _remind_of(self, move, horizon):
        """Give the tasks for one invoice, unless it was paid or told meanwhile.

        :param move: an `account.move`
        :param date horizon: the last due date to look at
        """
        today = move.company_id._dealer_today()
        row = self._get_arrears(move.company_id, horizon, move)
        if not row or row._is_reminded(today):
            return
        kind = row._get_reminder_kind(today)
        order = row.order_id
        move[f"dealer_reminded_{kind}"] = row.due_date
        for user in order._get_reminded_users(move, kind):
            # Each reads it in his own language.
            mine = order.with_context(lang=user.lang)
            mine.activity_schedule(
                ARREARS_ACTIVITY,
                date_deadline=row.due_date,
                summary=mine._get_reminder_summary(row, kind),
                user_id=user.id,
            )

    def _close_arrears(self):
        """Close the tasks of visits that owe nothing any more."""
        # Whoever takes the money in, the tasks of others are done.
        orders_sudo = self.sudo()
        open_sudo = orders_sudo.env["account.move"].search(
            [
                ("dealer_order_id", "in", self.ids),
                ("state", "=", "posted"),
                ("move_type", "=", "out_invoice"),
                ("payment_state", "in", ("not_paid", "partial")),
            ]
        )
        paid_sudo = orders_sudo - open_sudo.dealer_order_id
        paid_sudo.activity_feedback([ARREARS_ACTIVITY])

    def _get_reminded_users(self, move, kind):
        """Return who is asked to see to a balance."""
        self.ensure_one()
        users = self.advisor_id
        if kind == LATE:
            users |= self.credit_ids.filtered(
                lambda credit: credit.partner_id == move.partner_id
            )[:1].user_id
        return users

    def _get_reminder_summary(self, row, kind):
        """Say who owes; the amount is on the visit, for those who see prices."""
        if kind == LATE:
            return self.env._(
                "%(partner)s: %(invoice)s is overdue", **self._name_debt(row)
            )
        return self.env._(
            "%(partner)s: %(invoice)s is due soon", **self._name_debt(row)
        )

    @api.model
    def _name_debt(self, row):
        return {"partner": row.partner_id.name, "invoice": row.invoice_number}
