from odoo import fields, models
from odoo.exceptions import UserError

from .. import arguments as arg
from ..utils import as_step
from .dealer_repair_order_flow import ADVISOR


class DealerRepairOrder(models.Model):
    """The verbs of a visit: what advisors, workshop and desk press (B1–B7)."""

    _inherit = "dealer.repair.order"

    # === INTAKE AND DIAGNOSIS === #

    def action_arrive(self):
        """Receive a booked car (C13): booked → intake.

        :raises UserError: if the car is already in a workshop
        """
        self._ensure_can("arrive")
        self._ensure_cars_free(
            [{"vehicle_id": order.vehicle_id.id, "state": "intake"} for order in self]
        )
        as_step(self).arrived_at = fields.Datetime.now()
        self._update_state("arrive")
        return True

    @arg.typed(signer=arg.text, signature=arg.text)
    def sign_intake(self, signer, signature):
        """File the customer's signature under the intake sheet (C6).

        :param str signer: name of the person who signs
        :param str signature: the drawn signature, a base64 PNG
        :raises UserError: if name or drawing is missing, or the sheet is signed
        """
        self.ensure_one()
        self._ensure_role((ADVISOR,))
        self._ensure_signature(signer, signature)
        self.write({"intake_signature": signature, "intake_signed_by": signer})
        return True

    def _sign_sheet(self, vals):
        """Close a sheet of these visits for good, with the caller's rights.

        :param dict vals: the time of the signature, which no caller may write
        """
        as_step(self).write(vals)

    def _ensure_signature(self, signer, signature):
        """Refuse a signature without a name or without a drawing."""
        if not (signer or "").strip():
            raise UserError(self.env._("Signed by: enter the name of who signs."))
        if not signature:
            raise UserError(self.env._("Signature: please draw it."))

    def action_start_diagnosis(self):
        """Close the intake sheet and log the mileage (C6): intake → diagnosis.

        :raises UserError: listing what the sheet still needs
        """
        self._ensure_can("start_diagnosis")
        for order in self:
            order.vehicle_id._log_odometer(
                order.mileage, order=order, reason=order.mileage_reason
            )
        self._sign_sheet({"intake_signed_on": fields.Datetime.now()})
        self._update_state("start_diagnosis")
        return True

    @arg.typed(signer=arg.text)
    def acknowledge_diagnosis(self, signer):
        """Note that the diagnosis was explained to the customer (C2); closes it.

        :param str signer: name of the person it was explained to
        :raises UserError: if findings or cause are missing
        """
        self.ensure_one()
        self._ensure_role((ADVISOR,))
        if missing := self.diagnosis_id._get_missing_diagnosis():
            raise UserError("\n".join(missing))
        if not (signer or "").strip():
            raise UserError(self.env._("Explained to: enter the name."))
        # All at once: the first value that closes the sheet would be the last one.
        self.diagnosis_id._sign_sheet(
            {
                "acknowledged_by": signer,
                "acknowledged_on": fields.Datetime.now(),
                "explained_by_id": self.env.uid,
            }
        )
        return True

    # === OFFER === #

    def action_offer(self):
        """Offer every draft job at its current price (C3–C5): diagnosis → offered.

        :raises UserError: listing what diagnosis, jobs or promise still need
        """
        self._ensure_can("offer")
        for order in self:
            drafts = order.job_ids.filtered(lambda job: job.state == "draft")
            drafts._offer()
            order._update_state("offer", order._prepare_first_promise_vals())
        return True

    def _prepare_first_promise_vals(self):
        """Remember the promise that punctuality is measured by.

        :rtype: dict
        """
        self.ensure_one()
        return {"first_promised_at": self.first_promised_at or self.promised_at}

    # === WORKSHOP === #

    @arg.typed(washed=arg.flag)
    def action_start_work(self, washed=False):
        """The workshop takes the car over (B3): accepted → in progress.

        :param bool washed: the car was washed; may also be ticked on the visit
        :raises UserError: if nothing is approved or the car is not washed
        """
        self._ensure_reachable("start_work")
        if washed:
            # Dispatchers may not edit visits, only take them over.
            order_sudo = self.sudo()
            order_sudo.write({"washed_in": True})
        self._ensure_can("start_work")
        self._update_state("start_work", {"workshop_accepted_by": self.env.uid})
        return True

    def action_request_inspection(self):
        """Hand the car to the inspector: in progress → inspection.

        :raises UserError: naming each job, part or clock that is still open
        """
        self._ensure_can("request_inspection")
        self._update_state("request_inspection")
        return True

    def action_ready(self):
        """Car inspected and prepared (B5, C9): inspection → ready.

        :raises UserError: if the final check or the preparation is missing
        """
        self._ensure_can("ready")
        self._update_state("ready")
        return True

    # === HAND-OVER === #

    @arg.typed(signer=arg.text, signature=arg.text)
    def sign_delivery(self, signer, signature):
        """File the customer's acceptance (B7).

        :param str signer: name of the person who takes the car
        :param str signature: the drawn signature, a base64 PNG
        """
        self.ensure_one()
        self._ensure_role((ADVISOR,))
        self._ensure_signature(signer, signature)
        self.write({"delivery_signature": signature, "delivery_signed_by": signer})
        return True

    def action_deliver(self):
        """Hand the car over (B7): settled → delivered.

        Logs the mileage at delivery and opens the guarantees of the work done.

        :raises UserError: listing what the hand-over still needs
        """
        self._ensure_can("deliver")
        for order in self.filtered("delivery_mileage"):
            known = order._get_known_km()
            if order.delivery_mileage < known:
                raise UserError(
                    order.env._(
                        "Mileage at delivery: %(out)s km is below the %(known)s km "
                        "that were read at intake or after the road test.",
                        out=order.delivery_mileage,
                        known=known,
                    )
                )
            order.vehicle_id._log_odometer(order.delivery_mileage, order=order)
        self._sign_sheet({"delivery_signed_on": fields.Datetime.now()})
        self._update_state("deliver")
        return True

    def _action_post_deliver(self):
        """Open the guarantees. Bridges add what follows a delivery."""
        done = self.job_ids.filtered(lambda job: job.state == "done")
        # Guarantees are written by the system, never by a role.
        guarantee_sudo = self.env["dealer.guarantee"].sudo()
        guarantee_sudo._open_for_jobs(done)

    # === GOING AWAY === #

    @arg.typed(reason=arg.text)
    def action_leave(self, reason=False):
        """The customer drives away unrepaired (B1): → left.

        :param str reason: why; mandatory
        """
        self._ensure_reason(reason)
        self._ensure_can("leave")
        self._action_pre_leave()
        self._close_open_offers()
        self._update_state("leave", {"closed_reason": reason})
        self._release_reservations()
        return True

    @arg.typed(reason=arg.text)
    def action_cancel(self, reason=False):
        """Call the visit off before work starts: → cancelled.

        Approved jobs go back to draft and their sale lines disappear.

        :param str reason: why; mandatory
        """
        self._ensure_reason(reason)
        self._ensure_can("cancel")
        self._action_pre_cancel()
        approved = self._get_approved_jobs()
        approved._withdraw_approval()
        self._close_open_offers()
        self._update_state("cancel", {"closed_reason": reason})
        self._release_reservations()
        return True

    def _action_pre_leave(self):
        """Do what comes before a car leaves unrepaired, once it may."""

    def _action_pre_cancel(self):
        """Do what comes before a visit is called off, once it may be."""

    def _ensure_reason(self, reason):
        """Ask why a visit ends early."""
        if not (reason or "").strip():
            raise UserError(self.env._("Reason: say why the visit ends here."))

    def _close_open_offers(self):
        """Let the offers of these visits expire."""
        offered = self.job_ids.filtered(lambda job: job.state == "offered")
        offered._update_state("expired")
