from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from .dealer_pricing import Ask
from .dealer_repair_order_flow import ADVISOR, SETTLEMENT

# The customer may still be asked for the fee of a diagnosis.
FEE_STATES = ("intake", "diagnosis", "offered")
# Not answered, or charged.
LIVE_FEE_STATES = ("draft", "offered", "done")


class DealerRepairOrder(models.Model):
    """What a diagnosis costs (C2, F04).

    The fee is a job of its own, which the customer answers like any other before the
    technician starts, so that no sale line exists without a yes (rule 2). It goes on
    offer when the intake is finished, unless the visit came with its work; reception
    can put it on offer by hand. By the rule "only if the customer does not have it
    repaired" it is waived by itself as soon as work is approved, and it is waived
    where the car leaves before anything was found. A car whose customer approved
    nothing but the fee leaves unrepaired once the desk has settled it.
    """

    _inherit = "dealer.repair.order"

    diagnosis_fee_note = fields.Char(
        string="Diagnosis fee",
        compute="_compute_diagnosis_fee",
        groups="dealer_service.group_dealer_price",
        help="What the customer is told before the diagnosis.",
    )
    can_charge_diagnosis = fields.Boolean(compute="_compute_can_charge_diagnosis")
    can_waive_diagnosis = fields.Boolean(compute="_compute_can_charge_diagnosis")

    # === COMPUTE METHODS === #

    @api.depends("state", "job_ids.state", "job_ids.amount_total", "partner_id")
    @api.depends_context("lang")
    def _compute_diagnosis_fee(self):
        """Tell what a diagnosis costs while it may still be charged."""
        for order in self:
            order.diagnosis_fee_note = order._get_diagnosis_fee_note()

    @api.depends("state", "job_ids.state")
    @api.depends_context("uid")
    def _compute_can_charge_diagnosis(self):
        """Show the buttons of the fee to reception."""
        is_advisor = self.env.su or self.env.user.has_group(ADVISOR)
        for order in self:
            fee = order._get_fee_job()
            open_to_charge = (
                is_advisor
                and order.company_id.dealer_diagnosis_fee_rule != "never"
                and order.state in FEE_STATES
                and not order._get_approved_work()
            )
            order.can_charge_diagnosis = bool(open_to_charge and not fee)
            order.can_waive_diagnosis = bool(
                is_advisor
                and fee.state in ("offered", "done")
                and order.state not in ("settled", "delivered", "left", "cancelled")
            )

    @api.depends("state", "job_ids.state", "findings", "cause")
    def _compute_can_invoice(self):
        """Override of this model to let the desk invoice a fee without a repair."""
        result = super()._compute_can_invoice()
        desk = self.env.su or self.env.user.has_group(SETTLEMENT)
        for order in self:
            if desk and order._owes_fee_only():
                order.can_invoice = order.can_pay = True
        return result

    # === ACTIONS === #

    def action_explain_diagnosis(self):
        """Ask to whom the diagnosis was explained."""
        self.ensure_one()
        return self.diagnosis_id.action_explain()

    def action_charge_diagnosis(self):
        """Put the diagnosis fee on offer.

        :raises UserError: if the store charges none, or work is approved
        :return: id of the job
        :rtype: int
        """
        self.ensure_one()
        self._ensure_role((ADVISOR,))
        self.check_access("write")
        self._lock()
        if self.company_id.dealer_diagnosis_fee_rule == "never":
            raise UserError(
                self.env._(
                    "Diagnosis fee: %(store)s charges none, by its settings.",
                    store=self.company_id.name,
                )
            )
        if self.state not in FEE_STATES or self._get_approved_work():
            raise UserError(
                self.env._(
                    "The diagnosis fee is charged before a repair is approved, up to "
                    "the offer. Add a job for it instead."
                )
            )
        return self._offer_fee().id

    def action_waive_diagnosis(self):
        """Charge no diagnosis fee on these visits.

        :raises UserError: if there is none, or it is invoiced already
        """
        self._ensure_role((ADVISOR,))
        self.check_access("write")
        self._lock()
        for order in self:
            fee = order._get_fee_job()
            if not fee:
                raise UserError(
                    order.env._("%(order)s has no diagnosis fee.", order=order.name)
                )
            order._waive_fee(order.env._("The diagnosis fee was waived."))
        return True

    def action_start_diagnosis(self):
        """Override of this model to ask for the fee before anybody diagnoses."""
        result = super().action_start_diagnosis()
        for order in self:
            rule = order.company_id.dealer_diagnosis_fee_rule
            if rule != "never" and not order.job_ids:
                order._offer_fee()
        return result

    def _action_pre_leave(self):
        """Override of this model: a diagnosis that was not made costs nothing."""
        for order in self:
            if order._get_approved_fee() and not order._is_diagnosed():
                order._waive_fee(order.env._("Nothing was diagnosed: no fee."))
        return super()._action_pre_leave()

    def _action_pre_cancel(self):
        """Override of this model: who calls a visit off charges nothing."""
        for order in self.filtered(lambda order: order._get_approved_fee()):
            order._waive_fee(order.env._("The visit was called off: no fee."))
        return super()._action_pre_cancel()

    # === THE FEE === #

    def _get_fee_job(self):
        """Return the job of the diagnosis fee that still counts."""
        return self.job_ids.filtered(
            lambda job: job.is_diagnosis_fee and job.state in LIVE_FEE_STATES
        )[:1]

    def _get_approved_fee(self):
        """Return the job of the fee that the customer agreed to."""
        return self._get_fee_job().filtered(lambda job: job.state == "done")

    def _get_approved_work(self):
        """Return the approved jobs that somebody works on."""
        return self._get_approved_jobs().filtered(lambda job: not job.is_diagnosis_fee)

    def _is_diagnosed(self):
        """Tell whether findings and cause are written."""
        self.ensure_one()
        return not self.diagnosis_id._get_missing_diagnosis()

    def _owes_fee_only(self):
        """Tell whether the fee is all that this visit will ever cost.

        It is as soon as the diagnosis is made and no repair is on offer any more.
        """
        self.ensure_one()
        return bool(
            self.state in ("diagnosis", "offered")
            and self._get_approved_fee()
            and self._is_diagnosed()
            and all(
                job.is_diagnosis_fee or job.state not in ("draft", "offered")
                for job in self.job_ids
            )
        )

    def _offer_fee(self):
        """Put the fee on offer, writing its job where there is none.

        :rtype: `dealer.repair.job`
        """
        self.ensure_one()
        job = self._get_fee_job()
        if not job:
            job = job.create(self._prepare_fee_job_vals())
            job._mark_as_diagnosis_fee()
        if job.state == "draft":
            job._offer()
        return job

    def _prepare_fee_job_vals(self):
        """Return the values of the job of the diagnosis fee.

        :rtype: dict
        """
        product = self.company_id.dealer_diagnosis_product_id
        lang = self.partner_id.lang or self.env.lang
        return {
            "order_id": self.id,
            "name": product.with_context(lang=lang).name,
            "category_id": False,
            "sequence": 90,
            "line_ids": [
                Command.create(
                    {
                        "product_id": product.id,
                        "quantity": product.dealer_standard_hours or 1.0,
                    }
                )
            ],
        }

    def _get_diagnosis_fee_note(self):
        """Return what the customer is told about the fee; False without one.

        :rtype: str
        """
        self.ensure_one()
        company, fee = self.company_id, self._get_fee_job()
        if not fee and (
            company.dealer_diagnosis_fee_rule == "never"
            or self.state not in FEE_STATES
            or self._get_approved_work()
        ):
            return False
        currency = fee.currency_id or self.currency_id or company.currency_id
        amount = currency.format(fee.amount_total if fee else self._get_fee_amount())
        if company.dealer_diagnosis_fee_rule == "unrepaired":
            return self.env._(
                "%(amount)s, taxes included; waived if the car is repaired here.",
                amount=amount,
            )
        return self.env._("%(amount)s, taxes included.", amount=amount)

    def _get_fee_amount(self):
        """Return what a diagnosis would cost the client, taxes included.

        :return: the amount, in the currency of the client's price list
        :rtype: float
        """
        pricing = self.env["dealer.pricing"]
        product = self.company_id.dealer_diagnosis_product_id
        terms = pricing._get_terms(self.partner_id, self.company_id)
        hours = product.dealer_standard_hours or 1.0
        ask = Ask(product, hours, product.uom_id, terms)
        return pricing._get_totals({"fee": ask})["fee"]

    def _waive_fee(self, message):
        """Take the fee of this visit back, and say so on it.

        :param str message: why
        """
        self.ensure_one()
        self._get_fee_job()._waive_fee()
        self.message_post(body=message)

    def _apply_decisions(self, jobs, chosen):
        """Override of this model: a fee is done at once, and waived by a repair."""
        result = super()._apply_decisions(jobs, chosen)
        jobs._complete_fee()
        rule = self.company_id.dealer_diagnosis_fee_rule
        fee = self._get_fee_job()
        if rule == "unrepaired" and fee and self._get_approved_work():
            if fee._is_fee_invoiced():
                self.message_post(
                    body=self.env._(
                        "The diagnosis fee is invoiced already and stays: give it "
                        "back by a credit note if the customer expects that."
                    )
                )
            else:
                self._waive_fee(
                    self.env._("The diagnosis fee is waived: the car is repaired.")
                )
        return result

    # === GUARDS === #

    def _get_missing_for_accept(self):
        """Override of this model: a fee alone is no work to start."""
        if self._get_approved_fee() and not self._get_approved_work():
            return [self.env._("Approval: only the diagnosis fee is approved.")]
        return super()._get_missing_for_accept()

    def _get_missing_for_leave(self):
        """Override of this model: who owes only the fee leaves when it is settled."""
        if not self._get_approved_fee() or self._get_approved_work():
            return super()._get_missing_for_leave()
        if not self._is_diagnosed():
            return []
        if missing := self._get_missing_for_settle():
            missing.insert(
                0,
                self.env._(
                    "Diagnosis fee: send the customer to settlement first, or waive it."
                ),
            )
        return missing

    def _ensure_invoiceable(self):
        """Override of this model to invoice the fee of a visit without a repair."""
        return self._owes_fee_only() or super()._ensure_invoiceable()
