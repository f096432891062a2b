from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import format_list

from .plate import normalise_plate
from .vin import CHECK_POSITION, check_digit, is_well_formed, normalise_vin

ENERGY_KINDS = [
    ("petrol", "Petrol"),
    ("diesel", "Diesel"),
    ("hybrid", "Hybrid"),
    ("plug_in", "Plug-in hybrid"),
    ("range_extender", "Range extender"),
    ("electric", "Electric"),
    ("gas", "Natural gas or LPG"),
    ("hydrogen", "Hydrogen"),
]
# What `_get_mandatory` looks at.
MANDATORY_FIELDS = (
    "owner_id.name",
    "owner_id.phone",
    "owner_id.street",
    "owner_id.city",
    "model_id",
    "license_plate",
    "vin",
    "engine_no",
    "purchase_date",
)
# Characters of the VIN that people read out to each other.
VIN_TAIL = 6


class DealerVehicle(models.Model):
    """The file of a car: one per car, shared by all stores (rule 1, A2, A6, C10).

    - A file has a VIN, a plate or both. The VIN is unique, has 17 characters and
      no I, O or Q; a wrong check digit only warns, as imported cars may not use it.
    - Plate and owner are periods; the fields show the open ones, and writing them
      closes the former period and opens a new one today.
    - The mileage is the highest trusted reading of the log (`dealer.odometer`).
    - Each car has one numbered file bag, in one cabinet, with one custodian.
    - A file is archived, never deleted.
    """

    _name = "dealer.vehicle"
    _description = "Car"
    _inherit = [
        "mail.thread",
        "mail.activity.mixin",
        "dealer.personal.data.mixin",
    ]
    _masked_phone_fields = ("owner_phone",)
    _order = "id desc"
    _rec_names_search = ["license_plate", "vin"]
    _is_guarded_on_create = True

    active = fields.Boolean(default=True, tracking=True)
    vin = fields.Char(
        string="VIN",
        index="trigram",
        copy=False,
        tracking=True,
        help="17 digits and capital letters, without I, O and Q.",
    )
    vin_warning = fields.Char(string="VIN warning", compute="_compute_vin_warning")
    license_plate = fields.Char(
        string="Plate",
        compute="_compute_license_plate",
        inverse="_inverse_license_plate",
        store=True,
        readonly=False,
        index="trigram",
        copy=False,
        tracking=True,
        help="Current plate; empty while the car is not registered.",
    )
    owner_id = fields.Many2one(
        "res.partner",
        compute="_compute_owner_id",
        inverse="_inverse_owner_id",
        store=True,
        readonly=False,
        index=True,
        copy=False,
        ondelete="restrict",
        tracking=True,
    )
    owner_phone = fields.Char(related="owner_id.phone", string="Owner's phone")
    owner_address = fields.Char(
        related="owner_id.contact_address_inline", string="Address"
    )
    model_id = fields.Many2one(
        "fleet.vehicle.model",
        index="btree_not_null",
        ondelete="restrict",
        tracking=True,
    )
    image_128 = fields.Image(related="model_id.image_128")
    color = fields.Char(string="Colour")
    engine_no = fields.Char(string="Engine no.", copy=False, tracking=True)
    purchase_date = fields.Date(string="Bought on")
    energy = fields.Selection(ENERGY_KINDS)
    odometer = fields.Integer(
        string="Mileage (km)",
        compute="_compute_odometer",
        store=True,
        aggregator=False,
        help="Highest trusted reading, in km.",
    )
    bag_no = fields.Char(
        string="File bag",
        required=True,
        copy=False,
        default="/",
        help="Number of the paper file: one car, one bag.",
    )
    cabinet_no = fields.Char(string="Cabinet")
    custodian_id = fields.Many2one("res.users", tracking=True)
    notes = fields.Text()
    completeness = fields.Integer(
        compute="_compute_completeness",
        store=True,
        aggregator="avg",
        help="Percent of what a customer file must hold: name, phone and address of "
        "the owner; model, plate, VIN, engine number and purchase date.",
    )
    completeness_missing = fields.Char(
        string="Missing", compute="_compute_completeness_missing"
    )

    plate_ids = fields.One2many("dealer.vehicle.plate", "vehicle_id", string="Plates")
    ownership_ids = fields.One2many(
        "dealer.vehicle.ownership", "vehicle_id", string="Owners"
    )
    odometer_ids = fields.One2many(
        "dealer.odometer", "vehicle_id", string="Odometer log"
    )
    finding_ids = fields.One2many(
        "dealer.vehicle.finding", "vehicle_id", string="Findings"
    )
    guarantee_ids = fields.One2many(
        "dealer.guarantee", "vehicle_id", string="Guarantees"
    )
    repair_order_ids = fields.One2many(
        "dealer.repair.order", "vehicle_id", string="Repair orders"
    )
    open_finding_count = fields.Integer(compute="_compute_counts")
    guarantee_count = fields.Integer(compute="_compute_counts")
    repair_order_count = fields.Integer(compute="_compute_counts")

    _vin_uniq = models.Constraint(
        "UNIQUE (vin)",
        lambda env, _diag: env._("A car with this VIN already has a file. Open that."),
    )
    _bag_no_uniq = models.Constraint(
        "UNIQUE (bag_no)",
        lambda env, _diag: env._("File bag: this number belongs to another car."),
    )
    # Equality, also where PostgreSQL has no trigram extension.
    _license_plate_idx = models.Index("(license_plate)")

    # === COMPUTE METHODS === #

    @api.depends("license_plate", "vin", "model_id.display_name")
    def _compute_display_name(self):
        """Name a car as people do: plate, model and the tail of the VIN."""
        for vehicle in self:
            parts = (
                vehicle.license_plate,
                vehicle.model_id.display_name,
                (vehicle.vin or "")[-VIN_TAIL:],
            )
            vehicle.display_name = " · ".join(part for part in parts if part)

    @api.depends("vin")
    def _compute_vin_warning(self):
        """Warn of a check digit that does not agree with the rest of the VIN."""
        for vehicle in self:
            vin = normalise_vin(vehicle.vin)
            vehicle.vin_warning = False
            if is_well_formed(vin) and check_digit(vin) != vin[CHECK_POSITION]:
                vehicle.vin_warning = vehicle.env._(
                    "VIN: position 9 is %(found)s where the check digit is "
                    "%(digit)s. Compare it with the registration certificate; some "
                    "imported cars do not use the check digit.",
                    found=vin[CHECK_POSITION],
                    digit=check_digit(vin),
                )

    @api.depends("plate_ids.plate", "plate_ids.date_end")
    def _compute_license_plate(self):
        """Show the plate of the open period."""
        for vehicle in self:
            current = vehicle.plate_ids.filtered(lambda period: not period.date_end)
            vehicle.license_plate = current[:1].plate

    def _inverse_license_plate(self):
        """Put the written plate on the car from today on."""
        plates = {vehicle: vehicle.license_plate for vehicle in self}
        self.env["dealer.vehicle.plate"]._open(plates)

    @api.depends("ownership_ids.partner_id", "ownership_ids.date_end")
    def _compute_owner_id(self):
        """Show the owner of the open period."""
        for vehicle in self:
            current = vehicle.ownership_ids.filtered(lambda period: not period.date_end)
            vehicle.owner_id = current[:1].partner_id

    def _inverse_owner_id(self):
        """Give the car the written owner from today on."""
        owners = {vehicle: vehicle.owner_id for vehicle in self}
        self.env["dealer.vehicle.ownership"]._open(owners)

    @api.depends("odometer_ids.value", "odometer_ids.date", "odometer_ids.reason")
    def _compute_odometer(self):
        """Take the highest trusted reading."""
        for vehicle in self:
            trusted = vehicle.odometer_ids._get_trusted()
            vehicle.odometer = max(trusted.mapped("value"), default=0)

    def _get_mandatory(self):
        """Return the text and the value of each thing a file must hold (A6).

        :rtype: list of (str, object)
        """
        self.ensure_one()
        env, owner = self.env, self.owner_id
        return [
            (env._("customer name"), owner.name),
            (env._("phone"), owner.phone),
            (env._("address"), owner.street or owner.city),
            (env._("model"), self.model_id),
            (env._("plate"), self.license_plate),
            (env._("VIN"), self.vin),
            (env._("engine number"), self.engine_no),
            (env._("purchase date"), self.purchase_date),
        ]

    @api.depends(*MANDATORY_FIELDS)
    def _compute_completeness(self):
        """Tell how much of the mandatory file is filled, in percent (A6)."""
        for vehicle in self:
            values = [value for _name, value in vehicle._get_mandatory()]
            vehicle.completeness = 100 * sum(map(bool, values)) // len(values)

    @api.depends(*MANDATORY_FIELDS)
    @api.depends_context("lang")
    def _compute_completeness_missing(self):
        """Name what the file still lacks (A6)."""
        for vehicle in self:
            missing = [name for name, value in vehicle._get_mandatory() if not value]
            vehicle.completeness_missing = format_list(self.env, missing)

    @api.depends("finding_ids.state", "guarantee_ids", "repair_order_ids")
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_counts(self):
        """Count what the smart buttons lead to, with one query for each."""
        open_findings = [("state", "=", "open")]
        sources = {
            "open_finding_count": ("dealer.vehicle.finding", open_findings),
            "guarantee_count": ("dealer.guarantee", []),
            "repair_order_count": ("dealer.repair.order", []),
        }
        for name, (model, domain) in sources.items():
            counts = {}
            if self.env[model].has_access("read"):
                groups = self.env[model]._read_group(
                    [("vehicle_id", "in", self.ids), *domain],
                    ["vehicle_id"],
                    ["__count"],
                )
                counts = {vehicle.id: count for vehicle, count in groups}
            for vehicle in self:
                vehicle[name] = counts.get(vehicle._origin.id, 0)

    @api.model
    def _search_display_name(self, operator, value):
        """Find a plate or VIN however it is typed: 京A·12345, full-width, 滬."""
        if isinstance(value, str):
            value = normalise_plate(value)
        elif isinstance(value, (list, tuple, set)):
            value = [normalise_plate(v) if isinstance(v, str) else v for v in value]
        return super()._search_display_name(operator, value)

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        """Open files: normalise VIN and plate, number the file bags (C10).

        :raises ValidationError: if a VIN is wrong or has a file already, or a file
            has neither VIN nor plate
        """
        vals_list = [self._normalise_vals(vals) for vals in vals_list]
        self._check_vins_free([vals["vin"] for vals in vals_list if vals.get("vin")])
        sequence = self.env["ir.sequence"]
        for vals in vals_list:
            if not (vals.get("vin") or vals.get("license_plate")):
                raise ValidationError(
                    self.env._(
                        "A car needs a VIN or a plate: enter what you know of it."
                    )
                )
            if vals.get("bag_no", "/") == "/":
                vals["bag_no"] = sequence.next_by_code("dealer.vehicle.bag")
        return super().create(vals_list)

    def write(self, vals):
        """Normalise VIN and plate; keep a VIN under which work was done.

        :raises ValidationError: if the VIN is wrong or has a file already
        :raises UserError: if the VIN is no longer the user's to change
        """
        vals = self._normalise_vals(vals)
        if "vin" in vals:
            changed = self.filtered(lambda vehicle: vehicle.vin != vals["vin"])
            changed._ensure_vin_changeable()
            if vals["vin"]:
                changed._check_vins_free([vals["vin"]] * len(changed))
        return super().write(vals)
