from contextlib import contextmanager

from odoo.exceptions import UserError
from odoo.fields import Command

from .common import DealerServiceCommon


class DealerWorkshopCommon(DealerServiceCommon):
    """A visit in the workshop, and what its tests have in common."""

    @classmethod
    def _take_in(cls, state, **values):
        """Bring a visit to a state and return it elevated."""
        return cls._bring_to(state, **values).with_env(cls.env)

    @classmethod
    def _add_approved_job(cls, order, **values):
        """Add a job to a visit under way; the customer agrees."""
        job = order.job_ids.with_user(cls.advisor).create(
            cls._prepare_job_vals(order_id=order.id, **values)
        )
        job.action_offer()
        cls._decide(order)
        cls._inspect_intake(order)
        return job.with_env(cls.env)

    @classmethod
    def _add_part_job(cls, order, product, quantity, **line):
        """Add an approved job with a single part."""
        line_vals = {"product_id": product.id, "quantity": quantity, **line}
        return cls._add_approved_job(
            order, name=product.name, line_ids=[Command.create(line_vals)]
        )

    @classmethod
    def _add_stock(cls, product, quantity, lot=None):
        cls.env["stock.quant"]._update_available_quantity(
            product, cls.warehouse.lot_stock_id, quantity, lot_id=lot
        )

    @contextmanager
    def assertRefused(self, pattern):
        """Expect a sentence, and that nothing of the attempt remains."""
        with self.assertRaises(UserError) as caught:
            yield
        self.assertRegex(str(caught.exception), pattern)
