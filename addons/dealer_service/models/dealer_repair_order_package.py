from odoo import models

from .. import arguments as arg
from ..const import CLOSED_JOB_STATES
from ..utils import as_step
from .dealer_repair_order_flow import ADVISOR


class DealerRepairOrder(models.Model):
    """Service packages on a visit: one job for each (C4)."""

    _inherit = "dealer.repair.order"

    @arg.typed(package_ids=arg.records("dealer.service.package"))
    def add_packages(self, package_ids):
        """Add a job for each service package, priced as every other job.

        A package whose job is on the visit already is not added again, so that a
        second click returns the jobs of the first. What the customer declined
        earlier on this car is linked, and taken up when he says yes.

        :param list package_ids: ids of `dealer.service.package`
        :raises AccessError: if the user is no advisor
        :raises UserError: if the visit is finished or a package is no longer sold
        :return: ids of the jobs, one for each package, in that order
        :rtype: list
        """
        self.ensure_one()
        self._ensure_role((ADVISOR,))
        self.check_access("write")
        self._lock()
        packages = self.env["dealer.service.package"].browse(package_ids)
        packages._ensure_sold(self.company_id)
        jobs = {
            job.package_id: job
            for job in self.job_ids
            if job.package_id and job.state not in CLOSED_JOB_STATES
        }
        new = packages.filtered(lambda package: package not in jobs)
        vals_list = self._prepare_package_jobs(new)
        # An add-on is one by its step; no caller says so.
        created = as_step(self.env["dealer.repair.job"]).create(vals_list)
        jobs.update(zip(new, created, strict=True))
        return [jobs[package].id for package in packages]

    def _prepare_package_jobs(self, packages):
        """Return the values of the jobs of packages, after the jobs that are there.

        :rtype: list of dicts
        """
        last = max(self.job_ids.mapped("sequence"), default=0)
        findings = self._get_findings_by_package(packages)
        later = self._prepare_later_vals(self.env._("The customer wishes it as well."))
        vals_list = []
        for number, package in enumerate(packages, start=1):
            vals = package._prepare_job_vals(self, last + number)
            vals["finding_id"] = findings.get(package, False)
            vals_list.append(vals | later)
        return vals_list

    def _get_findings_by_package(self, packages):
        """Return the open finding of this car that each package takes up.

        :return: ids of `dealer.vehicle.finding` by package
        :rtype: dict
        """
        findings = self.env["dealer.vehicle.finding"].search(
            [("vehicle_id", "=", self.vehicle_id.id), ("state", "=", "open")]
        )
        taken = self.job_ids.finding_id
        # Jobs of other stores are not readable; their package is.
        return {
            finding.sudo().job_id.package_id.sudo(False): finding.id
            for finding in findings - taken
            if finding.sudo().job_id.package_id in packages
        }
