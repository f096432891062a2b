from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import format_date


class DealerVehiclePeriodMixin(models.AbstractModel):
    """Something a car has from one day to another: a plate, an owner.

    A period runs from its first day up to, but not including, its last day, so
    the next one may begin on the day the former ends. An open period has no last
    day; a car has one open period at most, and PostgreSQL refuses periods of one
    car that overlap, whoever writes them.
    """

    _name = "dealer.vehicle.period.mixin"
    _description = "Period in the life of a car"
    _order = "date_start desc, id desc"

    vehicle_id = fields.Many2one(
        "dealer.vehicle", string="Car", required=True, index=True, ondelete="restrict"
    )
    date_start = fields.Date(
        string="From",
        required=True,
        default=lambda self: self.env.company._dealer_today(),
    )
    date_end = fields.Date(
        string="Until", help="First day on which it no longer holds; empty if current."
    )

    _dates_ordered = models.Constraint(
        "CHECK (date_end >= date_start)",
        lambda env, _diag: env._("Until: the period cannot end before it begins."),
    )
    _vehicle_open_uniq = models.UniqueIndex(
        "(vehicle_id) WHERE date_end IS NULL",
        lambda env, _diag: env._(
            "This car already has a current entry. Give that one a last day first."
        ),
    )
    _vehicle_no_overlap = models.Constraint(
        "EXCLUDE USING gist (int4range(vehicle_id, vehicle_id, '[]') WITH &&, "
        "daterange(date_start, date_end, '[)') WITH &&)",
        lambda env, _diag: env._(
            "Two periods of this car overlap. Correct the days they begin or end."
        ),
    )

    @api.model_create_multi
    def create(self, vals_list):
        """Write pending last days first: the database compares row by row.

        A plate or an owner may be the last thing that a file lacked (A2).
        """
        self.flush_model(["date_end"])
        periods = super().create(vals_list)
        periods.vehicle_id._end_file_task()
        return periods

    @api.constrains("date_start")
    def _check_date_start(self):
        """Refuse a period that is yet to come; a current one holds today."""
        # Midnight comes earlier in the east than in UTC.
        latest = fields.Date.today() + timedelta(days=1)
        for period in self:
            if period.date_start > latest:
                raise ValidationError(
                    period.env._(
                        "From: %(date)s is in the future. Enter it once the day has "
                        "come.",
                        date=format_date(period.env, period.date_start),
                    )
                )

    @api.model
    def _search_from(self, domain, date):
        """Return the periods that are open or still hold on or after a day.

        :param Domain domain: which cars, plates or owners
        :param date date: the day a new period is to begin
        """
        return self.search(
            Domain(domain)
            & (Domain("date_end", "=", False) | Domain("date_end", ">", date))
        )

    def _close(self, date):
        """Give open periods their last day.

        :param date date: first day on which they no longer hold
        :raises ValidationError: if one is closed already, or began after that day
        """
        for period in self:
            if period.date_end or period.date_start > date:
                raise ValidationError(
                    period.env._(
                        "%(car)s: %(what)s is entered from %(start)s on, which is "
                        "after %(date)s. Choose a later day, or let the archivist "
                        "correct the periods of the car.",
                        car=period.vehicle_id.display_name,
                        what=period.display_name,
                        start=format_date(period.env, period.date_start),
                        date=format_date(period.env, date),
                    )
                )
        self.write({"date_end": date})
