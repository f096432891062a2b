from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import format_date

from .. import arguments as arg
from ..const import CLOSED_JOB_STATES, JOB_APPROVED_STATES, PRESENT_STATES

# How far back the store's favourites are counted.
POPULAR_MONTHS = 12


class DealerServicePackage(models.Model):
    """What to offer a car that comes in: the most useful packages, with reasons."""

    _inherit = "dealer.service.package"

    @api.model
    @arg.typed(vehicle_id=arg.integer, limit=arg.integer)
    def suggest(self, vehicle_id, limit=3):
        """Return the packages most worth offering to a car, best first.

        First what the maintenance plan says is due, then what was declined earlier,
        then what the store sells most. What is on an open visit is left out.

        :param int vehicle_id: id of a `dealer.vehicle`
        :param int limit: how many
        :return: a list of dicts: ``id``, ``name``, ``price`` (taxes included, for
            the car's owner in the current store; False for roles that see no
            price), ``currency_id``, ``hours``, ``reason`` (words for the advisor)
        :rtype: list
        """
        vehicle = self.env["dealer.vehicle"].browse(vehicle_id)
        vehicle.check_access("read")
        self.check_access("read")
        company = self.env.company
        fitting = self.search(self._get_fitting_domain(vehicle, company))
        fitting -= self._get_on_visit(vehicle)
        chosen = {}
        for found in self._get_suggestions(vehicle, fitting):
            for package, reason in found.items():
                chosen.setdefault(package, reason)
        packages = self.browse([package.id for package in chosen][:limit])
        return packages._prepare_suggestions(vehicle, company, chosen)

    @api.model
    def _get_suggestions(self, vehicle, fitting):
        """Yield dicts of packages and reasons, the most useful first.

        :param vehicle: a `dealer.vehicle`
        :param fitting: the packages that fit it
        """
        yield fitting._get_due(vehicle)
        yield fitting._get_declined(vehicle)
        yield fitting._get_popular()
        yield dict.fromkeys(fitting, self.env._("Offered by this store"))

    def _prepare_suggestions(self, vehicle, company, reasons):
        """Return packages as `suggest` answers them.

        :rtype: list of dicts
        """
        sees_prices = self.env.user.has_group("dealer_service.group_dealer_price")
        terms = self.env["dealer.pricing"]._get_terms(vehicle.owner_id, company)
        prices = self._get_prices(vehicle.owner_id, company) if sees_prices else {}
        return [
            {
                "id": package.id,
                "name": package.name,
                "price": prices.get(package, False),
                "currency_id": terms.currency.id,
                "hours": package.hours,
                "reason": reasons[package],
            }
            for package in self
        ]

    @api.model
    def _get_on_visit(self, vehicle):
        """Return the packages that are on an open visit of a car already."""
        jobs = self.env["dealer.repair.job"].search(
            [
                ("vehicle_id", "=", vehicle.id),
                ("package_id", "!=", False),
                ("state", "not in", CLOSED_JOB_STATES),
                ("order_id.state", "in", PRESENT_STATES),
            ]
        )
        return jobs.package_id

    def _get_due(self, vehicle):
        """Return the packages that the maintenance plan asks for, with the reason."""
        return {
            due["package"]: due["reason"]
            for due in vehicle._get_due_items()[vehicle]
            if due["state"] != "later" and due["package"] in self
        }

    def _get_declined(self, vehicle):
        """Return the packages that the customer declined earlier, with the reason.

        A finding names a package if its job came from it, or if the labour of the
        job is all the labour of the package.
        """
        findings = self.env["dealer.vehicle.finding"].search(
            [("vehicle_id", "=", vehicle.id), ("state", "=", "open")]
        )
        by_labour = self._get_by_labour()
        found = {}
        for finding in findings.sorted(lambda f: (f.danger != "safety", -f.id)):
            # Jobs of other stores are not readable; what they were about is.
            job_sudo = finding.sudo().job_id
            labour = job_sudo.line_ids.filtered(lambda line: line.kind == "labour")
            package = self.filtered(lambda p, j=job_sudo: p.id == j.package_id.id)
            package = package or by_labour.get(frozenset(labour.product_id.ids))
            if package:
                found.setdefault(
                    package,
                    self.env._(
                        "Declined on %(date)s: %(finding)s",
                        date=format_date(self.env, finding.create_date.date()),
                        finding=finding.name,
                    ),
                )
        return found

    def _get_by_labour(self):
        """Return the packages by the set of labour products they consist of.

        :rtype: dict
        """
        found = {}
        for package in self:
            if labour := package._get_labour():
                found.setdefault(labour, package)
        return found

    def _get_popular(self):
        """Return the packages that this store sold most of late, with the reason."""
        today = self.env.company._dealer_today()
        since = fields.Date.add(today, months=-POPULAR_MONTHS)
        groups = self.env["dealer.repair.job"]._read_group(
            Domain("package_id", "in", self.ids)
            & Domain("company_id", "=", self.env.company.id)
            & Domain("state", "in", list(JOB_APPROVED_STATES))
            & Domain("create_date", ">=", since),
            ["package_id"],
            ["__count"],
            order="__count DESC, package_id",
        )
        return {
            package: self.env._(
                "Chosen %(count)s times in this store in the last 12 months",
                count=count,
            )
            for package, count in groups
        }
