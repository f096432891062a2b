from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..utils import as_step


class DealerRepairJob(models.Model):
    """The diagnosis fee as a job: nobody works on it, nothing is guaranteed.

    Approved, it is done at once. Waived, it is expired and off the sale order; what
    the customer had answered stays in the ledger.
    """

    _inherit = "dealer.repair.job"

    is_diagnosis_fee = fields.Boolean(
        string="Diagnosis fee",
        readonly=True,
        copy=False,
        help="Charged for the diagnosis by the rule of the store.",
    )

    @api.constrains("is_diagnosis_fee", "line_ids")
    def _check_fee_lines(self):
        """Keep work and parts off the fee: they would pass no check."""
        for job in self.filtered("is_diagnosis_fee"):
            product = job.company_id.dealer_diagnosis_product_id
            if job.state == "draft" and job.line_ids.product_id - product:
                raise ValidationError(
                    job.env._(
                        "%(job)s: the diagnosis fee holds nothing else. Add a job of "
                        "its own for labour and parts.",
                        job=job.name,
                    )
                )

    def _mark_as_diagnosis_fee(self):
        """Make jobs the fee of their visit's diagnosis; no caller does that."""
        marked = as_step(self)
        marked.write({"is_diagnosis_fee": True})

    def _complete_fee(self):
        """Count approved fees as done: the workshop has nothing to do with them."""
        approved = self.filtered(
            lambda job: job.is_diagnosis_fee and job.state == "approved"
        )
        # Who decides may not write states; this is the system's step.
        job_sudo = as_step(approved.sudo())
        job_sudo.write({"state": "done"})

    def _waive_fee(self):
        """Take fees off the sale order and off the offer.

        :raises UserError: if one is invoiced already
        """
        for job in self:
            job._ensure_fee_waivable()
        self.filtered(lambda job: job.state == "done")._remove_sale_lines()
        # The table of transitions knows no way back for work that is done.
        job_sudo = as_step(self.sudo())
        job_sudo.write({"state": "expired"})

    def _ensure_fee_waivable(self):
        """Refuse to waive what is no fee, or is not on offer or charged."""
        if not self.is_diagnosis_fee or self.state not in ("offered", "done"):
            raise UserError(
                self.env._("%(job)s: there is no fee to waive.", job=self.name)
            )

    def _is_fee_invoiced(self):
        """Tell whether an invoice holds the fee."""
        self.ensure_one()
        # Reception sees no invoices.
        lines_sudo = self.sudo().line_ids.sale_line_ids
        return any(lines_sudo.mapped("qty_invoiced"))

    def _get_missing_for_offer(self):
        """Override of this model: a fee has no category, and needs none."""
        if not self.is_diagnosis_fee:
            return super()._get_missing_for_offer()
        if self.line_ids:
            return []
        return [self.env._("%(job)s: add labour or parts.", job=self.name)]

    def _get_offer_notes(self):
        """Override of this model to say when the fee is waived."""
        notes = super()._get_offer_notes()
        rule = self.company_id.dealer_diagnosis_fee_rule
        if self.is_diagnosis_fee and rule == "unrepaired":
            notes.append(self.env._("Waived if the car is repaired here."))
        return notes

    def _create_findings(self, chosen):
        """Override of this model: a fee that was refused is no finding on the car."""
        work = self.filtered(lambda job: not job.is_diagnosis_fee)
        return super(DealerRepairJob, work)._create_findings(chosen)
