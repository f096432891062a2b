from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo import api, models
from odoo.fields import Domain

from ..const import STATUTORY_CAPS


class DealerProbation(models.Model):
    """How long a probation lasts: contract, caps, end and countdown (D1)."""

    _inherit = "dealer.probation"

    # === COMPUTE METHODS === #

    @api.depends("employee_id")
    def _compute_company_id(self):
        """Keep the company that employed the person when the probation started."""
        for probation in self:
            probation.company_id = probation.employee_id.company_id

    @api.depends("employee_id")
    def _compute_date_start(self):
        """Start with the contract: probation runs from signing (D7)."""
        for probation in self:
            version_sudo = probation._find_contract_sudo()
            probation.date_start = version_sudo.contract_date_start

    @api.depends("employee_id", "date_start")
    def _compute_version_id(self):
        """Find the contract that covers the first day."""
        for probation in self:
            day = probation.date_start
            version_sudo = day and probation._find_contract_sudo(day)
            probation.version_id = version_sudo and version_sudo.id

    @api.depends("version_id")
    def _compute_statutory_cap(self):
        """Take down what the law allows for the contract as signed."""
        for probation in self:
            version_sudo = probation.version_id.sudo()
            probation.statutory_cap = self._get_statutory_cap(
                version_sudo.contract_date_start, version_sudo.contract_date_end
            )

    @api.depends("version_id")
    def _compute_contract_dates(self):
        """Take down the contract as signed.

        Not precomputed: an officer who starts a probation may not write them.
        """
        for probation in self:
            version_sudo = probation.version_id.sudo()
            probation.contract_date_start = version_sudo.contract_date_start
            probation.contract_date_end = version_sudo.contract_date_end

    @api.depends("company_id")
    def _compute_policy(self):
        """Take down the company's usual and longest probation."""
        for probation in self:
            company = probation.company_id or self.env.company
            probation.policy_cap = company.dealer_probation_max_months
            if not probation.months:
                probation.months = company.dealer_probation_months

    @api.depends("extension_ids.months")
    def _compute_extension_months(self):
        """Add up the approved extensions."""
        for probation in self:
            probation.extension_months = sum(probation.extension_ids.mapped("months"))

    @api.depends("statutory_cap", "policy_cap")
    def _compute_cap(self):
        """Let the lower cap win; the law where both are equal."""
        for probation in self:
            law, policy = probation.statutory_cap, probation.policy_cap
            probation.cap_months = min(law, policy)
            probation.cap_source = "law" if law <= policy else "policy"

    @api.depends("cap_months", "cap_source", "version_id")
    @api.depends_context("lang")
    def _compute_cap_reason(self):
        """Say in words which cap won, and why."""
        for probation in self:
            probation.cap_reason = probation._get_cap_reason()

    @api.depends("date_start", "months", "extension_months", "cap_months")
    def _compute_date_end(self):
        """Add the months asked for, at most the cap."""
        for probation in self:
            months = probation.months + probation.extension_months
            probation.date_end = probation.date_start and (
                probation.date_start
                + relativedelta(months=min(months, probation.cap_months))
            )

    @api.depends("date_end", "state")
    def _compute_days_left(self):
        """Count down to the end, in days; zero once decided or over."""
        for probation in self:
            days = 0
            if probation.state == "running" and probation.date_end:
                days = (probation.date_end - probation._get_today()).days
            probation.days_left = max(days, 0)

    # === BUSINESS METHODS === #

    @api.model
    def _get_statutory_cap(self, start, end):
        """Return the longest probation the law allows for a contract.

        :param date start: first day of the contract, or False
        :param date end: last day of the contract, or False when open-ended
        :return: months; zero without a contract or below three months
        :rtype: int
        """
        if not start:
            return 0
        for length, cap in STATUTORY_CAPS:
            # A contract of n months lasts until the day before the corresponding
            # day, so its last day plus one reaches it.
            if not end or end + timedelta(days=1) >= start + relativedelta(
                months=length
            ):
                return cap
        return 0

    def _get_cap_reason(self):
        """Return the sentence that names the cap that won, and the other one."""
        self.ensure_one()
        if not self.version_id:
            return self.env._("There is no labour contract on the first day.")
        if self.cap_source == "policy":
            return self.env._(
                "At most %(months)s months by company policy; the law would allow "
                "%(law)s for this contract.",
                months=self.policy_cap,
                law=self.statutory_cap,
            )
        texts = {
            0: self.env._("a contract below 3 months allows no probation"),
            1: self.env._("a contract of 3 months to 1 year allows 1 month"),
            2: self.env._("a contract of 1 to 3 years allows 2 months"),
            6: self.env._(
                "a contract of 3 years or more, or without end, allows 6 months"
            ),
        }
        return self.env._(
            "By law %(rule)s (Labour Contract Law, art. 19); company policy: at most "
            "%(policy)s months.",
            rule=texts[self.statutory_cap],
            policy=self.policy_cap,
        )

    def _find_contract_sudo(self, day=False):
        """Find the employee's contract; its dates are hidden from HR officers.

        :param date day: a day the contract covers; the newest contract without it
        :return: at most one `hr.version`, in superuser mode
        :rtype: recordset
        """
        self.ensure_one()
        versions_sudo = self.env["hr.version"].sudo()
        if not self.employee_id.ids:
            return versions_sudo
        domain = Domain("employee_id", "in", self.employee_id.ids) & Domain(
            "contract_date_start", "!=", False
        )
        if day:
            domain &= Domain("contract_date_start", "<=", day) & (
                Domain("contract_date_end", "=", False)
                | Domain("contract_date_end", ">=", day)
            )
        return versions_sudo.search(
            domain, order="contract_date_start desc, date_version desc", limit=1
        )
