from odoo import fields, models
from odoo.tools import SQL

from ..const import PAYERS

AGES = [
    ("not_due", "Not due yet"),
    ("d30", "0–30 days"),
    ("d60", "31–60 days"),
    ("d90", "61–90 days"),
    ("older", "More than 90 days"),
]

SOON = "soon"
LATE = "late"


class DealerArrearsReport(models.Model):
    """Arrears (欠收): what is open of each posted invoice of a visit, by age.

    Read from the ledger at every look: one row per invoice or credit note that is
    not fully paid, in the store's currency. The age counts from the due date.
    """

    _name = "dealer.arrears.report"
    _description = "Arrears"
    _auto = False
    _order = "due_date, id"
    _rec_name = "invoice_number"
    _depends = {
        "account.move": [
            "name",
            "state",
            "move_type",
            "payment_state",
            "commercial_partner_id",
            "company_id",
            "invoice_date",
            "invoice_date_due",
            "amount_total_signed",
            "amount_residual_signed",
            "dealer_order_id",
            "dealer_payer",
        ],
        "dealer.repair.order": ["vehicle_id", "advisor_id"],
        "res.company": ["currency_id"],
    }

    move_id = fields.Many2one(
        "account.move",
        string="Invoice",
        readonly=True,
        groups="account.group_account_invoice,account.group_account_readonly",
    )
    invoice_number = fields.Char(string="Invoice number", readonly=True)
    order_id = fields.Many2one(
        "dealer.repair.order", string="Repair order", readonly=True
    )
    vehicle_id = fields.Many2one("dealer.vehicle", string="Car", readonly=True)
    license_plate = fields.Char(related="vehicle_id.license_plate", string="Plate")
    company_id = fields.Many2one("res.company", string="Store", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    payer = fields.Selection(PAYERS, readonly=True)
    partner_id = fields.Many2one("res.partner", string="Owed by", readonly=True)
    advisor_id = fields.Many2one("res.users", string="Service advisor", readonly=True)
    invoice_date = fields.Date(string="Invoiced on", readonly=True)
    due_date = fields.Date(string="Due date", readonly=True)
    days_overdue = fields.Integer(
        string="Days overdue",
        readonly=True,
        aggregator="max",
        help="After the due date.",
    )
    age = fields.Selection(AGES, string="Overdue since", readonly=True)
    amount_total = fields.Monetary(
        string="Invoiced", readonly=True, groups="dealer_service.group_dealer_price"
    )
    amount_due = fields.Monetary(
        string="Open balance", readonly=True, groups="dealer_service.group_dealer_price"
    )

    @property
    def _table_query(self):
        """Return the open invoices of visits, with their age today in the store."""
        stores = self.env["res.company"]
        return SQL(
            """
            SELECT m.id, m.id AS move_id, m.name AS invoice_number,
                   m.dealer_order_id AS order_id, o.vehicle_id, o.advisor_id,
                   m.company_id, c.currency_id, m.dealer_payer AS payer,
                   m.commercial_partner_id AS partner_id, m.invoice_date,
                   COALESCE(m.invoice_date_due, m.invoice_date) AS due_date,
                   GREATEST(d.days, 0) AS days_overdue,
                   CASE WHEN d.days < 0 THEN 'not_due'
                        WHEN d.days <= 30 THEN 'd30'
                        WHEN d.days <= 60 THEN 'd60'
                        WHEN d.days <= 90 THEN 'd90'
                        ELSE 'older' END AS age,
                   m.amount_total_signed AS amount_total,
                   m.amount_residual_signed AS amount_due
              FROM account_move m
              JOIN dealer_repair_order o ON o.id = m.dealer_order_id
              JOIN res_company c ON c.id = m.company_id
              JOIN (%(zones)s) zone ON zone.company_id = m.company_id
        CROSS JOIN LATERAL (
                   SELECT %(today)s - COALESCE(m.invoice_date_due, m.invoice_date)
                       AS days) d
             WHERE m.state = 'posted'
               AND m.move_type IN ('out_invoice', 'out_refund')
               AND m.payment_state IN ('not_paid', 'partial')
               AND m.amount_residual_signed != 0
            """,
            zones=stores._dealer_zones_sql(),
            today=stores._dealer_date_sql(
                SQL("%s::timestamp", fields.Datetime.now()), SQL("zone.tz")
            ),
        )

    def action_open_visit(self):
        """Open the visit that the balance belongs to."""
        self.ensure_one()
        return self.order_id._prepare_open_action(
            "dealer.repair.order", self.order_id, self.env._("Repair order")
        )

    # === REMINDERS === #

    def _get_reminder_kind(self, today):
        """Tell whether an invoice is overdue, or due soon."""
        self.ensure_one()
        return LATE if self.due_date < today else SOON

    def _is_reminded(self, today):
        """Tell whether somebody was reminded of this due date."""
        kind = self._get_reminder_kind(today)
        return self.move_id[f"dealer_reminded_{kind}"] == self.due_date
