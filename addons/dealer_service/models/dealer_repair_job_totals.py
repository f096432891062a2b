from odoo import api, fields, models

# Parts of a price, in the order in which people add them up.
PRICE_PARTS = ("labour", "part", "sublet", "fee", "premium")
PRICE = "dealer_service.group_dealer_price"


class DealerRepairJob(models.Model):
    """What the price of a job consists of (F05)."""

    _inherit = "dealer.repair.job"

    amount_labour = fields.Monetary(
        string="Labour", compute="_compute_price_parts", groups=PRICE
    )
    amount_part = fields.Monetary(
        string="Materials", compute="_compute_price_parts", groups=PRICE
    )
    amount_sublet = fields.Monetary(
        string="Sublet", compute="_compute_price_parts", groups=PRICE
    )
    amount_fee = fields.Monetary(
        string="Fees", compute="_compute_price_parts", groups=PRICE
    )
    amount_premium = fields.Monetary(
        string="Risk premium", compute="_compute_price_parts", groups=PRICE
    )

    @api.depends("line_ids.price_subtotal", "line_ids.kind", "line_ids.is_premium")
    def _compute_price_parts(self):
        """Sum the lines before taxes by what they are; the premium stands apart."""
        for job in self:
            sums = dict.fromkeys(PRICE_PARTS, 0.0)
            for line in job.line_ids:
                part = "premium" if line.is_premium else line.kind
                if part:
                    sums[part] += line.price_subtotal
            for part, amount in sums.items():
                job[f"amount_{part}"] = amount
