from odoo import api, fields, models
from odoo.exceptions import ValidationError

# Lines of the sheet by kind, as forms show them.
ITEM_FIELDS = {
    "belonging_item_ids": "belonging",
    "document_item_ids": "document",
    "lamp_item_ids": "lamp",
    "walkround_item_ids": "walkround",
}


class DealerIntake(models.Model):
    """What the car looked like and what was in it when it came (C6, F07).

    The sheet belongs to one visit and is read and written through it. Once the
    customer has signed, it never changes again; what is found later goes into
    the chatter of the visit.
    """

    _name = "dealer.intake"
    _description = "Intake sheet"
    _inherit = ["dealer.signed.mixin"]
    _rec_name = "id"
    _signed_on = "intake_signed_on"
    _signed_company = "intake_company_id"
    # The lines have a lock of their own, which lets "handed back" through.
    _signed_open = frozenset(
        {
            "order_ids",
            "item_ids",
            "belonging_item_ids",
            "document_item_ids",
            "lamp_item_ids",
            "walkround_item_ids",
        }
    )
    _signed_photos = ("photo_ids",)

    order_ids = fields.One2many("dealer.repair.order", "intake_id")
    intake_company_id = fields.Many2one(
        "res.company",
        string="Store of the intake sheet",
        index=True,
        default=lambda self: self.env.company,
        help="The store of the visit; kept here for the access rule.",
    )
    mileage = fields.Integer(
        string="Mileage (km)",
        copy=False,
        help="Reading of the odometer at the gate, in km.",
    )
    mileage_reason = fields.Char(
        string="Why the mileage is lower",
        copy=False,
        help="Required when the reading is below the last known one, e.g. a "
        "replaced instrument cluster.",
    )
    fuel_percent = fields.Integer(
        string="Fuel / charge (%)",
        help="Fuel level or state of charge in percent, 1 to 100. An eighth of a tank "
        "is 12 %; enter 1 for an empty one.",
    )
    key_count = fields.Integer(string="Keys", default=1)
    key_box = fields.Char(string="Key box no.")
    three_covers = fields.Boolean(
        string="Covers in place",
        help="Steering wheel, seat and floor covers are in place.",
    )
    item_ids = fields.One2many(
        "dealer.intake.item", "intake_id", string="Intake sheet", copy=True
    )
    belonging_item_ids = fields.One2many(
        "dealer.intake.item",
        "intake_id",
        string="Belongings",
        domain=[("kind", "=", "belonging")],
    )
    document_item_ids = fields.One2many(
        "dealer.intake.item",
        "intake_id",
        string="Papers",
        domain=[("kind", "=", "document")],
    )
    lamp_item_ids = fields.One2many(
        "dealer.intake.item",
        "intake_id",
        string="Warning lamps",
        domain=[("kind", "=", "lamp")],
    )
    walkround_item_ids = fields.One2many(
        "dealer.intake.item",
        "intake_id",
        string="Walk-round",
        domain=[("kind", "=", "walkround")],
    )
    belongings_none = fields.Boolean(
        string="No belongings declared",
        help="The customer declares that nothing of value stays in the car.",
    )
    mark_ids = fields.One2many(
        "dealer.intake.mark", "intake_id", string="Damage marks", copy=False
    )
    valuables = fields.Char(
        string="Valuables declared",
        help="What of value the customer leaves in the car. Ask to take it along.",
    )
    walkround_done = fields.Boolean(string="Walk-round done with the customer")
    walkround_note = fields.Text(string="Damage and remarks")
    papers_listed = fields.Boolean(
        string="Papers listed", help="The papers handed over are ticked below."
    )
    photo_ids = fields.Many2many("ir.attachment", string="Photos", copy=False)
    old_part_wish = fields.Selection(
        [("return", "Hand back"), ("dispose", "Dispose of them")],
        string="Old parts",
        default="return",
    )
    is_waiting = fields.Boolean(string="Waits in the store")
    intake_signature = fields.Binary(string="Customer signature", copy=False)
    intake_signed_by = fields.Char(string="Signed by", copy=False)
    intake_signed_on = fields.Datetime(string="Signed on", copy=False, readonly=True)

    _mileage_positive = models.Constraint(
        "CHECK (mileage >= 0)",
        lambda env, _diag: env._("Mileage: a reading cannot be negative."),
    )
    _fuel_range = models.Constraint(
        "CHECK (fuel_percent BETWEEN 0 AND 100)",
        lambda env, _diag: env._("Fuel / charge: enter 0 to 100 percent."),
    )

    @api.model
    def default_get(self, fields):
        """Start a sheet with the store's list of belongings, papers and points."""
        values = super().default_get(fields)
        if wanted := [name for name in ITEM_FIELDS if name in fields]:
            commands = self._prepare_item_commands(self.env.company)
            for name in wanted:
                values[name] = [
                    command
                    for command in commands
                    if command[2]["kind"] == ITEM_FIELDS[name]
                ]
        return values

    @api.model
    def _prepare_item_commands(self, company):
        """Return the create commands of the lines a sheet starts with.

        :param res.company company: the store, as a `res.company`
        :rtype: list
        """
        # The sheet is printed and signed: it speaks the user's language, whatever the
        # client that opens the visit.
        templates = (
            self.env["dealer.intake.item.template"]
            .with_context(lang=self.env.user.lang)
            .search_fetch([("company_id", "in", [False, company.id])])
        )
        return [
            fields.Command.create(
                {
                    "name": template.name,
                    "kind": template.kind,
                    "block": template.block,
                    "sequence": template.sequence,
                    "is_present": template.kind == "walkround",
                }
            )
            for template in templates
        ]

    def _signed_message(self):
        """Say that the signed sheet is closed, and where a remark belongs."""
        return self.env._(
            "The intake sheet was signed by %(signer)s and can no longer be changed. "
            "Write a note on the repair order instead.",
            signer=self.intake_signed_by,
        )

    @api.constrains("key_count")
    def _check_key_count(self):
        """Refuse a negative number of keys."""
        if any(sheet.key_count < 0 for sheet in self):
            raise ValidationError(self.env._("Keys: the number cannot be negative."))
