from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import format_list


class DealerMaintenancePlanItem(models.Model):
    """One service of a plan: when it is first due, and how often then.

    Km and months count from the day the car was bought, then from the last time the
    work was done in a store of the group; whichever comes first makes it due.
    """

    _name = "dealer.maintenance.plan.item"
    _description = "Maintenance plan item"
    _order = "plan_id, sequence, id"

    plan_id = fields.Many2one(
        "dealer.maintenance.plan", required=True, index=True, ondelete="cascade"
    )
    sequence = fields.Integer(default=10)
    package_id = fields.Many2one(
        "dealer.service.package",
        string="Service package",
        required=True,
        index=True,
        ondelete="restrict",
        domain="[('company_id', '=', False)]",
    )
    first_package_id = fields.Many2one(
        "dealer.service.package",
        string="First time as",
        index="btree_not_null",
        ondelete="restrict",
        domain="[('company_id', '=', False)]",
        help="The package of the first time, e.g. the first service. Empty: the same.",
    )
    first_km = fields.Integer(
        string="First at (km)", aggregator=False, help="Empty: as every time."
    )
    first_months = fields.Integer(
        string="First after (months)", aggregator=False, help="Empty: as every time."
    )
    every_km = fields.Integer(string="Then every (km)", aggregator=False)
    every_months = fields.Integer(string="Then every (months)", aggregator=False)
    interval = fields.Char(compute="_compute_interval")

    _positive = models.Constraint(
        "CHECK (COALESCE(first_km, 0) >= 0 AND COALESCE(first_months, 0) >= 0 "
        "AND COALESCE(every_km, 0) >= 0 AND COALESCE(every_months, 0) >= 0)",
        lambda env, _diag: env._("Km and months of a plan cannot be negative."),
    )
    _has_interval = models.Constraint(
        "CHECK (COALESCE(every_km, 0) + COALESCE(every_months, 0) > 0)",
        lambda env, _diag: env._(
            "Maintenance plan: say after how many km or months the work comes again."
        ),
    )

    @api.depends("every_km", "every_months")
    @api.depends_context("lang")
    def _compute_interval(self):
        """Say the interval in words."""
        for item in self:
            item.interval = item._get_interval_text(item.every_km, item.every_months)

    @api.constrains("package_id", "first_package_id")
    def _check_shared(self):
        """Plan only what all stores sell, as the plan is theirs too."""
        for item in self:
            for package in item.package_id | item.first_package_id:
                if package.company_id:
                    raise ValidationError(
                        item.env._(
                            "%(package)s is sold by one store only. Plans are shared: "
                            "choose a package of all stores.",
                            package=package.name,
                        )
                    )

    def _get_interval_text(self, km, months):
        """Return a distance and a time in words, e.g. “10,000 km or 12 months”.

        :rtype: str
        """
        parts = []
        if km:
            parts.append(self.env._("%(km)s km", km=f"{km:,}"))
        if months:
            parts.append(self.env._("%(months)s months", months=months))
        return format_list(self.env, parts, "or")

    def _get_counting(self):
        """Return the packages that count as this work when they are done.

        :rtype: `dealer.service.package`
        """
        packages = self.package_id | self.first_package_id
        return packages | packages.included_in_ids

    def _fits(self, vehicle):
        """Tell whether the work is sold and fits the drive of a car.

        :param vehicle: a `dealer.vehicle`
        :rtype: bool
        """
        self.ensure_one()
        drive = self.package_id._get_drive(vehicle)
        return self.package_id.active and (
            not drive or self.package_id.drive in ("all", drive)
        )
