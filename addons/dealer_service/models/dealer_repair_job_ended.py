from odoo import models
from odoo.exceptions import UserError

from ..const import ENDED_ORDER_STATES
from ..utils import is_step

# What was found and done; the rest of a job has guards of its own.
FACTS = {"cause", "correction", "addon_reason", "is_safety", "extra_hours", "photo_ids"}


class DealerRepairJob(models.Model):
    """What was found and done stays as it is once the visit has ended (C10)."""

    _inherit = "dealer.repair.job"

    def write(self, vals):
        """Keep what the invoice and the repair record were written from.

        :raises UserError: naming the visit that has ended
        """
        step = is_step(self)
        if FACTS & vals.keys() and not (step or self.env.su):
            for order in self.order_id:
                if order.state in ENDED_ORDER_STATES:
                    raise UserError(
                        order.env._(
                            "%(order)s has ended; its jobs stay as they are. Write a "
                            "note instead.",
                            order=order.name,
                        )
                    )
        return super().write(vals)
