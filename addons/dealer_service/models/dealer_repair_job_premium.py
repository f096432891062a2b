from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ..utils import as_step


class DealerRepairJob(models.Model):
    """The risk premium of jobs that are estimated by symptom (C4).

    It is a line of its own, a percentage of the job's labour, so that the customer
    sees it and approves it, and the invoice names it. It follows the labour; whoever
    does not want it gives a discount on it or estimates another way.
    """

    _inherit = "dealer.repair.job"

    @api.model_create_multi
    def create(self, vals_list):
        """Add the premium to jobs estimated by symptom."""
        jobs = super().create(vals_list)
        jobs._sync_premium()
        return jobs

    def write(self, vals):
        """Let the premium follow the way of estimating and the payer."""
        result = super().write(vals)
        if {"method", "payer"} & set(vals):
            self._sync_premium()
        return result

    def _sync_premium(self):
        """Make the premium lines of draft jobs say what their labour asks for."""
        # Who raises work from the workshop sees no price; the premium is the system's.
        jobs_sudo = as_step(self.sudo())
        for job in jobs_sudo.filtered(lambda job: job.state == "draft"):
            line = job.line_ids.filtered("is_premium")
            amount = job._get_premium()
            if not amount:
                line.unlink()
            elif not line:
                vals = job._prepare_premium_vals(amount)
                job.write({"line_ids": [Command.create(vals)]})
            elif job.currency_id.compare_amounts(line.price_unit, amount):
                line.price_unit = amount

    def _get_premium(self):
        """Return the premium on the labour of this job, in the price list's currency.

        :rtype: float
        """
        self.ensure_one()
        percent = self.company_id.dealer_symptom_premium
        if self.method != "symptom" or not percent:
            return 0.0
        labour = sum(
            line.quantity * line.price_unit * (1 - line.discount / 100)
            for line in self.line_ids
            if line.kind == "labour"
        )
        return self.currency_id.round(labour * percent / 100)

    def _prepare_premium_vals(self, amount):
        """Return the values of the premium line, taxed as the labour.

        :param float amount: its price
        :rtype: dict
        """
        product = self.env.ref("dealer_service.product_risk_premium", False)
        if not product:
            raise UserError(
                self.env._(
                    "The product “Risk premium” was deleted. Set the risk premium to "
                    "zero in the settings, or restore the product."
                )
            )
        labour = self.line_ids.filtered(lambda line: line.kind == "labour")
        lang = self.order_id.partner_id.lang or self.env.lang
        return {
            "is_premium": True,
            "product_id": product.id,
            "name": self.with_context(lang=lang).env._(
                "Risk premium for the estimate by symptom: %(percent)g %% of labour",
                percent=self.company_id.dealer_symptom_premium,
            ),
            "quantity": 1.0,
            "price_unit": amount,
            "tax_ids": [Command.set(labour[:1].tax_ids.ids)],
            "sequence": 999,
        }
