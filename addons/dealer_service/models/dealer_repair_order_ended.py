from odoo import models
from odoo.exceptions import UserError
from odoo.tools import format_list

from ..const import ENDED_ORDER_STATES
from ..utils import is_step

# Stays open at the desk between settlement and hand-over: people fall ill.
OPEN_UNTIL_DELIVERY = {"advisor_id"}


class DealerRepairOrder(models.Model):
    """What a visit was about does not change once it has ended (C10).

    Settled, left or cancelled, a visit keeps who came, with what, and when. The
    delivery sheet is filled until the customer has signed it; notes, files and
    activities go on for ever.
    """

    _inherit = "dealer.repair.order"

    def write(self, vals):
        """Keep the facts of visits that have ended.

        :raises UserError: naming the fields
        """
        step = is_step(self)
        if not (step or self.env.su):
            self._ensure_facts_kept(vals)
        return super().write(vals)

    def _ensure_facts_kept(self, vals):
        """Refuse other facts for a visit that has ended.

        :param dict vals: values that a caller gave
        """
        ended = self.filtered(lambda order: order.state in ENDED_ORDER_STATES)
        facts = {name for name in vals if self._is_fact(name)}
        for order in ended if facts else ():
            names = facts
            if order.state == "settled":
                names = facts - OPEN_UNTIL_DELIVERY
            changed = [name for name in sorted(names) if order._changes(name, vals)]
            if changed:
                raise UserError(
                    order.env._(
                        "%(order)s has ended; %(fields)s stays as it is. Write a note "
                        "instead.",
                        order=order.name,
                        fields=format_list(
                            order.env,
                            [
                                self._fields[name]._description_string(order.env)
                                for name in changed
                            ],
                        ),
                    )
                )

    def _is_fact(self, name):
        """Tell whether a field says something about the visit itself."""
        field = self._fields.get(name)
        return bool(
            field
            and field.store
            and not field.inherited
            and field.column_type
            and field._module == "dealer_service"
        )

    def _changes(self, name, vals):
        """Tell whether a value differs from what the visit has."""
        self.ensure_one()
        field = self._fields[name]
        value = field.convert_to_cache(vals[name], self)
        return self[name] != field.convert_to_record(value, self)
