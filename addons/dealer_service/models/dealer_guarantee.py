from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL, format_date


class DealerGuarantee(models.Model):
    """What a store promised for a job at delivery (C5, section 6).

    - One per job, opened at delivery; nobody writes it afterwards.
    - It runs until ``end_date`` (included, days of the store's time zone) or until
      the car is known to have passed ``end_km``, whichever comes first.
    - A come-back opens a new one for its own work; the first one runs on. Internal
      work that is no come-back (the store's own cars, PDI) opens none.
    """

    _name = "dealer.guarantee"
    _description = "Repair guarantee"
    _order = "start_date desc, id desc"
    _rec_names_search = ["job_id.name"]

    job_id = fields.Many2one(
        "dealer.repair.job", required=True, readonly=True, ondelete="restrict"
    )
    order_id = fields.Many2one(
        "dealer.repair.order",
        string="Repair order",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    vehicle_id = fields.Many2one(
        "dealer.vehicle",
        string="Car",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    category_id = fields.Many2one(
        "dealer.repair.category", required=True, readonly=True, ondelete="restrict"
    )
    company_id = fields.Many2one(
        "res.company", string="Store", required=True, readonly=True, index=True
    )
    start_date = fields.Date(string="Delivered on", required=True, readonly=True)
    start_km = fields.Integer(
        string="Delivered at (km)", readonly=True, aggregator=False
    )
    km = fields.Integer(string="Promised km", readonly=True, aggregator=False)
    days = fields.Integer(string="Promised days", readonly=True, aggregator=False)
    end_date = fields.Date(
        string="Last day", required=True, readonly=True, help="Still guaranteed."
    )
    end_km = fields.Integer(
        string="Up to (km)",
        readonly=True,
        aggregator=False,
        help="Reading of the odometer up to which it is guaranteed.",
    )
    odometer = fields.Integer(
        related="vehicle_id.odometer", string="Mileage now (km)", aggregator=False
    )
    state = fields.Selection(
        [("running", "Running"), ("expired", "Expired")],
        compute="_compute_state",
        search="_search_state",
        help="Running while neither the last day nor the km are passed.",
    )

    _job_uniq = models.Constraint(
        "UNIQUE (job_id)",
        lambda env, _diag: env._("This job already has its guarantee."),
    )

    # === COMPUTE METHODS === #

    @api.depends("job_id.name", "end_date", "end_km")
    def _compute_display_name(self):
        """Show what is guaranteed, and how long."""
        for guarantee in self:
            # The jobs of other stores are not readable; what was promised is.
            job_sudo = guarantee.sudo().job_id
            guarantee.display_name = guarantee.env._(
                "%(job)s, until %(date)s or %(km)s km",
                job=job_sudo.name,
                date=format_date(guarantee.env, guarantee.end_date),
                km=guarantee.end_km,
            )

    @api.depends("end_date", "end_km", "company_id", "odometer")
    def _compute_state(self):
        """Compare with today in the store and with the mileage of the car."""
        todays = {company: company._dealer_today() for company in self.company_id}
        for guarantee in self:
            runs = (
                guarantee.end_date >= todays[guarantee.company_id]
                and guarantee.odometer <= guarantee.end_km
            )
            guarantee.state = "running" if runs else "expired"

    def _search_state(self, operator, value):
        """Search by state; today differs between stores of several time zones."""
        if operator != "in":
            return NotImplemented
        in_time = self.env["res.company"]._dealer_today_domain("end_date", ">=")
        running = in_time & Domain.custom(
            to_sql=self._get_within_km_sql,
            predicate=lambda record: record.odometer <= record.end_km,
        )
        domain = Domain.FALSE
        if "running" in value:
            domain |= running
        if "expired" in value:
            domain |= ~running
        return domain

    @api.model
    def _get_within_km_sql(self, model, alias, query):
        """Return SQL that tells whether the car is still within the promised km."""
        return SQL(
            "%s <= %s",
            model._field_to_sql(alias, "odometer", query),
            model._field_to_sql(alias, "end_km", query),
        )

    # === BUSINESS METHODS === #

    @api.model
    def _open_for_jobs(self, jobs):
        """Open the guarantees of delivered jobs, once for each job.

        :param jobs: approved `dealer.repair.job` records of delivered visits
        :return: the new guarantees
        :rtype: `dealer.guarantee`
        """
        guarantee_sudo = self.sudo()
        known_sudo = guarantee_sudo.search([("job_id", "in", jobs.ids)])
        jobs = (jobs - known_sudo.job_id).filtered(self._is_guaranteed)
        vals_list = [self._prepare_vals(job) for job in jobs]
        return guarantee_sudo.create(vals_list).sudo(False)

    @api.model
    def _is_guaranteed(self, job):
        """Tell whether a job opens a guarantee: it promises something to somebody.

        :param job: a `dealer.repair.job`
        :rtype: bool
        """
        own_work = job.payer == "internal" and job.origin != "comeback"
        return bool(job.category_id) and not own_work

    @api.model
    def _prepare_vals(self, job):
        """Return the values of the guarantee of a delivered job.

        :param job: a `dealer.repair.job`
        :rtype: dict
        """
        order, category = job.order_id, job.category_id
        start_date = order.company_id._dealer_date(
            order.delivered_at or fields.Datetime.now()
        )
        start_km = order._get_delivery_km()
        return {
            "job_id": job.id,
            "order_id": order.id,
            "vehicle_id": order.vehicle_id.id,
            "category_id": category.id,
            "company_id": order.company_id.id,
            "start_date": start_date,
            "start_km": start_km,
            "km": category.guarantee_km,
            "days": category.guarantee_days,
            "end_date": start_date + timedelta(days=category.guarantee_days),
            "end_km": start_km + category.guarantee_km,
        }

    @api.model
    def _running_on(self, vehicle, date, km=0):
        """Return the guarantees of a car that hold on a day and at a mileage.

        :param vehicle: a `dealer.vehicle`
        :param date date: the day the car came, in the store's time zone
        :param int km: its mileage then; 0 if not read yet
        :rtype: `dealer.guarantee`
        """
        domain = Domain("vehicle_id", "in", vehicle.ids)
        domain &= Domain("start_date", "<=", date) & Domain("end_date", ">=", date)
        if km:
            domain &= Domain("end_km", ">=", km)
        return self.search(domain)
