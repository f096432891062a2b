from odoo import models
from odoo.fields import Command

from ..const import FREE_PAYERS


class DealerRepairJob(models.Model):
    """A job offered anew on another visit, at the prices of that day (B2, E4).

    Labour, parts and quantities come along; prices, discounts given by hand and the
    risk premium do not: today's price list, package and settings say them.
    """

    _inherit = "dealer.repair.job"

    def _prepare_carried_vals(self, order, sequence, finding):
        """Return the values of the draft job that offers this one again.

        :param order: the `dealer.repair.order` that takes it
        :param int sequence: its place there
        :param finding: the `dealer.vehicle.finding` that it takes up; may be empty
        :rtype: dict
        """
        self.ensure_one()
        # What our guarantee bore then, the customer is asked for now.
        payer = "customer" if self.guarantee_id else self.payer
        stores = (self.env["res.company"], order.company_id)
        package = self.package_id.filtered(
            lambda package: package.active and package.company_id in stores
        )
        percent = package.discount if payer not in FREE_PAYERS else 0.0
        lines = self.line_ids.filtered(lambda line: not line.is_premium)
        lines -= self._get_uncarried_lines(order)
        return {
            "order_id": order.id,
            "sequence": sequence,
            "name": self.name,
            "cause": self.cause,
            "correction": self.correction,
            "category_id": self.category_id.id,
            "method": self.method,
            "payer": payer,
            "payer_partner_id": self.payer_partner_id.id,
            "package_id": package.id,
            "is_safety": self.is_safety or finding.danger == "safety",
            "finding_id": finding.id,
            "line_ids": [
                Command.create(line._prepare_carried_vals(percent)) for line in lines
            ],
        }

    def _get_uncarried_lines(self, order):
        """Return the lines of what the store of a visit does not sell (any more).

        :param order: the `dealer.repair.order` that takes the jobs
        :rtype: `dealer.repair.line`
        """
        stores = (self.env["res.company"], order.company_id)
        return self.line_ids.filtered(
            lambda line: (
                not line.is_premium
                and (
                    not line.product_id.active
                    or line.product_id.company_id not in stores
                )
            )
        )
