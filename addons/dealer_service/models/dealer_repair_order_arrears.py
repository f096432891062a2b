from datetime import timedelta

from odoo import api, models

SOON = "soon"
LATE = "late"


class DealerRepairOrder(models.Model):
    """Reminders of arrears: once before the due date, once after it (B6).

    A new due date (another credit) reminds again. The advisor is asked before; after
    the due date the supervisor who approved the credit is asked as well.
    """

    _inherit = "dealer.repair.order"

    @api.model
    def _cron_remind_arrears(self):
        """Give people their tasks; running twice a day changes nothing."""
        report = self.env["dealer.arrears.report"]
        for company in self.env["res.company"].search([]):
            today = company._dealer_today()
            horizon = today + timedelta(days=company.dealer_arrears_days)
            rows = report.search(
                [
                    ("company_id", "=", company.id),
                    ("amount_due", ">", 0),
                    ("due_date", "<=", horizon),
                    ("order_id.state", "in", ("settled", "delivered")),
                ]
            )
            for row in rows:
                self._remind_of(row, LATE if row.due_date < today else SOON)
        return True

    @api.model
    def _remind_of(self, row, kind):
        """Give a task for one invoice, unless it was given for this due date."""
        move, order = row.move_id, row.order_id
        field = f"dealer_reminded_{kind}"
        if move[field] == row.due_date:
            return
        move[field] = row.due_date
        for user in order._get_reminded_users(move, kind):
            order.activity_schedule(
                "mail.mail_activity_data_todo",
                date_deadline=row.due_date,
                summary=order._get_reminder_summary(row, kind),
                user_id=user.id,
            )

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
