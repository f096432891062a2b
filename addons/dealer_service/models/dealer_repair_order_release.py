from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from .. import arguments as arg
from ..const import PRESENT_STATES
from .dealer_release_note import TEMPORARY_KINDS

# Who may drive a customer's car on the road.
DRIVERS = (
    "dealer_service.group_dealer_advisor",
    "dealer_service.group_dealer_technician",
    "dealer_service.group_dealer_inspector",
)
LONGEST_PASS_HOURS = 12


class DealerRepairOrder(models.Model):
    """When a car may pass the gate (B7, F14)."""

    _inherit = "dealer.repair.order"

    release_note_ids = fields.One2many(
        "dealer.release.note",
        "order_id",
        string="Release notes",
        groups="dealer_service.group_dealer_user",
    )
    # Parts keepers open visits too, and read no release notes.
    left_gate_at = fields.Datetime(
        string="Left the gate", compute="_compute_left_gate_at", compute_sudo=True
    )

    @api.depends("release_note_ids.left_at", "release_note_ids.kind")
    def _compute_left_gate_at(self):
        """Take the time from the note that let the car go for good."""
        for order in self:
            notes = order.release_note_ids.filtered(
                lambda note: note.kind not in TEMPORARY_KINDS and note.left_at
            )
            order.left_gate_at = notes[:1].left_at

    def _is_present(self):
        """Tell whether the car is in the house."""
        self.ensure_one()
        return self.state in PRESENT_STATES

    def _get_missing_for_release(self):
        """Return the doors that are still closed to a car that leaves for good.

        The sentences are read at the gate: no amounts, no names.

        :rtype: list of sentences
        """
        self.ensure_one()
        missing = []
        if self.state not in ("settled", "delivered") or (
            self._get_missing_for_settle()
        ):
            missing.append(
                self.env._("The account is not closed. Send the car to settlement.")
            )
        if self._get_missing_certificate():
            missing.append(
                self.env._("The completion certificate is missing. Ask the inspector.")
            )
        signed = self.delivery_signature and self.delivery_signed_by
        if self.state != "delivered" and not signed:
            missing.append(
                self.env._("The hand-over is not signed. Send the car to reception.")
            )
        return missing

    def _get_missing_certificate(self):
        """Return what a completion certificate still needs, where one is due.

        Hook of the inspection: nothing here.

        :rtype: list of sentences
        """
        parent = getattr(super(), "_get_missing_certificate", None)
        return parent() if parent else []

    def _action_post_settle(self):
        """Issue the release notes of settled visits."""
        result = super()._action_post_settle()
        self._issue_release_notes("final")
        return result

    def action_leave(self, reason=False):
        """Let a car that leaves unrepaired pass the gate (B1)."""
        result = super().action_leave(reason)
        self._issue_release_notes("unrepaired", reason)
        return result

    def action_cancel(self, reason=False):
        """Let a car that is here when the visit is called off pass the gate."""
        present = self.filtered(lambda order: order._is_present())
        result = super().action_cancel(reason)
        present._issue_release_notes("unrepaired", reason)
        return result

    def _issue_release_notes(self, kind, reason=False, valid_until=False):
        """Issue the notes of visits; one that is still valid is kept.

        :rtype: `dealer.release.note`
        """
        # Notes are the system's: no role writes one by hand.
        note_sudo = self.env["dealer.release.note"].sudo()
        known = note_sudo.search(
            [
                ("order_id", "in", self.ids),
                ("kind", "=", kind),
                ("state", "=", "issued"),
                # A pass whose time is over lets nobody out: it stands in no way.
                "|",
                ("valid_until", "=", False),
                ("valid_until", ">", fields.Datetime.now()),
            ]
        )
        fresh = self - known.order_id
        return known | note_sudo.create(
            [
                order._prepare_release_note_vals(kind, reason, valid_until)
                for order in fresh
            ]
        )

    def _prepare_release_note_vals(self, kind, reason, valid_until):
        """Return the values of a release note.

        :rtype: dict
        """
        self.ensure_one()
        return {
            "name": self.company_id._next_dealer_number("dealer.release.note"),
            "order_id": self.id,
            "company_id": self.company_id.id,
            "license_plate": self.license_plate or self.vin,
            "kind": kind,
            "reason": reason,
            "valid_until": valid_until,
            "issued_by": self.env.uid,
        }

    def issue_release_note(self):
        """Issue a new note for a settled visit whose note was revoked.

        :raises UserError: naming the door that is closed
        :return: id of the note (`dealer.release.note`)
        :rtype: int
        """
        self.ensure_one()
        self._ensure_role(("dealer_service.group_dealer_settlement",))
        self.check_access("read")
        self._lock()
        if self.state not in ("settled", "delivered"):
            raise UserError(
                self.env._(
                    "%(order)s: a release note is issued at settlement.",
                    order=self.name,
                )
            )
        if self.left_gate_at:
            raise UserError(self.env._("The car has left the gate already."))
        return self._issue_release_notes("final").id

    @arg.typed(kind=arg.text, reason=arg.text, minutes=arg.integer)
    def issue_temporary_pass(self, kind="road_test", reason=False, minutes=60):
        """Let a car out for a road test or a short trip; it comes back.

        :param str kind: ``road_test`` or ``errand``
        :param str reason: why; mandatory
        :param int minutes: how long it is valid, at most twelve hours
        :return: id of the note (`dealer.release.note`)
        :rtype: int
        """
        self.ensure_one()
        self._ensure_role(DRIVERS)
        self.check_access("read")
        self._lock()
        if not self._is_present():
            raise UserError(
                self.env._("%(order)s: the car is not in the house.", order=self.name)
            )
        if kind not in TEMPORARY_KINDS:
            raise UserError(self.env._("Kind: choose road test or short trip."))
        if not (reason or "").strip():
            raise UserError(self.env._("Reason: say why the car goes out."))
        if not 0 < minutes <= LONGEST_PASS_HOURS * 60:
            raise UserError(
                self.env._(
                    "Minutes: a pass is valid for up to %(hours)s hours.",
                    hours=LONGEST_PASS_HOURS,
                )
            )
        valid_until = fields.Datetime.now() + timedelta(minutes=minutes)
        return self._issue_release_notes(kind, reason, valid_until)[:1].id

    def action_open_release_notes(self):
        """Open the release notes of the visit."""
        self.ensure_one()
        notes = self.release_note_ids
        return self._prepare_open_action(
            "dealer.release.note",
            notes,
            self.env._("Release note"),
            many=len(notes) != 1,
        )
