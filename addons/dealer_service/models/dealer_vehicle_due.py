from collections import namedtuple

from odoo import api, fields, models
from odoo.tools import SQL

# A job done on a car: its package, its labour, the day and the mileage.
Done = namedtuple("Done", "package_id labour date km")
DUE_ORDER = {"overdue": 0, "soon": 1, "unknown": 2, "later": 3}
NEVER_KM = 10**9
NEVER_DAYS = 10**6


class DealerVehicle(models.Model):
    """What is due next on a car, by its maintenance plan (A3, C12).

    The plan says the intervals, the visits say what was done, the odometer says
    where the car is. A better guess of the mileage, e.g. from the km a car runs in
    a month, overrides `_get_km_now`.
    """

    _inherit = "dealer.vehicle"

    due_summary = fields.Html(
        string="Due next",
        compute="_compute_due_summary",
        help="By the maintenance plan of the model and the visits to our stores.",
    )

    @api.depends("odometer", "model_id", "purchase_date", "energy", "repair_order_ids")
    @api.depends_context("lang", "uid")
    def _compute_due_summary(self):
        """Show the plan of each car with what was done and what comes next."""
        due = self._origin._get_due_items()
        labels = self._get_due_labels()
        for vehicle in self:
            vehicle.due_summary = self.env["ir.qweb"]._render(
                "dealer_service.vehicle_due_summary",
                {"items": due.get(vehicle._origin, []), "labels": labels},
            )

    # === BUSINESS METHODS === #

    def get_due_items(self):
        """Return what is due on a car, the most urgent first, as plain data.

        :return: a list of dicts: ``package_id``, ``name``, ``state`` (``overdue``,
            ``soon``, ``unknown``: due by the plan but never done here, ``later``),
            ``due_date``, ``due_km``, ``last_date``, ``last_km``, ``reason`` (words)
        :rtype: list
        """
        self.ensure_one()
        self.check_access("read")
        return [
            {
                "package_id": due["package"].id,
                "name": due["package"].name,
                **{
                    key: due[key]
                    for key in (
                        "state",
                        "due_date",
                        "due_km",
                        "last_date",
                        "last_km",
                        "reason",
                    )
                },
            }
            for due in self._get_due_items()[self]
        ]

    def _get_due_items(self):
        """Return what is due on each car, the most urgent first.

        :return: for each car a list of dicts, as `get_due_items` but with ``item``
            and ``package`` as records, ``km_left`` and ``days_left``
        :rtype: dict
        """
        plans = self.env["dealer.maintenance.plan"]._get_plans(self)
        done = self._get_work_done()
        result = {}
        for vehicle in self:
            items = plans[vehicle].item_ids.filtered(lambda i, v=vehicle: i._fits(v))
            rows = [
                vehicle._prepare_due(
                    item, vehicle._find_last(item, done.get(vehicle.id, []))
                )
                for item in items
            ]
            result[vehicle] = sorted(rows, key=self._get_due_key)
        return result

    def _get_km_now(self):
        """Return the mileage of the car as far as it is known, in km."""
        self.ensure_one()
        return self.odometer

    def _get_work_done(self):
        """Return the finished jobs of these cars in all stores, newest first.

        One query, past the record rules: the file of a car is shared, and day and
        mileage of a service belong to it.

        :return: a list of `Done` by id of the car
        :rtype: dict
        """
        if not self.ids:
            return {}
        for model in ("repair.order", "intake", "repair.job", "repair.line"):
            self.env[f"dealer.{model}"].flush_model()
        stores = self.env["res.company"]
        rows = self.env.execute_query(
            SQL(
                """
                SELECT job.vehicle_id, job.package_id,
                       ARRAY_AGG(line.product_id) FILTER (WHERE line.kind = 'labour'),
                       %(date)s,
                       COALESCE(intake.mileage, 0)
                  FROM dealer_repair_job job
                  JOIN dealer_repair_order visit ON visit.id = job.order_id
                  JOIN dealer_intake intake ON intake.id = visit.intake_id
                  JOIN (%(zones)s) zone ON zone.company_id = visit.company_id
             LEFT JOIN dealer_repair_line line ON line.job_id = job.id
                 WHERE job.vehicle_id IN %(cars)s AND job.state = 'done'
              GROUP BY job.id, visit.id, intake.id, zone.tz
              ORDER BY visit.arrived_at DESC
                """,
                date=stores._dealer_date_sql(
                    SQL("COALESCE(visit.delivered_at, visit.arrived_at)"),
                    SQL("zone.tz"),
                ),
                zones=stores._dealer_zones_sql(),
                cars=tuple(self.ids),
            )
        )
        done = {}
        for vehicle_id, package_id, labour, date, km in rows:
            row = Done(package_id, frozenset(labour or ()), date, km)
            done.setdefault(vehicle_id, []).append(row)
        return done

    @api.model
    def _find_last(self, item, done):
        """Return the last time that the work of a plan was done, or None.

        It counts when the job came from one of the packages that count, or when it
        holds all the labour of one.
        """
        counting = item._get_counting()
        labours = [labour for p in counting if (labour := p._get_labour())]
        for row in done:
            if row.package_id in counting.ids or any(
                labour <= row.labour for labour in labours
            ):
                return row
        return None

    def _prepare_due(self, item, last):
        """Return when the work of a plan is due on a car.

        :param item: a `dealer.maintenance.plan.item`
        :param Done last: the last time it was done; None if never
        :rtype: dict
        """
        self.ensure_one()
        due = {
            "item": item,
            "package": item.package_id,
            "last_date": last and last.date,
            "last_km": last and last.km,
            "due_km": 0,
            "due_date": False,
        }
        if last:
            due["due_km"] = item.every_km and last.km and last.km + item.every_km
            due["due_date"] = item.every_months and fields.Date.add(
                last.date, months=item.every_months
            )
        elif not self._is_past_first(item):
            due["package"] = item.first_package_id or item.package_id
            due["due_km"] = item.first_km or item.every_km
            months = item.first_months or item.every_months
            due["due_date"] = bool(self.purchase_date and months) and fields.Date.add(
                self.purchase_date, months=months
            )
        self._rate_due(due)
        due["reason"] = self._get_due_reason(due)
        return due

    def _is_past_first(self, item):
        """Tell whether the car must have had the first service somewhere else.

        It is past the first time by more than one interval.
        """
        first_km = item.first_km or item.every_km
        if item.every_km and self._get_km_now() > first_km + item.every_km:
            return True
        months = (item.first_months or item.every_months) + item.every_months
        today = self.env.company._dealer_today()
        return bool(
            self.purchase_date
            and item.every_months
            and fields.Date.add(self.purchase_date, months=months) < today
        )

    def _rate_due(self, due):
        """Add to ``due`` how much is left, and how urgent that makes it."""
        company = self.env.company
        today = self.env.company._dealer_today()
        km_now = self._get_km_now()
        has_km = due["due_km"] and km_now
        km_left = due["due_km"] - km_now if has_km else NEVER_KM
        days_left = (due["due_date"] - today).days if due["due_date"] else NEVER_DAYS
        if not due["due_km"] and not due["due_date"]:
            state = "unknown"
        elif km_left < 0 or days_left < 0:
            state = "overdue"
        elif (
            km_left <= company.dealer_due_soon_km
            or days_left <= company.dealer_due_soon_days
        ):
            state = "soon"
        else:
            state = "later"
        due.update(state=state, km_left=km_left, days_left=days_left)

    @api.model
    def _get_due_key(self, due):
        """Sort by urgency, then by what is left."""
        # A car runs some 50 km a day: good enough to compare km with days.
        left = min(due["km_left"] / 50, due["days_left"])
        return DUE_ORDER[due["state"]], left, due["item"].sequence

    def _get_due_reason(self, due):
        """Say in words why the work is due.

        :rtype: str
        """
        item = due["item"]
        if due["state"] == "unknown":
            return self.env._(
                "Never done in our stores; the plan says every %(interval)s",
                interval=item.interval,
            )
        if due["last_date"]:
            today = self.env.company._dealer_today()
            days = (today - due["last_date"]).days
            return self.env._(
                "%(km)s km and %(months)s months since the last one; the plan says "
                "every %(interval)s",
                km=f"{max(self._get_km_now() - due['last_km'], 0):,}",
                months=round(days / 30.4),
                interval=item.interval,
            )
        return self.env._(
            "First due at %(interval)s; the car has run %(km)s km",
            interval=item._get_interval_text(
                due["due_km"], self._get_first_months(due)
            ),
            km=f"{self._get_km_now():,}",
        )

    @api.model
    def _get_first_months(self, due):
        """Return after how many months the first service is due."""
        return due["item"].first_months or due["item"].every_months

    @api.model
    def _get_due_labels(self):
        """Return the words for the states of what is due.

        :rtype: dict
        """
        return {
            "overdue": self.env._("Overdue"),
            "soon": self.env._("Due soon"),
            "unknown": self.env._("Ask the customer"),
            "later": self.env._("Later"),
        }
