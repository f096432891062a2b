from odoo import fields, models
from odoo.exceptions import AccessError, UserError

from ..const import PRESENT_STATES
from .phone import PHONE_DIGITS

# What identifies a person, besides the name.
PERSONAL_FIELDS = (
    "phone",
    "email",
    "street",
    "street2",
    "zip",
    "city",
    "state_id",
    "vat",
    "ref",
    "website",
    "function",
    "company_name",
    "comment",
    "barcode",
    "image_1920",
)


class ResPartner(models.Model):
    """Cars of a customer, and the erasure of a person (PIPL, section 6)."""

    _inherit = "res.partner"

    dealer_vehicle_count = fields.Integer(
        string="Cars",
        compute="_compute_dealer_vehicle_count",
        groups="dealer_service.group_dealer_user",
    )

    # The reception desk finds a person by the end of the number, or by the
    # beginning of the name.
    _dealer_phone_idx = models.Index(f"(reverse({PHONE_DIGITS}) text_pattern_ops)")
    _dealer_name_idx = models.Index("(lower(name) text_pattern_ops)")

    def _compute_dealer_vehicle_count(self):
        """Count the cars that each contact owns now."""
        groups = self.env["dealer.vehicle"]._read_group(
            [("owner_id", "in", self.ids)], ["owner_id"], ["__count"]
        )
        counts = {owner.id: count for owner, count in groups}
        for partner in self:
            partner.dealer_vehicle_count = counts.get(partner.id, 0)

    def write(self, vals):
        """End the task of car files that the owner's number or address completes."""
        result = super().write(vals)
        if {"name", "phone", "street", "city"} & set(vals):
            # Whoever corrects an address need not read car files.
            vehicle_sudo = self.env["dealer.vehicle"].sudo()
            vehicle_sudo.search(
                [("owner_id", "in", self.ids), ("file_due_date", "!=", False)]
            )._end_file_task()
        return result

    def action_view_dealer_vehicles(self):
        """Open the cars that the contact owns now."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Cars"),
            "res_model": "dealer.vehicle",
            "view_mode": "list,kanban,form",
            "domain": [("owner_id", "=", self.id)],
            "context": {"default_owner_id": self.id},
        }

    def action_dealer_erase(self):
        """Make a person and the addresses below unrecognisable, on their request.

        The contact is anonymised and archived; repair orders, invoices and
        signatures stay, for the statute demands to keep them
        (`res.company.dealer_retention_years`). Portal logins are closed. Repeating
        the call changes nothing.

        :raises AccessError: unless the user is the archivist or the store manager
        :raises UserError: while a visit is open or money is due, or for a colleague
        :return: True
        """
        if not self.env.user.has_group("dealer_service.group_dealer_archivist"):
            raise AccessError(
                self.env._(
                    "Only the archivist or the store manager erases a person. Ask one "
                    "of them."
                )
            )
        self.check_access("read")
        # Visits and invoices of all stores count, and so do archived addresses.
        partner_sudo = self.sudo().with_context(active_test=False)
        tree_sudo = partner_sudo.search([("id", "child_of", self.ids)])
        tree_sudo._ensure_erasable()
        tree_sudo._close_portal_logins()
        # Neither a new trace of the old values, nor a stop at the closed logins.
        erased_sudo = tree_sudo.with_context(tracking_disable=True, active_test=True)
        for person_sudo in erased_sudo:
            person_sudo.write(person_sudo._prepare_erased_vals())
        tree_sudo._erase_tracking()
        for person_sudo in tree_sudo:
            person_sudo.message_post(
                body=person_sudo.env._(
                    "Personal data erased by %(user)s. Statutory records stay.",
                    user=self.env.user.name,
                )
            )
        return True

    def _ensure_erasable(self):
        """Refuse to erase a person with whom something is still open.

        :raises UserError: naming what has to be finished first
        """
        if any(user._is_internal() for user in self.user_ids):
            raise UserError(
                self.env._("A colleague with a login cannot be erased as a customer.")
            )
        self._ensure_no_open_visit()
        self._ensure_no_open_invoice()

    def _ensure_no_open_visit(self):
        """Refuse to erase a person whose car is in the house or expected."""
        order = self.env["dealer.repair.order"].search(
            [
                ("state", "in", ["booked", *PRESENT_STATES]),
                "|",
                ("partner_id", "in", self.ids),
                ("vehicle_id.owner_id", "in", self.ids),
            ],
            limit=1,
        )
        if order:
            raise UserError(
                self.env._(
                    "Visit %(order)s in %(store)s is still open. Deliver or cancel it "
                    "before you erase the person.",
                    order=order.display_name,
                    store=order.company_id.name,
                )
            )

    def _ensure_no_open_invoice(self):
        """Refuse to erase a person who owes or is owed something."""
        move = self.env["account.move"].search(
            [
                ("partner_id", "in", self.ids),
                ("move_type", "in", self.env["account.move"].get_sale_types()),
                ("state", "=", "posted"),
                ("payment_state", "in", ["not_paid", "partial"]),
            ],
            limit=1,
        )
        if move:
            raise UserError(
                self.env._(
                    "Invoice %(invoice)s is not settled. Settle it before you erase "
                    "the person.",
                    invoice=move.name,
                )
            )

    def _close_portal_logins(self):
        """Archive the portal users of these people under a neutral login."""
        for user in self.user_ids:
            user.write({"active": False, "login": f"erased-{user.id}"})

    def _prepare_erased_vals(self):
        """Return the values that make a contact unrecognisable. Bridges add to it.

        :rtype: dict
        """
        self.ensure_one()
        return {
            **dict.fromkeys(PERSONAL_FIELDS, False),
            "name": self.env._("Erased person %s", self.id),
            "active": False,
        }

    def _erase_tracking(self):
        """Take the former names and numbers out of the history of all documents."""
        # What this transaction changed before becomes history at the flush.
        self.env.cr.flush()
        values = self.env["mail.tracking.value"]
        values.search(
            [
                ("mail_message_id.model", "=", "res.partner"),
                ("mail_message_id.res_id", "in", self.ids),
            ]
        ).unlink()
        for end in ("old", "new"):
            named = values.search(
                [
                    ("field_id.relation", "=", "res.partner"),
                    (f"{end}_value_integer", "in", self.ids),
                ]
            )
            for value in named:
                person = self.browse(value[f"{end}_value_integer"])
                value[f"{end}_value_char"] = person.name
