from odoo import api, fields, models
from odoo.exceptions import UserError

from .. import arguments as arg
from ..const import REPLACED_REASONS, RETURN_REASONS
from .dealer_repair_job_parts import PARTS_KEEPER
from .dealer_repair_order_flow import DISPATCHER, TEAM_LEADER

CHECKERS = (TEAM_LEADER, DISPATCHER)


class DealerPartsReturn(models.Model):
    """A part that is not used on the car: back to the shelf, or never fetched (F10).

    - Somebody of the workshop asks with a reason, the team leader checks, the parts
      keeper takes the part back by Odoo's own return transfer.
    - What was not issued yet is released by the check alone.
    - The customer does not pay for it: the sold quantity goes down; price and
      approval stay as they were signed. A credit note follows if it was billed.
    - A wrong or defective part is replaced: the sold quantity stays, and another one
      is reserved. A defective part goes to the store's shelf for defective parts.
    """

    _name = "dealer.parts.return"
    _description = "Parts return"
    _order = "id desc"
    _check_company_auto = True

    line_id = fields.Many2one(
        "dealer.parts.requisition.line",
        string="Part",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    requisition_id = fields.Many2one(
        related="line_id.requisition_id", store=True, index=True, precompute=True
    )
    company_id = fields.Many2one(
        related="line_id.company_id", store=True, index=True, precompute=True
    )
    job_id = fields.Many2one(related="requisition_id.job_id", store=True)
    order_id = fields.Many2one(related="requisition_id.order_id", store=True)
    license_plate = fields.Char(related="requisition_id.license_plate")
    product_id = fields.Many2one(related="line_id.product_id", store=True)
    kind = fields.Selection(
        [("return", "Back to the shelf"), ("release", "Not fetched")],
        required=True,
        readonly=True,
    )
    quantity = fields.Float(required=True, readonly=True, digits="Product Unit")
    product_uom_id = fields.Many2one(related="line_id.product_uom_id")
    reason = fields.Selection(RETURN_REASONS, required=True, readonly=True)
    note = fields.Char(readonly=True)
    is_replaced = fields.Boolean(
        string="Replaced",
        compute="_compute_is_replaced",
        help="The car still needs the part: another one is issued, the customer pays "
        "for one.",
    )
    state = fields.Selection(
        [
            ("asked", "To check"),
            ("checked", "To take back"),
            ("done", "Done"),
            ("refused", "Refused"),
        ],
        default="asked",
        required=True,
        readonly=True,
        index=True,
    )
    asked_by_id = fields.Many2one("res.users", string="Asked by", readonly=True)
    asked_at = fields.Datetime(string="Asked at", readonly=True)
    checked_by_id = fields.Many2one("res.users", string="Checked by", readonly=True)
    checked_at = fields.Datetime(string="Checked at", readonly=True)
    refusal = fields.Char(string="Why refused", readonly=True)
    received_by_id = fields.Many2one("res.users", string="Taken back by", readonly=True)
    received_at = fields.Datetime(string="Taken at", readonly=True)
    picking_ids = fields.Many2many(
        "stock.picking",
        string="Return transfers",
        readonly=True,
        groups="stock.group_stock_user",
    )
    can_check = fields.Boolean(compute="_compute_can")
    can_receive = fields.Boolean(compute="_compute_can")

    _quantity_positive = models.Constraint(
        "CHECK (quantity > 0)",
        lambda env, _diag: env._("Quantity: enter more than zero."),
    )

    # === COMPUTE METHODS === #

    @api.depends("reason", "kind")
    def _compute_is_replaced(self):
        for record in self:
            record.is_replaced = (
                record.kind == "return" and record.reason in REPLACED_REASONS
            )

    @api.depends("state")
    @api.depends_context("uid")
    def _compute_can(self):
        """Offer a step where state and role allow it."""
        user = self.env.user
        checker = any(user.has_group(group) for group in CHECKERS)
        keeper = user.has_group(PARTS_KEEPER)
        for record in self:
            record.can_check = checker and record.state == "asked"
            record.can_receive = keeper and record.state == "checked"

    @api.depends("product_id", "quantity", "license_plate")
    def _compute_display_name(self):
        for record in self:
            record.display_name = record.env._(
                "%(part)s × %(quantity)g",
                part=record.product_id.display_name,
                quantity=record.quantity,
            )

    # === ACTIONS === #

    def action_check(self):
        """Confirm that the part is not used and whole (F10): asked → checked.

        What was never fetched is released at once.

        :raises AccessError: if the user is neither team leader nor dispatcher
        :raises UserError: if somebody has checked it meanwhile
        """
        self._ensure_step(CHECKERS, "asked")
        # Leaders check; they do not write returns.
        records_sudo = self.sudo()
        records_sudo.write(
            {
                "state": "checked",
                "checked_by_id": self.env.uid,
                "checked_at": fields.Datetime.now(),
            }
        )
        for record in self.filtered(lambda record: record.kind == "release"):
            record._ensure_open_quantity()
            record._release()
            record._close()
        return True

    @arg.typed(reason=arg.text)
    def refuse(self, reason):
        """Send the question back: the part stays on the job.

        :param str reason: why; mandatory
        :raises AccessError: if the user is neither team leader nor dispatcher
        :raises UserError: without a reason
        """
        self._ensure_step(CHECKERS, "asked")
        if not (reason or "").strip():
            raise UserError(self.env._("Reason: say why the part stays on the job."))
        records_sudo = self.sudo()
        records_sudo.write(
            {
                "state": "refused",
                "refusal": reason,
                "checked_by_id": self.env.uid,
                "checked_at": fields.Datetime.now(),
            }
        )
        return True

    def action_refuse(self):
        """Refuse by one press on the screen; the leader tells the technician."""
        return self.refuse(self.env._("Refused by the team leader"))

    def action_receive(self):
        """Take checked parts back into the stock: checked → done.

        :raises AccessError: if the user does not keep parts
        :raises UserError: if the team leader has not checked it, or it was taken
        """
        self._ensure_step((PARTS_KEEPER,), "checked")
        for record in self:
            record._ensure_open_quantity()
            record._take_back()
            record._close()
        return True

    def _close(self):
        """Write down who took the part; settle what the customer pays."""
        self._settle_sale()
        record_sudo = self.sudo()
        record_sudo.write(
            {
                "state": "done",
                "received_by_id": self.env.uid,
                "received_at": fields.Datetime.now(),
            }
        )
        self.requisition_id._watch_parts()

    # === GUARDS === #

    def _ensure_step(self, groups, state):
        """Refuse a step that role or state forbids, and take the visits' rows."""
        self.check_access("read")
        orders = self.order_id
        orders._ensure_role(groups)
        orders._lock()
        self.invalidate_recordset(["state"])
        states = dict(self._fields["state"]._description_selection(self.env))
        for record in self:
            if record.state != state:
                raise UserError(
                    record.env._(
                        "%(return)s is “%(state)s”; reload the page to see where it "
                        "is.",
                        **{"return": record.display_name},
                        state=states[record.state],
                    )
                )

    def _ensure_open_quantity(self):
        """Refuse more than is on the car, or more than is not fetched."""
        figures = self.line_id.repair_line_id._get_part_figures()
        figure = figures[self.line_id.repair_line_id]
        limit = figure.issued if self.kind == "return" else figure.open
        if self.product_uom_id.compare(self.quantity, limit) > 0:
            raise UserError(
                self.env._(
                    "%(part)s: only %(limit)g left to bring back.",
                    part=self.product_id.display_name,
                    limit=limit,
                )
            )

    def _get_open_sentence(self):
        """Say who still has to do something about this return."""
        sentence = {
            "asked": self.env._(
                "%(part)s comes back: the team leader checks it first.",
                part=self.display_name,
            ),
            "checked": self.env._(
                "%(part)s comes back: the parts keeper takes it in first.",
                part=self.display_name,
            ),
        }
        return sentence[self.state]
