from odoo import api, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from ..const import PRESENT_STATES

# What `receive` takes over into the visit.
RECEIVE_FIELDS = {"vehicle_id", "partner_id", "sender_name", "sender_phone", "concern"}
# What the start screen reads of a visit.
OVERVIEW_FIELDS = [
    "name",
    "vehicle_id",
    "partner_id",
    "sender_phone",
    "concern",
    "state",
    "advisor_id",
    "booked_start",
    "booked_bay_id",
    "arrived_at",
    "promised_at",
    "is_waiting",
]
# A store holds fewer cars; more would not fit the screen.
SHOWN_CARS = 80


class DealerRepairOrder(models.Model):
    """The reception desk opens visits, and shows who is expected and here (B1)."""

    _inherit = "dealer.repair.order"

    def _action_post_create(self):
        """Begin the two days in which the file of the car is completed (A2)."""
        result = super()._action_post_create()
        self.vehicle_id._start_file_task()
        return result

    @api.model
    def receive(self, values):
        """Open a visit from the desk, with service packages as its jobs.

        A car that is expected today arrives with its appointment.

        :param dict values: ``vehicle_id``; ``partner_id``, ``sender_name``,
            ``sender_phone``, ``concern`` (the customer's words), ``package_ids``,
            ``order_id`` (the appointment that the car keeps), all optional
        :raises AccessError: if the user may not open visits
        :raises UserError: if the car is already in a workshop of the group
        :raises ValidationError: if a key is unknown, or car or customer is missing
        :return: id of the `dealer.repair.order`
        :rtype: int
        """
        self.check_access("create")
        known = RECEIVE_FIELDS | {"package_ids", "order_id"}
        if unknown := set(values) - known:
            raise ValidationError(
                self.env._(
                    "Visit: unknown value %(names)s; known are %(known)s.",
                    names=", ".join(sorted(unknown)),
                    known=", ".join(sorted(known)),
                )
            )
        vals = {key: values[key] for key in RECEIVE_FIELDS if values.get(key)}
        order = self.browse(values.get("order_id"))
        if order:
            order._keep_appointment(vals)
        else:
            order = self._open_reception_visit(vals)
        if package_ids := values.get("package_ids"):
            order.add_packages(package_ids)
        return order.id

    @api.model
    def _open_reception_visit(self, vals):
        """Open a visit, after asking for the two things that nobody can guess.

        :param dict vals: values of the visit
        :rtype: `dealer.repair.order`
        """
        vehicle = self.env["dealer.vehicle"].browse(vals.get("vehicle_id")).exists()
        if not vehicle:
            raise ValidationError(self.env._("Vehicle: choose the car that came."))
        if not (vals.get("partner_id") or vehicle.owner_id):
            raise ValidationError(
                self.env._(
                    "Customer: the file of %s has no owner. Enter the owner first.",
                    vehicle.display_name,
                )
            )
        return self.create(vals)

    def _keep_appointment(self, vals):
        """Let the booked car arrive, with what the customer says now.

        :param dict vals: values of the visit
        """
        self.ensure_one()
        self.action_arrive()
        new = {key: value for key, value in vals.items() if key != "vehicle_id"}
        if new:
            self.write(new)

    @api.model
    @api.readonly
    def reception_overview(self):
        """Return who is expected today and which cars are in the store.

        :raises AccessError: unless the user works at the desk
        :return: ``appointments``, ``present``: lists of dicts
        :rtype: dict
        """
        vehicles = self.env["dealer.vehicle"]
        vehicles._ensure_desk()
        start, stop = vehicles._get_reception_today()
        stores = Domain("company_id", "in", self.env.companies.ids)
        expected = self.search_fetch(
            stores
            & Domain("state", "=", "booked")
            & Domain("booked_start", "<", stop)
            & Domain("booked_start", ">=", start),
            OVERVIEW_FIELDS,
            order="booked_start",
        )
        present = self.search_fetch(
            stores & Domain("state", "in", PRESENT_STATES),
            OVERVIEW_FIELDS,
            limit=SHOWN_CARS,
            order="promised_at, arrived_at",
        )
        return {
            "appointments": [order._prepare_overview_line() for order in expected],
            "present": [order._prepare_overview_line() for order in present],
        }

    def _prepare_overview_line(self):
        """Return one expected or present car, as the start screen shows it.

        :rtype: dict
        """
        self.ensure_one()
        states = dict(self._fields["state"]._description_selection(self.env))
        return {
            "id": self.id,
            "name": self.name,
            "vehicle_id": self.vehicle_id.id,
            "plate": self.license_plate,
            "model": self.model_id.display_name or False,
            "customer": self.partner_id.sudo().name,
            "phone": self.sender_phone,
            "concern": self.concern,
            "state": self.state,
            "state_name": states[self.state],
            "advisor": self.advisor_id.name,
            "booked_start": self.booked_start,
            "booked_bay": self.booked_bay_id.name,
            "arrived_at": self.arrived_at,
            "promised_at": self.promised_at,
            "is_waiting": self.is_waiting,
        }
