from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tools import SQL

ARCHIVIST = "dealer_service.group_dealer_archivist"
CLOSED_STATES = ("delivered", "left", "cancelled")


class ResPartner(models.Model):
    """Customers whose records need not be kept any more (PIPL, section 6).

    A customer is past retention when every visit is over and longer ago than the
    store of that visit keeps records (`res.company.dealer_retention_years`). Nobody
    is erased by itself: the archivist is told once a month and erases, or leaves it.
    """

    _inherit = "res.partner"

    dealer_last_visit_at = fields.Datetime(
        string="Last visit",
        compute="_compute_dealer_last_visit_at",
        groups="dealer_service.group_dealer_archivist",
        help="In any store of the group. UTC.",
    )
    dealer_past_retention = fields.Boolean(
        string="Past retention",
        compute="_compute_dealer_past_retention",
        search="_search_dealer_past_retention",
        groups="dealer_service.group_dealer_archivist",
        help="All visits are over and older than their stores keep records.",
    )

    def _compute_dealer_last_visit_at(self):
        """Read the last visit of each customer, of all stores."""
        # When somebody was here last, not what was done.
        order_sudo = self.env["dealer.repair.order"].sudo()
        groups = order_sudo._read_group(
            [("partner_id", "in", self.ids)], ["partner_id"], ["arrived_at:max"]
        )
        last = {partner.id: moment for partner, moment in groups}
        for partner in self:
            partner.dealer_last_visit_at = last.get(partner.id, False)

    def _compute_dealer_past_retention(self):
        """Ask once for all."""
        past = self.search([("dealer_past_retention", "=", True)])
        for partner in self:
            partner.dealer_past_retention = partner in past

    @api.model
    def _search_dealer_past_retention(self, operator, value):
        """Find customers by the age of their visits, in one statement."""
        if operator != "in":
            return NotImplemented
        if not self.env.su and not self.env.user.has_group(ARCHIVIST):
            raise AccessError(
                self.env._("Past retention: only the archivist looks for these people.")
            )
        orders = self.env["dealer.repair.order"]
        for name in ("state", "partner_id", "delivered_at", "closed_at", "arrived_at"):
            orders.flush_model([name])
        self.env["res.company"].flush_model(["dealer_retention_years"])
        ids = SQL(
            """(
                SELECT o.partner_id
                  FROM dealer_repair_order o
                  JOIN res_company c ON c.id = o.company_id
                 WHERE o.partner_id IS NOT NULL
              GROUP BY o.partner_id
                HAVING bool_and(
                    o.state IN %s
                    AND COALESCE(
                            o.delivered_at, o.closed_at, o.arrived_at, o.create_date
                        )
                        + make_interval(years => c.dealer_retention_years) <= %s
                )
            )""",
            CLOSED_STATES,
            fields.Datetime.now(),
        )
        return Domain("id", "in", ids)

    # === CRON === #

    @api.model
    def _cron_tell_past_retention(self):
        """Tell the archivists of each store whom they may erase."""
        groups = self.env["dealer.repair.order"]._read_group(
            [("partner_id.dealer_past_retention", "=", True)],
            ["company_id"],
            ["partner_id:count_distinct"],
        )
        for company, count in groups:
            staff = self.env["res.users"]._get_dealer_staff(ARCHIVIST, company)
            for lang, readers in staff.grouped("lang").items():
                env = self.with_context(lang=lang).env
                self.env["mail.thread"].message_notify(
                    subject=env._("Customers past retention: %s", count),
                    body=env._(
                        "%(store)s: %(count)s customers have had no visit for "
                        "%(years)s years. They are listed under After-sales, Archive: "
                        "erase them, or leave them for a reason.",
                        store=company.name,
                        count=count,
                        years=company.dealer_retention_years,
                    ),
                    partner_ids=readers.partner_id.ids,
                    email_layout_xmlid="mail.mail_notification_light",
                )
