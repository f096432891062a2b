from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import format_datetime

from .. import arguments as arg
from ..utils import as_step, is_step
from .dealer_repair_order_flow import ADVISOR, DISPATCHER, SUPERVISOR

# While the customer has a promise and the car is not ready to be handed over.
PROMISED_STATES = ("offered", "accepted", "in_progress", "inspection", "ready")


class DealerRepairOrder(models.Model):
    """A promise is changed with a reason, and the change is remembered (C5, C8).

    The new promise has to fit the capacity as the first one had, unless the
    supervisor stands in for it.
    """

    _inherit = "dealer.repair.order"

    promise_change_ids = fields.One2many(
        "dealer.promise.change", "order_id", string="Changes of the promise"
    )
    can_change_promise = fields.Boolean(compute="_compute_can_change_promise")

    def _compute_can_change_promise(self):
        """Offer the change where a promise was given and the role allows it."""
        allowed = self.env.su or any(
            self.env.user.has_group(group) for group in (ADVISOR, DISPATCHER)
        )
        for order in self:
            order.can_change_promise = allowed and order.state in PROMISED_STATES

    def write(self, vals):
        """Keep a promise that was given: it is changed with a reason only.

        :raises UserError: naming the way to change it
        """
        opened = is_step(self)
        if "promised_at" in vals and not opened:
            new = fields.Datetime.to_datetime(vals["promised_at"]) or False
            for order in self.filtered("first_promised_at"):
                if order.promised_at != new:
                    raise UserError(
                        self.env._(
                            "Promised for: the customer was told %(time)s. Press "
                            "“Change the promise” and say why.",
                            time=format_datetime(
                                self.env, order.promised_at, dt_format="short"
                            ),
                        )
                    )
        return super().write(vals)

    @arg.typed(promised_at=arg.moment, reason=arg.text, override=arg.flag)
    def change_promise(self, promised_at, reason, override=False):
        """Promise another time, and remember why.

        :param promised_at: the new time, UTC
        :param str reason: what to tell the customer
        :param bool override: the supervisor stands in for a time that the workshop
            cannot keep
        :raises AccessError: if the user neither receives nor dispatches cars, or
            overrides without being a supervisor
        :raises UserError: without a reason, for a time in the past or too early for
            the workshop (naming the earliest), or where no promise was given
        """
        self.ensure_one()
        self._ensure_role((SUPERVISOR,) if override else (ADVISOR, DISPATCHER))
        self.check_access("read")
        self._lock()
        new = fields.Datetime.to_datetime(promised_at)
        self._ensure_promise_changes(new, reason)
        # A car that is ready keeps nobody busy any more.
        refusal = self.state != "ready" and self._get_promise_refusal(new)
        if refusal and not override:
            raise UserError(refusal)
        self._change_promise(new, reason, bool(refusal))
        return True

    def _change_promise(self, new, reason, is_override=False):
        """Write another promise down, with its history, and tell of it.

        :param new: the new time, naive UTC
        :param bool is_override: the workshop cannot keep it by its capacity
        """
        old = self.promised_at
        # Dispatchers change promises of visits that they may not edit.
        order_sudo = as_step(self.sudo())
        order_sudo.env["dealer.promise.change"].create(
            {
                "order_id": self.id,
                "company_id": self.company_id.id,
                "old_promise": old,
                "new_promise": new,
                "reason": reason,
                "is_override": is_override,
                "user_id": self.env.uid,
                "changed_at": fields.Datetime.now(),
            }
        )
        vals = {"promised_at": new, "promise_reasons": False}
        if is_override:
            vals["promise_approved_at"] = new
        order_sudo.write(vals)
        order_sudo._close_delay_activity()
        self._raise_event(
            "promise_changed",
            self.env._(
                "Promised for %(new)s instead of %(old)s: %(reason)s",
                new=format_datetime(self.env, new, dt_format="short"),
                old=format_datetime(self.env, old, dt_format="short"),
                reason=reason,
            ),
            old=old,
            new=new,
            reason=reason,
        )

    def _ensure_promise_changes(self, new, reason):
        """Refuse a change that is none, or has no reason."""
        if not (reason or "").strip():
            raise UserError(self.env._("Reason: say why the promise changes."))
        if self.state not in PROMISED_STATES:
            raise UserError(
                self.env._(
                    "%(order)s: a promise is changed between the offer and the "
                    "settlement.",
                    order=self.name,
                )
            )
        if not new or new <= fields.Datetime.now():
            raise UserError(self.env._("Promised for: choose a time in the future."))
        if new == self.promised_at:
            raise UserError(self.env._("Promised for: this time is promised already."))
