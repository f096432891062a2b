from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from odoo.addons.dealer_service.utils import as_step, is_step

from ..const import FOLLOWUP_TRANSITIONS, SATISFACTION

# What a clerk writes on the form; the rest belongs to the methods.
FREE_FIELDS = {"preferred_time", "note"}


class DealerFollowup(models.Model):
    """The first contact after a visit (A7-A10, B8, C12).

    - **Trigger**: the delivery of a repair order plans one follow-up, and never a
      second one.
    - **Window**: opens two days after the delivery and is overdue after seven; both
      are company settings, and days are those of the store.
    - **Clerk**: the follow-up clerk of the store with the fewest open follow-ups,
      never the visit's own advisor. Dedicated clerks come first; who is a clerk by
      a higher role only steps in when there is none. A supervisor may reassign.
    - **Contacts**: every call and letter is logged for good by
      ``action_log_contact``. Reached closes the follow-up as done, a refusal or a
      wrong number as failed; no answer and call back leave it open.
    - **Escalation**: a daily job gives the supervisor one activity for each
      follow-up that is overdue.
    """

    _name = "dealer.followup"
    _description = "Follow-up"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "date_until, id"
    _rec_names_search = ["order_id", "partner_id", "vehicle_id"]

    order_id = fields.Many2one(
        "dealer.repair.order",
        string="Visit",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    company_id = fields.Many2one(
        "res.company",
        string="Store",
        related="order_id.company_id",
        store=True,
        precompute=True,
        index=True,
    )
    partner_id = fields.Many2one(
        related="order_id.partner_id",
        string="Customer",
        store=True,
        precompute=True,
        index=True,
    )
    phone = fields.Char(related="partner_id.phone")
    vehicle_id = fields.Many2one(
        related="order_id.vehicle_id", store=True, precompute=True, index=True
    )
    advisor_id = fields.Many2one(
        related="order_id.advisor_id", string="Advisor of the visit", store=True
    )
    delivered_at = fields.Datetime(related="order_id.delivered_at")
    date_from = fields.Date(string="Call from", required=True, readonly=True)
    date_until = fields.Date(
        string="Call until", required=True, readonly=True, index=True
    )
    call_back_on = fields.Date(
        string="Call back on", help="The day the customer asked to be called again."
    )
    user_id = fields.Many2one(
        "res.users", string="Clerk", index="btree_not_null", tracking=True
    )
    state = fields.Selection(
        [("to_call", "To call"), ("done", "Done"), ("failed", "Failed")],
        string="Status",
        default="to_call",
        required=True,
        readonly=True,
        index=True,
        tracking=True,
    )
    is_overdue = fields.Boolean(string="Overdue", compute="_compute_is_overdue")
    log_ids = fields.One2many("dealer.contact.log", "followup_id", string="Contacts")
    log_count = fields.Integer(string="Contacts made", compute="_compute_log_count")
    satisfaction = fields.Selection(SATISFACTION, readonly=True)
    preferred_time = fields.Char(
        string="Convenient time", help="When the customer likes to be called."
    )
    note = fields.Text(string="Notes")
    escalated_on = fields.Date(string="Escalated on", readonly=True)
    can_assign = fields.Boolean(compute="_compute_can")
    can_log = fields.Boolean(compute="_compute_can")

    _order_uniq = models.Constraint(
        "UNIQUE (order_id)",
        lambda env, _diag: env._("A visit has one follow-up."),
    )
    _open_idx = models.Index("(company_id, user_id) WHERE state = 'to_call'")

    # === COMPUTE METHODS === #

    @api.depends("state", "date_until")
    def _compute_is_overdue(self):
        """Tell whether the window is over without a result."""
        for followup in self:
            followup.is_overdue = (
                followup.state == "to_call"
                and bool(followup.date_until)
                and followup.date_until < followup._get_today()
            )

    @api.depends("log_ids")
    def _compute_log_count(self):
        """Count the contacts made, in one query."""
        counts = dict(
            self.env["dealer.contact.log"]._read_group(
                [("followup_id", "in", self.ids)], ["followup_id"], ["__count"]
            )
        )
        for followup in self:
            followup.log_count = counts.get(followup._origin, 0)

    @api.depends("advisor_id", "state")
    @api.depends_context("uid")
    def _compute_can(self):
        """Show the buttons that would be accepted."""
        can_assign = self._is_supervisor()
        for followup in self:
            followup.can_assign = can_assign and followup.state == "to_call"
            followup.can_log = not followup._get_log_refusal()

    @api.depends("order_id.name", "vehicle_id.license_plate")
    def _compute_display_name(self):
        """Name the visit and the plate."""
        for followup in self:
            parts = [followup.order_id.name, followup.vehicle_id.license_plate]
            followup.display_name = " · ".join(part for part in parts if part)

    # === CONSTRAINT METHODS === #

    @api.constrains("user_id", "order_id")
    def _check_clerk(self):
        """Refuse the visit's own advisor and people outside the store's clerks."""
        for followup in self.filtered("user_id"):
            if followup.user_id == followup.order_id.advisor_id:
                raise ValidationError(
                    self.env._("The advisor of the visit does not follow it up.")
                )
            clerks = self._get_clerks(followup.company_id)
            if followup.state == "to_call" and followup.user_id not in clerks:
                raise ValidationError(
                    self.env._(
                        "%(user)s is no follow-up clerk of %(store)s.",
                        user=followup.user_id.name,
                        store=followup.company_id.name,
                    )
                )

    # === CRUD METHODS === #

    def write(self, vals):
        """Override of `orm` to leave dates and states to the methods.

        :raises AccessError: when somebody but a supervisor reassigns
        :raises UserError: when another field is written by another way
        """
        opened = is_step(self)
        own_fields = {
            name
            for name in vals.keys() - FREE_FIELDS
            if self._fields[name]._module == "dealer_crm_followup"
        }
        if not opened and "user_id" in vals and not self._is_supervisor():
            raise AccessError(self.env._("Only a supervisor reassigns a follow-up."))
        if not opened and own_fields - {"user_id"}:
            raise UserError(
                self.env._("Log a contact: the follow-up changes by its result.")
            )
        result = super().write(vals)
        if vals.get("user_id"):
            self.activity_reschedule(
                ["mail.mail_activity_data_call"], new_user_id=vals["user_id"]
            )
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        """Refuse to delete: the archive keeps every contact (A9)."""
        raise UserError(self.env._("A follow-up is never deleted."))

    # === BUSINESS METHODS === #

    @api.model
    def _plan_for_orders(self, orders):
        """Plan the follow-up of delivered visits, once for each.

        :param orders: delivered ``dealer.repair.order`` records
        :return: the new follow-ups
        :rtype: recordset
        """
        planned = self.search([("order_id", "in", orders.ids)]).order_id
        followups = self.browse()
        # One by one: each new follow-up counts when the next clerk is chosen.
        for order in orders - planned:
            followup = self.create(self._prepare_followup_vals(order))
            followup._schedule_call()
            followups |= followup
        return followups

    @api.model
    def _prepare_followup_vals(self, order):
        """Return the values of a visit's follow-up.

        :param order: a delivered ``dealer.repair.order``
        :rtype: dict
        """
        company = order.company_id
        zoned = self.with_context(tz=company._get_followup_zone())
        delivered = fields.Datetime.context_timestamp(
            zoned, order.delivered_at or fields.Datetime.now()
        ).date()
        return {
            "order_id": order.id,
            "date_from": delivered + timedelta(days=company.dealer_followup_from_days),
            "date_until": delivered
            + timedelta(days=company.dealer_followup_until_days),
            "user_id": self._choose_clerk(company, order.advisor_id).id,
        }

    def _update_state(self, target, values=None):
        """Move follow-ups to a state the table allows; others stay as they are.

        :param str target: a key of ``FOLLOWUP_TRANSITIONS``
        :param dict values: fields written in the same breath
        """
        todo = self.filtered(
            lambda followup: target in FOLLOWUP_TRANSITIONS[followup.state]
        )
        todo_sudo = as_step(todo.sudo())
        todo_sudo.write({**(values or {}), "state": target})
        # Also closes the supervisor's reminder, which belongs to somebody else.
        todo_sudo.activity_feedback(
            ["mail.mail_activity_data_call", "mail.mail_activity_data_todo"]
        )
        return todo

    def _get_today(self):
        """Return the calendar day in the store."""
        return (self.company_id or self.env.company)._get_followup_today()

    @api.model
    def _is_supervisor(self):
        """Tell whether the user may reassign."""
        return self.env.su or self.env.user.has_group(
            "dealer_service.group_dealer_supervisor"
        )
