from zoneinfo import ZoneInfo

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL


class ResCompany(models.Model):
    """The clock on the wall of a store: one time zone, one today.

    - The zone is that of the store's working hours, else that of its address, else
      UTC. Who looks, or whether a scheduled action asks, makes no difference.
    - Whatever depends on "today" or turns a moment into a day asks here: validity of
      offers, credits, due dates, payments, figures, printed times.
    """

    _inherit = "res.company"

    def _dealer_tz(self):
        """Return the name of the store's time zone.

        :rtype: str
        """
        self.ensure_one()
        # Everybody may know what time it is, also who reads no working hours.
        company_sudo = self.sudo()
        calendar = company_sudo.resource_calendar_id
        return calendar.tz or company_sudo.partner_id.tz or "UTC"

    def _dealer_time(self, moment=None):
        """Return a moment as the clock of the store shows it, with its zone.

        :param datetime moment: naive UTC; now by default
        :rtype: datetime
        """
        moment = moment or fields.Datetime.now()
        utc = moment.replace(tzinfo=ZoneInfo("UTC"))
        return utc.astimezone(ZoneInfo(self._dealer_tz()))

    def _dealer_date(self, moment):
        """Return the day of a moment in the store.

        :param datetime moment: naive UTC
        :rtype: date
        """
        return self._dealer_time(moment).date()

    def _dealer_today(self):
        """Return the day that it is in the store.

        :rtype: date
        """
        return self._dealer_time().date()

    @api.model
    def _dealer_today_domain(self, field_expr, operator, company_expr="company_id"):
        """Return a domain that compares a date with today in each record's store.

        :param str field_expr: the date
        :param str operator: e.g. ``<``
        :param str company_expr: the store of the record
        :rtype: Domain
        """
        # Which day it is in a store is no secret.
        companies_sudo = self.sudo().search([])
        return Domain.OR(
            Domain(company_expr, "in", companies.ids)
            & Domain(field_expr, operator, day)
            for day, companies in companies_sudo.grouped(
                lambda company: company._dealer_today()
            ).items()
        )

    @api.model
    def _dealer_zones_sql(self):
        """Return a query of all stores, ``company_id`` and ``tz``, to be joined."""
        return SQL(
            """
            SELECT company.id AS company_id,
                   COALESCE(calendar.tz, address.tz, 'UTC') AS tz
              FROM res_company company
              JOIN res_partner address ON address.id = company.partner_id
         LEFT JOIN resource_calendar calendar
                ON calendar.id = company.resource_calendar_id
            """
        )

    @api.model
    def _dealer_date_sql(self, moment, zone):
        """Return SQL for the day of a moment in a store.

        :param SQL moment: a timestamp in UTC
        :param SQL zone: the name of a time zone, see `_dealer_zones_sql`
        :rtype: SQL
        """
        return SQL("(%s AT TIME ZONE 'UTC' AT TIME ZONE %s)::date", moment, zone)
