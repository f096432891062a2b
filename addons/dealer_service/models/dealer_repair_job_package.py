from odoo import fields, models

from .dealer_pricing import Terms


class DealerRepairJob(models.Model):
    """Jobs that were sold as a service package."""

    _inherit = "dealer.repair.job"

    package_id = fields.Many2one(
        "dealer.service.package",
        string="Service package",
        ondelete="restrict",
        index="btree_not_null",
        check_company=True,
        help="The package that this job was made from.",
    )

    def _get_terms(self):
        """Return on whose terms the lines of this job are priced.

        :rtype: Terms
        """
        self.ensure_one()
        return Terms(
            self.order_id.company_id,
            self.pricelist_id,
            self.fiscal_position_id,
            self.currency_id,
        )
