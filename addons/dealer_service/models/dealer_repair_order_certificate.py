from odoo import api, fields, models


class DealerRepairOrder(models.Model):
    """Certificate and quality card of a visit (F14, section 3)."""

    _inherit = "dealer.repair.order"

    certificate_ids = fields.One2many(
        "dealer.certificate", "order_id", string="Certificates"
    )
    certificate_id = fields.Many2one(
        "dealer.certificate",
        string="Completion certificate",
        compute="_compute_certificate_id",
        help="The valid one.",
    )

    @api.depends("certificate_ids.state")
    def _compute_certificate_id(self):
        for order in self:
            valid = order.certificate_ids.filtered(lambda c: c.state == "valid")
            order.certificate_id = valid.sorted("id")[-1:]

    def _get_certificate_jobs(self):
        """Return the approved jobs whose class demands a certificate."""
        return self._get_approved_jobs().filtered("category_id.needs_certificate")

    # === GUARDS === #

    def _get_missing_for_ready(self):
        """Extend to ask for the completion certificate."""
        return super()._get_missing_for_ready() + self._get_missing_certificate()

    def _get_missing_for_deliver(self):
        """Extend: no delivery without a valid completion certificate."""
        return super()._get_missing_for_deliver() + self._get_missing_certificate()

    def _get_missing_certificate(self):
        """Return what is said where a certificate is due and none is valid.

        :rtype: list of sentences
        """
        self.ensure_one()
        if not self._get_certificate_jobs() or self.certificate_id:
            return []
        if voided := self.certificate_ids[:1]:
            return [
                self.env._(
                    "Completion certificate: %(number)s is void; an inspector has to "
                    "issue a new one.",
                    number=voided.name,
                )
            ]
        return [
            self.env._(
                "Completion certificate: the inspector issues it by passing the final "
                "check."
            )
        ]

    # === DATA FOR PAPERS === #

    def _get_quality_card(self):
        """Return what the quality card of a car says (質量保證卡, F14).

        :return: ``guarantees``: list of dicts with ``job``, ``category``, ``km``,
            ``days``, ``end_date``, ``end_km`` (the last two False before
            delivery); ``reworks``: list of dicts with ``number``, ``item``,
            ``date``, ``done``, ``sender``, ``inspector``;
            ``invoices``: names of the posted invoices; ``certificate``: number of
            the valid certificate, or False
        :rtype: dict
        """
        self.ensure_one()
        # The card goes to the customer; who prints it may not read all of it.
        order_sudo = self.sudo()
        posted = order_sudo.invoice_ids.filtered(lambda move: move.state == "posted")
        return {
            "certificate": order_sudo.certificate_id.name,
            "invoices": posted.mapped("name"),
            "guarantees": order_sudo._get_card_guarantees(),
            "reworks": order_sudo._get_card_reworks(),
        }

    def _get_card_guarantees(self):
        """Return what is promised for the work done; until when, once it is delivered.

        :rtype: list of dicts
        """
        Guarantee = self.env["dealer.guarantee"]
        given = {
            guarantee.job_id: guarantee
            for guarantee in Guarantee.search([("order_id", "=", self.id)])
        }
        done = self.job_ids.filtered(lambda job: job.state == "done")
        rows = []
        for job in done.filtered(Guarantee._is_guaranteed):
            category = job.category_id
            guarantee = given.get(job, Guarantee)
            rows.append(
                {
                    "job": job.name,
                    "category": category.name,
                    "km": guarantee.km or category.guarantee_km,
                    "days": guarantee.days or category.guarantee_days,
                    "end_date": guarantee.end_date,
                    "end_km": guarantee.end_km,
                }
            )
        return rows

    def _get_card_reworks(self):
        """Return how often the car came back for these jobs.

        :rtype: list of dicts
        """
        reworks = self.env["dealer.rework"].search(
            [
                ("original_job_id", "in", self.job_ids.ids),
                ("kind", "=", "external"),
                ("state", "!=", "cancelled"),
            ],
            order="opened_at, id",
        )
        return [
            {
                "number": rework.name,
                "item": rework.original_job_id.name,
                "date": rework.opened_at.date(),
                "done": rework.correction,
                "sender": rework.order_id.sender_name,
                "inspector": rework.recheck_id.inspector_id.name,
            }
            for rework in reworks
        ]


class DealerQualityCheck(models.Model):
    """The certificate that a final check issued."""

    _inherit = "dealer.quality.check"

    certificate_ids = fields.One2many(
        "dealer.certificate", "check_id", string="Certificates"
    )
    certificate_no = fields.Char(
        string="Completion certificate",
        compute="_compute_certificate_no",
        help="Number of the valid one.",
    )

    @api.depends("certificate_ids.state")
    def _compute_certificate_no(self):
        for check in self:
            valid = check.certificate_ids.filtered(lambda c: c.state == "valid")
            check.certificate_no = valid.sorted("id")[-1:].name
