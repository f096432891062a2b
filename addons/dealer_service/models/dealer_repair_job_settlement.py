from odoo import models


class DealerRepairJob(models.Model):
    """A job as the settlement list shows it."""

    _inherit = "dealer.repair.job"

    def _prepare_settlement_job(self):
        """Return a job with what is promised for it.

        :rtype: dict
        """
        self.ensure_one()
        category = self.category_id
        own_parts = self.line_ids.filtered(lambda line: line.part_origin == "customer")
        return {
            "name": self.name,
            "cause": self.cause or "",
            "correction": self.correction or "",
            "category": category.name or "",
            "guarantee": category
            and self.env._(
                "%(km)s km or %(days)s days after delivery, whichever comes first",
                km=category.guarantee_km,
                days=category.guarantee_days,
            )
            or "",
            "guarantee_km": category.guarantee_km,
            "guarantee_days": category.guarantee_days,
            "without_guarantee": own_parts.mapped("name"),
        }
