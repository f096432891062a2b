import json

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..cron import run_each


class DealerRepairJob(models.Model):
    """Offering jobs, and what a decision needs and leaves behind (C4, C7)."""

    _inherit = "dealer.repair.job"

    def _get_missing_for_offer(self):
        """Return what a draft job still needs before it is offered (C3, C4).

        :rtype: list of sentences
        """
        self.ensure_one()
        checks = [
            (self.line_ids, self.env._("%(job)s: add labour or parts.", job=self.name)),
            (
                self.category_id,
                self.env._("%(job)s: choose the category.", job=self.name),
            ),
            (
                self.method,
                self.env._("%(job)s: choose how it is estimated.", job=self.name),
            ),
            (
                self.origin != "addon" or self.addon_reason,
                self.env._("%(job)s: say why the add-on is needed.", job=self.name),
            ),
        ]
        return [sentence for fulfilled, sentence in checks if not fulfilled]

    def action_offer(self):
        """Offer add-ons and revised jobs while the visit goes on (C7).

        The promise that would hold for all of it is worked out at once, so that the
        customer hears it with the price.

        :raises UserError: listing what a job still needs, or if the workshop sees
            no end of the work
        """
        orders = self.order_id
        orders._ensure_role(orders._get_verb_groups("offer"))
        self.check_access("write")
        for order in orders:
            if order.state not in ("offered", "accepted", "in_progress"):
                raise UserError(
                    order.env._(
                        "Jobs are offered with the estimate, or later while the "
                        "work is going on."
                    )
                )
        if missing := [text for job in self for text in job._get_missing_for_offer()]:
            raise UserError("\n".join(missing))
        self._offer()
        orders._propose_offered_promise()
        return True

    def _offer(self):
        """Put complete draft jobs on offer until the end of their validity."""
        for company, jobs in self.grouped("company_id").items():
            days = company.dealer_offer_validity_days
            jobs._update_state(
                "offered",
                {
                    "offered_at": fields.Datetime.now(),
                    "valid_until": fields.Date.add(company._dealer_today(), days=days),
                },
            )

    def _ensure_decidable(self, chosen):
        """Refuse decisions on jobs not on offer, changed since or expired."""
        for job in self:
            values = {"job": job.name}
            if job.state != "offered":
                raise UserError(
                    job.env._(
                        "%(job)s is not on offer (any more); reload the page.", **values
                    )
                )
            if chosen[job.id].get("revision") != job.revision:
                raise UserError(
                    job.env._(
                        "%(job)s was changed after the customer saw it. Show the "
                        "current price (revision %(revision)s) and ask again.",
                        revision=job.revision,
                        **values,
                    )
                )
            if job.valid_until and job.valid_until < job.company_id._dealer_today():
                raise UserError(
                    job.env._(
                        "The offer of %(job)s expired on %(date)s. Offer it again.",
                        date=job.valid_until,
                        **values,
                    )
                )

    def _prepare_snapshot(self, promised_at):
        """Return as JSON exactly what the customer is shown about this job.

        :param promised_at: when he is told that the car will be ready
        """
        self.ensure_one()
        lang = self.order_id.partner_id.lang or self.env.lang
        job = self.with_context(lang=lang)
        return json.dumps(
            {
                "job": job.name,
                "method": job.method or "",
                "notes": job._get_offer_notes(),
                "cause": job.cause or "",
                "correction": job.correction or "",
                "category": job.category_id.name or "",
                "payer": job.payer,
                "promised_at": fields.Datetime.to_string(promised_at),
                "extra_hours": job.extra_hours,
                "lines": [line._prepare_snapshot() for line in job.line_ids],
                "untaxed": job.amount_untaxed,
                "tax": job.amount_tax,
                "total": job.amount_total,
                "currency": job.currency_id.name,
            },
            sort_keys=True,
            ensure_ascii=False,
        )

    def _create_findings(self, chosen):
        """Remember refused jobs on the car, once however often they are refused (E4).

        :param dict chosen: the decisions, by job id
        """
        # The file is written by the system; advisors only decide.
        finding_sudo = self.env["dealer.vehicle.finding"].sudo()
        again = self.filtered(lambda job: job.finding_id.state == "open")
        for job in again:
            job.finding_id.sudo()._renew(job, chosen[job.id])
        finding_sudo.create(
            [job._prepare_finding_vals(chosen[job.id]) for job in self - again]
        )

    def _convert_findings(self):
        """Close the findings that these approved jobs revive."""
        for job in self.filtered(lambda job: job.finding_id.state == "open"):
            # The file is written by the system; advisors only decide.
            finding_sudo = job.finding_id.sudo()
            finding_sudo._convert(job)

    def _prepare_finding_vals(self, decision):
        """Return the values of the finding that a refused job leaves.

        :param dict decision: the customer's decision
        :rtype: dict
        """
        self.ensure_one()
        return {
            "vehicle_id": self.order_id.vehicle_id.id,
            "job_id": self.id,
            "order_id": self.order_id.id,
            "company_id": self.company_id.id,
            "name": self.name,
            "reason": decision.get("reason") or False,
            "danger": decision.get("danger")
            or ("safety" if self.is_safety else "none"),
            "follow_up_date": decision.get("follow_up_date") or False,
            "follow_up_km": decision.get("follow_up_km") or 0,
            "amount": self.amount_total,
        }

    # === CRON === #

    @api.model
    def _cron_expire_offers(self):
        """Let unanswered offers expire when their validity has passed."""
        domain = Domain("state", "=", "offered")
        domain &= self.env["res.company"]._dealer_today_domain("valid_until", "<")
        expired = self.search(domain)

        def expire(job):
            # The customer may have answered since it was found.
            today = job.company_id._dealer_today()
            if job.state == "offered" and job.valid_until < today:
                job._update_state("expired")

        run_each(expired, expire, lock=lambda job: job.order_id)
