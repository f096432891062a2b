from odoo import api, fields, models


class DealerRepairJob(models.Model):
    """What the customer is told with the price: guarantee, origin of parts, risk."""

    _inherit = "dealer.repair.job"

    guarantee_text = fields.Char(
        string="Guarantee",
        compute="_compute_guarantee_text",
        help="What the store promises for this job, by its category.",
    )
    offer_notes = fields.Text(
        string="Told to the customer",
        compute="_compute_offer_notes",
        help="Shown with the price, and kept with the customer's decision.",
    )

    @api.depends("category_id", "payer")
    @api.depends_context("lang")
    def _compute_guarantee_text(self):
        """Say km and days of the category."""
        for job in self:
            category = job.category_id
            job.guarantee_text = category and job.env._(
                "%(km)s km or %(days)s days, whichever comes first",
                km=f"{category.guarantee_km:,}",
                days=category.guarantee_days,
            )

    @api.depends("guarantee_text", "line_ids.part_origin", "line_ids.name", "method")
    @api.depends_context("lang")
    def _compute_offer_notes(self):
        """Put the sentences one under the other."""
        for job in self:
            job.offer_notes = "\n".join(job._get_offer_notes())

    def _get_offer_notes(self):
        """Return what the customer is told with the price, as sentences.

        :rtype: list
        """
        self.ensure_one()
        notes = []
        if self.guarantee_text:
            notes.append(self.env._("Guarantee: %(text)s.", text=self.guarantee_text))
        for line in self.line_ids.filtered("guarantee_note"):
            notes.append(f"{line.name}: {line.guarantee_note}")
        if self.method == "symptom":
            notes.append(
                self.env._(
                    "Estimated by the symptom: the work may show that more is at fault."
                )
            )
        return notes
