from psycopg2.errors import UniqueViolation

from odoo import api, fields, models
from odoo.exceptions import ConcurrencyError, ValidationError

from .. import arguments as arg

# Key of `register` → field of the car.
REGISTER_FIELDS = {
    "vin": "vin",
    "plate": "license_plate",
    "model_id": "model_id",
    "owner_id": "owner_id",
    "engine_no": "engine_no",
    "color": "color",
    "purchase_date": "purchase_date",
}
# Key of `register` → what it is read as.
REGISTER_KINDS = {
    "vin": arg.text,
    "plate": arg.text,
    "model_id": arg.record("fleet.vehicle.model"),
    "owner_id": arg.record("res.partner"),
    "engine_no": arg.text,
    "color": arg.text,
    "purchase_date": arg.date,
}


class DealerVehicle(models.Model):
    """Public methods of the vehicle file, for the desk and for integrators."""

    _inherit = "dealer.vehicle"

    @api.model
    @arg.typed(values=arg.mapping(**REGISTER_KINDS))
    def register(self, values):
        """Find the file of a car, or open one (A2, C10).

        A caller may repeat the call: the same VIN always gives the same file. A
        file that is found is completed where it is empty, never overwritten; use
        `set_plate`, `set_owner` or a write to change it. An archived file returns
        to the cabinet. Without a VIN, the car that carries the plate is found.

        :param dict values: ``vin``, ``plate``, ``model_id``, ``owner_id``,
            ``engine_no``, ``color``, ``purchase_date``; VIN or plate is needed
        :raises AccessError: if the user may not open files
        :raises ValidationError: if VIN or plate is malformed, the plate is on
            another car, or a key is unknown
        :return: id of the `dealer.vehicle`
        :rtype: int
        """
        self.check_access("create")
        if unknown := set(values) - set(REGISTER_FIELDS):
            raise ValidationError(
                self.env._(
                    "Car: unknown value %(names)s; known are %(known)s.",
                    names=", ".join(sorted(unknown)),
                    known=", ".join(REGISTER_FIELDS),
                )
            )
        vals = self._normalise_vals(
            {REGISTER_FIELDS[key]: value for key, value in values.items() if value}
        )
        vehicle = self._find_file(vals.get("vin"), vals.get("license_plate"))
        if vehicle:
            vehicle._complete_file(vals)
            return vehicle.id
        try:
            with self.env.cr.savepoint():
                return self.create(vals).id
        except UniqueViolation as error:
            # Another request opened the file meanwhile; the next try finds it.
            raise ConcurrencyError(
                self.env._("This car is being registered by someone else.")
            ) from error

    @api.model
    def _find_file(self, vin, plate):
        """Return the file with this VIN, else the one that carries the plate.

        A car known by its plate only is the one meant if it has no VIN yet.

        :param str vin: a normalised VIN, or False
        :param str plate: a normalised plate, or False
        :rtype: `dealer.vehicle`
        """
        vehicles = self.with_context(active_test=False)
        found = vehicles.browse()
        if vin:
            found = vehicles.search([("vin", "=", vin)], limit=1)
        if not found and plate:
            domain = [("license_plate", "=", plate)]
            if vin:
                domain.append(("vin", "=", False))
            found = vehicles.search(domain, limit=1)
        return self.browse(found.id)

    def _complete_file(self, vals):
        """Fill what is still empty in the file, and take it out of the archive.

        :param dict vals: normalised values
        """
        self.ensure_one()
        missing = {name: value for name, value in vals.items() if not self[name]}
        if not self.active:
            missing["active"] = True
        if missing:
            self.write(missing)

    @arg.typed(plate=arg.text, date=arg.date, take_over=arg.flag)
    def set_plate(self, plate, date=False, take_over=False):
        """Put a plate on the car; the former one ends on that day (rule 1).

        Repeating the call changes nothing.

        :param str plate: the plate in any spelling; empty takes it off the car
        :param date date: first day, today if not given
        :param bool take_over: close the plate on another car instead of refusing
        :raises AccessError: if the user may not write the file
        :raises ValidationError: if it is no plate, another car carries it, or a
            later period exists
        :return: True
        """
        self.ensure_one()
        self.check_access("write")
        self.env["dealer.vehicle.plate"]._open({self: plate}, date, take_over)
        return True

    @arg.typed(partner_id=arg.integer, date=arg.date)
    def set_owner(self, partner_id, date=False):
        """Give the car an owner; the former one ends on that day (rule 1).

        Repeating the call changes nothing.

        :param int partner_id: id of a `res.partner`; empty for no known owner
        :param date date: first day, today if not given
        :raises AccessError: if the user may not write the file
        :raises ValidationError: if the contact does not exist, or a later period
            exists
        :return: True
        """
        self.ensure_one()
        self.check_access("write")
        owner = self.env["res.partner"].browse(partner_id or [])
        self.env["dealer.vehicle.ownership"]._open({self: owner}, date)
        return True

    def _log_odometer(self, value, order=None, reason=None):
        """Note the mileage that a visit read; the same reading is noted once.

        :param int value: the reading in km
        :param order: the `dealer.repair.order`, if any
        :param str reason: why it is lower than before; makes it a new base
        :raises ValidationError: if it is impossible, or lower without a reason
        :return: the reading, a `dealer.odometer`
        """
        self.ensure_one()
        # Only the archivist enters readings by hand; visits note them for everybody.
        readings_sudo = self.sudo().odometer_ids
        last_sudo = readings_sudo._sort_by_time()[-1:]
        if order and last_sudo.order_id == order and last_sudo.value == value:
            return last_sudo.sudo(False)
        reading_sudo = readings_sudo.create(
            {
                "vehicle_id": self.id,
                "value": value,
                "date": fields.Datetime.now(),
                "order_id": order.id if order else False,
                "reason": reason,
            }
        )
        return reading_sudo.sudo(False)

    # === ACTIONS === #

    def action_view_repair_orders(self):
        """Open the visits of the car."""
        return self._get_related_action("dealer.repair.order", self.env._("Visits"))

    def action_view_findings(self):
        """Open what was declined or deferred on the car."""
        return self._get_related_action(
            "dealer.vehicle.finding", self.env._("Findings")
        )

    def action_view_guarantees(self):
        """Open the guarantees of the car."""
        return self._get_related_action("dealer.guarantee", self.env._("Guarantees"))

    def _get_related_action(self, model, name):
        """Return an action that lists the records of this car.

        :param str model: a model with a ``vehicle_id``
        :param str name: title of the window
        :rtype: dict
        """
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": model,
            "view_mode": "list,form",
            "domain": [("vehicle_id", "=", self.id)],
            "context": {"default_vehicle_id": self.id},
        }
