from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

PURPOSES = [
    ("inquiry", "Inquiry"),
    ("quote", "Quote only"),
    ("pickup", "Picked something up"),
    ("other", "Other"),
]
CHANNELS = [("counter", "At the counter"), ("phone", "By telephone")]
# Days that the desk looks back, and entries that it shows.
SHOWN_DAYS = 3
SHOWN_ENTRIES = 8


class DealerReceptionLog(models.Model):
    """Somebody came or called, and no repair was received (B1, C11a).

    Who it was, what he or she wanted and what we answered; with the car and the
    customer if we know them. It is no repair order: nothing is taken in. If the
    file of the car is not complete, its two days begin (A2). Entries are kept.
    """

    _name = "dealer.reception.log"
    _description = "Visit without repair"
    _order = "date desc, id desc"
    _check_company_auto = True
    _inherit = ["dealer.personal.data.mixin"]
    _masked_phone_fields = ("phone",)
    _rec_name = "person"
    _is_guarded_on_create = True

    date = fields.Datetime(
        string="When", required=True, default=fields.Datetime.now, index=True
    )
    company_id = fields.Many2one(
        "res.company",
        string="Store",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    user_id = fields.Many2one(
        "res.users",
        string="Received by",
        required=True,
        index=True,
        default=lambda self: self.env.user,
    )
    purpose = fields.Selection(PURPOSES, required=True, default="inquiry")
    channel = fields.Selection(
        CHANNELS, string="Came by", required=True, default="counter"
    )
    vehicle_id = fields.Many2one(
        "dealer.vehicle", string="Car", index="btree_not_null", ondelete="restrict"
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        compute="_compute_partner_id",
        store=True,
        readonly=False,
        precompute=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    person = fields.Char(
        string="Visitor's name",
        compute="_compute_person",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
    )
    phone = fields.Char(
        string="Telephone",
        compute="_compute_person",
        store=True,
        readonly=False,
        precompute=True,
    )
    demand = fields.Text(string="Wish", help="What the visitor wanted, as said.")
    answer = fields.Text(help="What we answered or handed over.")

    @api.depends("vehicle_id")
    def _compute_partner_id(self):
        """Propose the owner of the car."""
        for entry in self:
            entry.partner_id = entry.partner_id or entry.vehicle_id.owner_id

    @api.depends("partner_id")
    def _compute_person(self):
        """Propose name and number of the customer."""
        for entry in self:
            entry.person = entry.person or entry.partner_id.name
            entry.phone = entry.phone or entry.partner_id.phone

    @api.model_create_multi
    def create(self, vals_list):
        """Begin the two days in which the file of the car is completed (A2)."""
        entries = super().create(vals_list)
        entries.vehicle_id._start_file_task()
        return entries

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        """Keep every entry: it is a record of the house (C10)."""
        raise UserError(
            self.env._("A visit without repair is kept. Correct the entry instead.")
        )

    @api.model
    def _prepare_overview_lines(self):
        """Return who came or called lately, the last first, as the desk shows it.

        :rtype: list of dict
        """
        since = fields.Datetime.now() - timedelta(days=SHOWN_DAYS)
        entries = self.search(
            [("company_id", "in", self.env.companies.ids), ("date", ">=", since)],
            limit=SHOWN_ENTRIES,
        )
        purposes = dict(self._fields["purpose"]._description_selection(self.env))
        return [
            {
                "id": entry.id,
                "date": entry.date,
                "person": entry.person,
                "phone": entry.phone,
                "purpose": purposes[entry.purpose],
                "plate": entry.vehicle_id.license_plate,
                "demand": entry.demand,
                "answer": entry.answer,
                "user": entry.user_id.name,
            }
            for entry in entries
        ]
