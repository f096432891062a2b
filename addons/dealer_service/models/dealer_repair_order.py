from contextlib import contextmanager

from psycopg2.errors import UniqueViolation

from odoo import api, fields, models
from odoo.exceptions import ConcurrencyError, UserError, ValidationError
from odoo.tools import format_list

from ..const import ORDER_STATES, PRESENT_STATES
from ..utils import VISIT, drop_defaults, is_step
from .dealer_intake import ITEM_FIELDS

# Set by the actions; a client that writes them is told which action to call.
GUARDED_FIELDS = {
    "state",
    "name",
    "company_id",
    "intake_id",
    "diagnosis_id",
    "delivery_id",
    "intake_company_id",
    "diagnosis_company_id",
    "delivery_company_id",
    "intake_signed_on",
    "acknowledged_on",
    "delivery_signed_on",
    "intake_seal",
    "arrived_at",
    "accepted_at",
    "started_at",
    "ready_at",
    "settled_at",
    "delivered_at",
    "closed_at",
    "closed_reason",
    "first_promised_at",
    "promise_approved_at",
    "offered_promise",
    "delay_warned_for",
    "workshop_accepted_by",
    "source_order_id",
    "amount_total",
    "amount_offered",
}
# Of these, a caller says the first value: a paper sheet is entered later.
INITIAL_FIELDS = {"state", "name", "company_id", "arrived_at"}


class DealerRepairOrder(models.Model):
    """A visit of one car to one store (B0, C10, F06).

    The visit carries three sheets (intake, diagnosis, delivery), the jobs that
    the customer decides on one by one, and the approvals that prove it. It moves
    only through the actions of `dealer_repair_order_flow.py`, by the table
    ``const.ORDER_TRANSITIONS``; a direct write of a state or of a time is
    refused, whoever makes it. All times are UTC.
    """

    _name = "dealer.repair.order"
    _description = "Repair order"
    _inherit = [
        "mail.thread",
        "mail.activity.mixin",
        "dealer.personal.data.mixin",
    ]
    _masked_phone_fields = ("sender_phone",)
    _inherits = {
        "dealer.intake": "intake_id",
        "dealer.diagnosis": "diagnosis_id",
        "dealer.delivery": "delivery_id",
    }
    _order = "arrived_at desc, id desc"
    _check_company_auto = True
    # Everybody who sees the visit may leave a note for the others (B4).
    _mail_post_access = "read"
    _rec_names_search = ["name", "license_plate", "vin"]

    name = fields.Char(string="Number", readonly=True, copy=False, index="trigram")
    external_ref = fields.Char(
        string="External reference",
        copy=False,
        help="Number of the visit in another system. Creating it twice in a store "
        "returns the first record.",
    )
    company_id = fields.Many2one(
        "res.company",
        string="Store",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    state = fields.Selection(
        ORDER_STATES,
        default="intake",
        required=True,
        readonly=True,
        index=True,
        tracking=True,
        group_expand="_group_expand_state",
    )
    intake_id = fields.Many2one(
        "dealer.intake", required=True, ondelete="restrict", index=True
    )
    diagnosis_id = fields.Many2one(
        "dealer.diagnosis", required=True, ondelete="restrict", index=True
    )
    delivery_id = fields.Many2one(
        "dealer.delivery", required=True, ondelete="restrict", index=True
    )
    vehicle_id = fields.Many2one(
        "dealer.vehicle", required=True, index=True, ondelete="restrict"
    )
    license_plate = fields.Char(related="vehicle_id.license_plate", string="Plate")
    vin = fields.Char(related="vehicle_id.vin")
    model_id = fields.Many2one(related="vehicle_id.model_id")
    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        compute="_compute_partner_id",
        store=True,
        readonly=False,
        required=True,
        precompute=True,
        index=True,
        ondelete="restrict",
        help="The client of the repair contract.",
    )
    sender_name = fields.Char(
        string="Brought by",
        compute="_compute_sender",
        store=True,
        readonly=False,
        precompute=True,
    )
    sender_phone = fields.Char(
        string="Phone of the sender",
        compute="_compute_sender",
        store=True,
        readonly=False,
        precompute=True,
    )
    advisor_id = fields.Many2one(
        "res.users",
        string="Service advisor",
        required=True,
        index=True,
        default=lambda self: self.env.user,
    )
    concern = fields.Text(
        string="Customer's words", help="What the customer wishes, as said."
    )
    arrived_at = fields.Datetime(
        string="Arrived",
        default=fields.Datetime.now,
        required=True,
        index=True,
    )
    promised_at = fields.Datetime(string="Promised for", tracking=True)
    first_promised_at = fields.Datetime(string="First promise", readonly=True)
    accepted_at = fields.Datetime(string="First approval", readonly=True)
    started_at = fields.Datetime(string="Taken into the workshop", readonly=True)
    ready_at = fields.Datetime(string="Ready", readonly=True)
    settled_at = fields.Datetime(string="Settled", readonly=True)
    delivered_at = fields.Datetime(
        string="Delivered", readonly=True, index="btree_not_null"
    )
    closed_at = fields.Datetime(string="Closed without delivery", readonly=True)
    closed_reason = fields.Char(string="Why it ended", readonly=True, copy=False)
    washed_in = fields.Boolean(string="Washed before the workshop")
    workshop_accepted_by = fields.Many2one(
        "res.users", string="Accepted by the workshop", readonly=True, copy=False
    )

    job_ids = fields.One2many("dealer.repair.job", "order_id", string="Jobs")
    approval_ids = fields.One2many(
        "dealer.repair.approval", "order_id", string="Decisions"
    )
    check_ids = fields.One2many("dealer.quality.check", "order_id", string="Checks")
    credit_ids = fields.One2many("dealer.credit.approval", "order_id", string="Credits")
    sale_order_ids = fields.One2many(
        "sale.order",
        "dealer_order_id",
        string="Sale orders",
        groups="sales_team.group_sale_salesman",
    )
    invoice_ids = fields.One2many(
        "account.move",
        "dealer_order_id",
        string="Invoices",
        groups="account.group_account_invoice,account.group_account_readonly",
    )

    _external_ref_uniq = models.UniqueIndex(
        "(company_id, external_ref) WHERE external_ref IS NOT NULL",
        lambda env, _diag: env._("This external reference is already used."),
    )
    _car_once = models.UniqueIndex(
        "(vehicle_id) WHERE state IN ('intake', 'diagnosis', 'offered', 'accepted', "
        "'in_progress', 'inspection', 'ready', 'settled')",
        lambda env, _diag: env._("This car is already in a workshop of the group."),
    )
    _list_idx = models.Index("(company_id, state, arrived_at DESC)")

    # === COMPUTE METHODS === #

    @api.depends("vehicle_id")
    def _compute_partner_id(self):
        """Propose the owner of the car as the client."""
        for order in self:
            if not order.partner_id:
                order.partner_id = order.vehicle_id.owner_id

    @api.depends("partner_id")
    def _compute_sender(self):
        """Propose the client as the person who brings the car."""
        for order in self:
            if not order.sender_name:
                order.sender_name = order.partner_id.name
                order.sender_phone = order.partner_id.phone

    @api.depends("name", "license_plate")
    def _compute_display_name(self):
        """Show the number with the plate, which is what people call a visit by."""
        for order in self:
            parts = [order.name, order.license_plate]
            order.display_name = " · ".join(part for part in parts if part)

    # === CONSTRAINTS === #

    @api.constrains("partner_id", "sender_name")
    def _check_sender(self):
        """Ask who brought the car (intake needs it)."""
        for order in self:
            if not (order.sender_name or "").strip():
                raise ValidationError(
                    order.env._("Brought by: enter the name of who brings the car.")
                )

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        """Open visits; a known external reference returns its first record.

        :raises UserError: if the car is already in a workshop of the group
        :return: one record for each of ``vals_list``, in that order
        :rtype: `dealer.repair.order`
        """
        known = self._find_by_external_ref(vals_list)
        new_vals = []
        for vals, order in zip(vals_list, known, strict=True):
            if not order:
                new_vals.append(self._prepare_create_vals(vals))
        self._ensure_cars_free(new_vals)
        # Defaults of the context are no way around the guard.
        guarded = drop_defaults(self, GUARDED_FIELDS - {"arrived_at"})
        with_sheets = guarded.with_context(dealer_visit=VISIT)
        with self._retrying_taken_reference(new_vals):
            created = super(DealerRepairOrder, with_sheets).create(new_vals)
        created = created.with_env(guarded.env)
        for order, vals in zip(created, new_vals, strict=True):
            if vals.get("photo_ids"):
                order._claim_photos()
        created._action_post_create()
        fresh = iter(created)
        return self.browse(
            [(order or next(fresh)).id for order in known],
        )

    @contextmanager
    def _retrying_taken_reference(self, vals_list):
        """Run the request again where somebody else just took a reference.

        The next run finds the visit that was created meanwhile.
        """
        if not any(vals.get("external_ref") for vals in vals_list):
            yield
            return
        try:
            with self.env.cr.savepoint():
                yield
        except UniqueViolation as error:
            raise ConcurrencyError(
                self.env._("This visit is being created by someone else.")
            ) from error

    def _prepare_create_vals(self, vals):
        """Number the visit and refuse states that must be earned.

        :param dict vals: what the caller gave
        :rtype: dict
        """
        guarded = GUARDED_FIELDS & set(vals) - INITIAL_FIELDS
        state = vals.get("state") or self.env.context.get("default_state") or "intake"
        if guarded or state not in ("intake", "booked"):
            raise UserError(
                self.env._(
                    "A visit starts booked or in intake; its later states and times "
                    "are set by the steps of the visit."
                )
            )
        vals = dict(vals, state=state)
        company = self.env["res.company"].browse(self._get_store_id(vals))
        vals["company_id"] = company.id
        if not vals.keys() & ITEM_FIELDS.keys():
            # In one go, where the defaults of the kinds would be four.
            intake_model = self.env["dealer.intake"]
            vals.setdefault("item_ids", intake_model._prepare_item_commands(company))
        if "item_ids" in vals:
            for name in ITEM_FIELDS:
                vals.setdefault(name, [])
        if vals.get("external_ref") == "":
            vals["external_ref"] = False
        for sheet in ("intake", "diagnosis", "delivery"):
            vals[f"{sheet}_company_id"] = company.id
        vals["name"] = company._next_dealer_number(self._name)
        return vals

    def _action_post_create(self):
        """Reserve the bay of booked visits. Bridges add to it."""
        if booked := self.filtered(lambda order: order.state == "booked"):
            booked._reserve_booking()

    def write(self, vals):
        """Let states and times be moved by the actions only."""
        guarded = GUARDED_FIELDS & set(vals)
        if guarded and not is_step(self):
            raise UserError(self._guarded_message(guarded))
        if vals.get("external_ref") == "":
            # No number is no number: the index would take it for one.
            vals = dict(vals, external_ref=False)
        if {"partner_id", "vehicle_id"} & set(vals):
            self._ensure_identity_open(vals)
        result = super().write(vals)
        if "photo_ids" in vals:
            self._claim_photos()
        return result

    @api.model
    def _guarded_message(self, names):
        """Say which fields of a visit or its sheets only the steps write."""
        return self.env._(
            "%(fields)s cannot be written; use the steps of the repair order.",
            fields=format_list(
                self.env,
                [
                    self._fields[name]._description_string(self.env)
                    for name in sorted(names)
                ],
            ),
        )

    def _claim_photos(self):
        """Show the photos of the visit to all who see the visit."""
        for order in self.filtered("photo_ids"):
            order.photo_ids._claim_for(order)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        """Keep every visit: cancel it instead (C10)."""
        raise UserError(
            self.env._("A repair order is never deleted. Cancel it with a reason.")
        )

    def copy_data(self, default=None):
        """Refuse to copy: a visit is a fact, not a template."""
        raise UserError(
            self.env._("A repair order cannot be duplicated. Open a new one.")
        )

    # === TOOLING === #

    @api.model
    def _group_expand_state(self, states, _domain):
        """Show the way of a car through the house, in order, on the board."""
        shown = {*PRESENT_STATES, *states}
        return [state for state, _label in ORDER_STATES if state in shown]

    def _lock(self):
        """Take the visits' rows, so that one of two simultaneous steps waits.

        If the other one commits first, PostgreSQL reports a conflict and Odoo runs
        the request again on fresh data, where the guards see the new state. The row
        is touched, since a step that adds jobs only would not change it otherwise.
        """
        if not self:
            return
        self.flush_recordset()
        self.env.cr.execute(
            "SELECT id FROM dealer_repair_order WHERE id IN %s ORDER BY id FOR UPDATE",
            [tuple(self.ids)],
        )
        self.env.cr.execute(
            "UPDATE dealer_repair_order SET write_date = write_date WHERE id IN %s",
            [tuple(self.ids)],
        )
