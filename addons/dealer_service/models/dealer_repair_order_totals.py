from odoo import api, fields, models

from ..const import CLOSED_JOB_STATES, JOB_APPROVED_STATES
from .dealer_repair_job_totals import PRICE, PRICE_PARTS

AMOUNTS = (*PRICE_PARTS, "untaxed", "tax", "total")
# What the totals are split by: has the customer decided?
GROUPS = ("open", "approved", "refused")


class DealerRepairOrder(models.Model):
    """The estimate added up per payer: labour, parts, … taxes (F05)."""

    _inherit = "dealer.repair.order"

    estimate_summary = fields.Html(
        string="Estimate by payer", compute="_compute_estimate_summary", groups=PRICE
    )

    @api.depends(
        "job_ids.state",
        "job_ids.payer",
        "job_ids.payer_partner_id",
        "job_ids.amount_total",
    )
    @api.depends_context("lang")
    def _compute_estimate_summary(self):
        """Draw the totals; all lines of all visits are read at once."""
        for order in self:
            order.estimate_summary = self.env["ir.qweb"]._render(
                "dealer_service.estimate_summary",
                {"groups": order._get_estimate_groups()},
            )

    def get_estimate_totals(self):
        """Return what the estimate adds up to, per decision and payer (F05).

        :raises AccessError: if the user sees no prices, or not this visit
        :return: a list of dicts: ``group`` (``open``: draft or on offer,
            ``approved``, ``refused``: declined, deferred or expired), ``payer``,
            ``partner_id``, ``currency_id``, amounts before taxes ``labour``,
            ``part``, ``sublet``, ``fee``, ``premium``, then ``untaxed``, ``tax``,
            ``total``
        :rtype: list
        """
        self.ensure_one()
        self.check_access("read")
        self._check_field_access(self._fields["estimate_summary"], "read")
        return [
            dict(
                {key: row[key] for key in ("group", "payer", *AMOUNTS)},
                partner_id=row["partner"].id,
                currency_id=row["currency"].id,
            )
            for row in self._get_estimate_rows()
        ]

    def _get_estimate_rows(self):
        """Return one dict per decision, payer, partner and currency, in that order.

        :rtype: list
        """
        self.ensure_one()
        sums = {}
        for job in self.job_ids:
            key = (
                self._get_estimate_group(job),
                job.payer,
                job.bill_partner_id,
                job.currency_id,
            )
            row = sums.setdefault(key, dict.fromkeys(AMOUNTS, 0.0))
            for part in PRICE_PARTS:
                row[part] += job[f"amount_{part}"]
            row["untaxed"] += job.amount_untaxed
            row["tax"] += job.amount_tax
            row["total"] += job.amount_total
        payers = [payer for payer, _label in self.job_ids._fields["payer"].selection]
        return [
            dict(
                row,
                group=group,
                payer=payer,
                partner=partner,
                currency=currency,
            )
            for (group, payer, partner, currency), row in sorted(
                sums.items(),
                key=lambda item: (
                    GROUPS.index(item[0][0]),
                    payers.index(item[0][1]),
                    item[0][2].id or 0,
                ),
            )
        ]

    @api.model
    def _get_estimate_group(self, job):
        """Tell under which decision a job is added up."""
        if job.state in JOB_APPROVED_STATES:
            return "approved"
        return "refused" if job.state in CLOSED_JOB_STATES else "open"

    def _get_estimate_groups(self):
        """Return the rows as the screen shows them: only columns that hold something.

        :rtype: list of dicts
        """
        rows = self._get_estimate_rows()
        names = {
            "open": self.env._("To decide"),
            "approved": self.env._("Approved"),
            "refused": self.env._("Not taken up"),
        }
        payers = dict(self.job_ids._fields["payer"]._description_selection(self.env))
        columns = [
            (part, self.job_ids._fields[f"amount_{part}"]._description_string(self.env))
            for part in PRICE_PARTS
            if any(row[part] for row in rows)
        ]
        return [
            {
                "name": names[group],
                "group": group,
                "columns": columns,
                "rows": [
                    dict(row, payer_name=payers[row["payer"]])
                    for row in rows
                    if row["group"] == group
                ],
            }
            for group in GROUPS
            if any(row["group"] == group for row in rows)
        ]
