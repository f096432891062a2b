import secrets

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..utils import as_step, is_step
from .qr import draw_qr_html

GATE = "dealer_service.group_dealer_gate"
KINDS = [
    ("final", "Leaves for good"),
    ("unrepaired", "Leaves unrepaired"),
    ("road_test", "Road test"),
    ("errand", "Short trip"),
]
TEMPORARY_KINDS = {"road_test", "errand"}


class DealerReleaseNote(models.Model):
    """The paper that lets a car pass the gate (放行條 F14).

    - Issued by the system: at settlement, or when a car leaves unrepaired; a
      temporary pass by whoever drives, for a limited time, and the car comes back.
    - Its code is a token that cannot be guessed. The doors are looked at when it is
      scanned, not when it was printed: an account opened again stops the car.
    - Valid once: the first "left the gate" stamps the time; a temporary pass is
      scanned a second time when the car is back.
    - What the gate sees holds no price and nothing about the owner.
    """

    _name = "dealer.release.note"
    _description = "Release note"
    _order = "id desc"
    _check_company_auto = True

    name = fields.Char(string="Number", required=True, readonly=True, index="trigram")
    order_id = fields.Many2one(
        "dealer.repair.order",
        string="Repair order",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
        groups="dealer_service.group_dealer_user",
    )
    company_id = fields.Many2one(
        "res.company", string="Store", required=True, readonly=True, index=True
    )
    license_plate = fields.Char(string="Plate", readonly=True, index=True)
    kind = fields.Selection(KINDS, required=True, readonly=True)
    state = fields.Selection(
        [
            ("issued", "Waits to leave"),
            ("out", "Outside, comes back"),
            ("used", "Has left"),
            ("revoked", "Revoked"),
        ],
        default="issued",
        required=True,
        readonly=True,
        index=True,
    )
    reason = fields.Char(readonly=True)
    issued_at = fields.Datetime(
        string="Issued on", required=True, readonly=True, default=fields.Datetime.now
    )
    issued_by = fields.Many2one("res.users", string="Signed out by", readonly=True)
    valid_until = fields.Datetime(
        string="Valid until", readonly=True, help="Of temporary passes."
    )
    left_at = fields.Datetime(string="Left the gate", readonly=True)
    left_by = fields.Char(string="Let out by", readonly=True)
    returned_at = fields.Datetime(string="Came back", readonly=True)
    token = fields.Char(
        required=True,
        readonly=True,
        copy=False,
        default=lambda self: secrets.token_urlsafe(24),
        groups="dealer_service.group_dealer_advisor,"
        "dealer_service.group_dealer_settlement,"
        "dealer_service.group_dealer_inspector",
    )
    gate_url = fields.Char(
        string="Link for the gate",
        compute="_compute_gate_url",
        groups="dealer_service.group_dealer_advisor,"
        "dealer_service.group_dealer_settlement,"
        "dealer_service.group_dealer_inspector",
    )
    qr_image = fields.Html(
        string="Code for the gate",
        compute="_compute_qr_image",
        sanitize=False,
        groups="dealer_service.group_dealer_advisor,"
        "dealer_service.group_dealer_settlement,"
        "dealer_service.group_dealer_inspector",
    )
    verdict = fields.Char(
        string="At the gate",
        compute="_compute_verdict",
        help="What the gate keeper would see now.",
    )
    is_go = fields.Boolean(compute="_compute_verdict")

    _token_uniq = models.UniqueIndex("(token)")
    _final_once = models.UniqueIndex(
        "(order_id) WHERE kind IN ('final', 'unrepaired') AND state != 'revoked'",
        lambda env, _diag: env._("This visit has its release note already."),
    )

    # === COMPUTE METHODS === #

    @api.depends("token")
    def _compute_gate_url(self):
        """Return the address that the code holds."""
        for note in self:
            note.gate_url = f"{note.get_base_url()}/dealer/gate/{note.token}"

    @api.depends("gate_url")
    def _compute_qr_image(self):
        """Draw the code."""
        for note in self:
            note.qr_image = draw_qr_html(note.gate_url)

    @api.depends("state", "kind", "valid_until")
    def _compute_verdict(self):
        """Say what the gate would answer now."""
        for note in self:
            obstacle = note._get_obstacle()
            note.is_go = not obstacle
            note.verdict = obstacle or note.env._("The car may leave.")

    # === THE GATE === #

    def _get_obstacle(self):
        """Return the sentence that stops the car, or nothing if it may go.

        No amounts and no names: whoever stands at the gate may read it.

        :rtype: str
        """
        self.ensure_one()
        if self.state == "used":
            return self.env._(
                "This note was used on %(time)s.", time=self._format_time(self.left_at)
            )
        if self.state == "revoked":
            return self.env._("This note was revoked. Send the car to reception.")
        if self.state == "out":
            return self.env._(
                "The car is outside since %(time)s.",
                time=self._format_time(self.left_at),
            )
        # The doors are the visit's; the gate reads no visits.
        order_sudo = self.sudo().order_id
        if self.kind in TEMPORARY_KINDS:
            return self._get_pass_obstacle(order_sudo)
        if self.kind == "unrepaired":
            if order_sudo.state in ("left", "cancelled"):
                return ""
            return self.env._("The visit is still open. Send the car to reception.")
        return next(iter(order_sudo._get_missing_for_release()), "")

    def _get_pass_obstacle(self, order_sudo):
        """Return what stops a temporary pass."""
        if self.valid_until and self.valid_until < fields.Datetime.now():
            return self.env._(
                "This pass was valid until %(time)s.",
                time=self._format_time(self.valid_until),
            )
        if not order_sudo._is_present():
            return self.env._("The visit has ended. Send the car to reception.")
        return ""

    def _format_time(self, moment):
        """Return a time as people at the store's gate read it."""
        return self.company_id._dealer_time(moment).strftime("%m-%d %H:%M")

    def action_check_out(self):
        """Stamp that the car left the gate, once.

        :raises UserError: with the sentence that stops the car
        """
        self.ensure_one()
        self.env["dealer.repair.order"]._ensure_role((GATE,))
        self.check_access("read")
        self._check_out(self.env.user.name)
        return True

    def action_check_in(self):
        """Stamp that a car on a temporary pass is back.

        :raises UserError: if it is not outside
        """
        self.ensure_one()
        self.env["dealer.repair.order"]._ensure_role((GATE,))
        self.check_access("read")
        self._check_in()
        return True

    def _check_out(self, keeper):
        """Let the car out, after looking at the doors under a lock.

        :param str keeper: who let it out
        """
        self._lock()
        if obstacle := self._get_obstacle():
            raise UserError(obstacle)
        temporary = self.kind in TEMPORARY_KINDS
        self._stamp(
            {
                "state": "out" if temporary else "used",
                "left_at": fields.Datetime.now(),
                "left_by": keeper,
            }
        )
        self._tell_visit(
            self.env._("The car left the gate (%(note)s).", note=self.name)
        )

    def _check_in(self):
        """Note that the car is back from a short trip."""
        self._lock()
        if self.state != "out":
            raise UserError(self.env._("This car is not outside on a temporary pass."))
        self._stamp({"state": "used", "returned_at": fields.Datetime.now()})
        self._tell_visit(self.env._("The car is back (%(note)s).", note=self.name))

    def action_revoke(self):
        """Make a note that was not used yet worthless; the manager does it.

        :raises UserError: if it was used
        """
        self.ensure_one()
        self.env["dealer.repair.order"]._ensure_role(
            ("dealer_service.group_dealer_store_manager",)
        )
        self.check_access("read")
        self._lock()
        if self.state != "issued":
            raise UserError(self.env._("Only a note that was not used is revoked."))
        self._stamp({"state": "revoked"})
        self._tell_visit(
            self.env._("Release note %(note)s was revoked.", note=self.name)
        )
        return True

    # === TOOLING === #

    def _lock(self):
        """Take the note's row: of two taps the second waits, and sees the first.

        As `dealer.repair.order._lock`: where the first one commits meanwhile, Odoo
        runs the request again on fresh data.
        """
        self.flush_recordset()
        self.env.execute_query(
            SQL("SELECT id FROM dealer_release_note WHERE id = %s FOR UPDATE", self.id)
        )
        self.invalidate_recordset()

    def _stamp(self, vals):
        """Write what happened at the gate; no role writes notes by hand."""
        note_sudo = as_step(self.sudo())
        note_sudo.write(vals)

    def _tell_visit(self, body):
        """Tell the visit what happened at its gate."""
        # The gate sees no visits.
        self.sudo().order_id.message_post(body=body)

    def write(self, vals):
        """Let notes be changed by their steps only."""
        if not is_step(self):
            raise UserError(
                self.env._("Release notes are stamped at the gate, never edited.")
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        """Keep every note."""
        raise UserError(self.env._("Release notes are kept. Revoke it instead."))
