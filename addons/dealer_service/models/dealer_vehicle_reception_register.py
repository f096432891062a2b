from odoo import api, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL

from .. import arguments as arg
from .dealer_vehicle_reception import WHOLE_PHONE
from .dealer_vehicle_register import REGISTER_KINDS
from .phone import digits_of_phone
from .plate import normalise_plate
from .vin import normalise_vin

CAR_KEYS = {"vin", "plate", "model_id", "engine_no", "color", "purchase_date"}
OWNER_KEYS = {"owner_id", "owner_name", "owner_phone", "owner_street"}
CHOICES = {"other_person", "take_over"}
CAR_AND_OWNER = arg.mapping(
    **REGISTER_KINDS,
    owner_name=arg.text,
    owner_phone=arg.text,
    owner_street=arg.text,
    take_over=arg.flag,
    other_person=arg.flag,
)


class DealerVehicle(models.Model):
    """The desk opens a file for an unknown car and its owner in one step (A2, C10).

    What looks like something known is offered instead of being created again: a
    file by VIN or plate, a customer by telephone number.
    """

    _inherit = "dealer.vehicle"

    @api.model
    @api.readonly
    @arg.typed(values=CAR_AND_OWNER)
    def reception_duplicates(self, values):
        """Return what is known already of a car and owner about to be entered.

        :param dict values: see `reception_register`
        :raises AccessError: unless the user works at the desk
        :return: ``cars`` with this VIN or plate and ``customers`` with this number,
            both as `reception_search` shows them
        :rtype: dict
        """
        self._ensure_desk()
        cars = [
            *self._match_cars_exactly("vin", normalise_vin(values.get("vin"))),
            *self._match_cars_exactly("plate", normalise_plate(values.get("plate"))),
        ]
        phone = digits_of_phone(values.get("owner_phone"))
        owners = self._match_phones(phone) if len(phone) >= WHOLE_PHONE else []
        return {
            "cars": self._run_reception_search(cars, 4),
            "customers": self._unite_customers(self._run_reception_search(owners, 8)),
        }

    @api.model
    def _match_cars_exactly(self, kind, key):
        """Return the statement that finds the car with a VIN or plate, if one is given.

        :rtype: list of SQL
        """
        if not key:
            return []
        column = {"vin": SQL("vin = %s", key), "plate": SQL("license_plate = %s", key)}
        return [self._match_cars(kind, column[kind])]

    @api.model
    def _unite_customers(self, rows):
        """Return found cars as their owners, each once, with the plates of the cars.

        :param list rows: dicts of `reception_search`
        :rtype: list of dict
        """
        customers = {}
        for row in rows:
            customer = customers.setdefault(
                row["partner_id"],
                {
                    "partner_id": row["partner_id"],
                    "name": row["owner"],
                    "phone": row["phone"],
                    "plates": [],
                },
            )
            if row["vehicle_id"]:
                customer["plates"].append(row["plate"] or row["vin"])
        return list(customers.values())

    @api.model
    @arg.typed(values=CAR_AND_OWNER)
    def reception_register(self, values):
        """Open a file for a car and, if needed, its owner; or tell what is known.

        :param dict values: of the car ``vin``, ``plate``, ``model_id``,
            ``engine_no``, ``color``, ``purchase_date``; of the owner ``owner_id``
            (somebody known) or ``owner_name``, ``owner_phone``, ``owner_street``;
            ``take_over`` if the plate moved here from another car;
            ``other_person`` if somebody else has the same number
        :raises AccessError: if the user may not open files
        :raises ValidationError: if VIN, plate or owner is missing or malformed
        :return: ``vehicle_id``, the new file; it is False if something is known
            already, and ``duplicates`` then holds what (`reception_duplicates`)
        :rtype: dict
        """
        self.check_access("create")
        known = CAR_KEYS | OWNER_KEYS | CHOICES
        if unknown := set(values) - known:
            raise ValidationError(
                self.env._(
                    "Car: unknown value %(names)s; known are %(known)s.",
                    names=", ".join(sorted(unknown)),
                    known=", ".join(sorted(known)),
                )
            )
        duplicates = self._get_unsettled_duplicates(values)
        if any(duplicates.values()):
            return {"vehicle_id": False, "duplicates": duplicates}
        car = {key: values[key] for key in CAR_KEYS if values.get(key)}
        plate = car.pop("plate", False) if values.get("take_over") else False
        car["owner_id"] = self._get_reception_owner(values).id
        if plate and not car.get("vin"):
            raise ValidationError(
                self.env._("VIN: enter it, for the plate is still on another car.")
            )
        vehicle = self.browse(self.register(car))
        if plate:
            vehicle.set_plate(plate, take_over=True)
        return {"vehicle_id": vehicle.id, "duplicates": {"cars": [], "customers": []}}

    @api.model
    def _get_unsettled_duplicates(self, values):
        """Return what is known already, without what the user has decided about.

        A person with the same name and number is the same person, whatever is said.

        :rtype: dict
        """
        found = self.reception_duplicates(values)
        if values.get("take_over"):
            found["cars"] = [car for car in found["cars"] if car["match"] != "plate"]
        if values.get("owner_id"):
            found["customers"] = []
        elif values.get("other_person"):
            name = "".join((values.get("owner_name") or "").split()).lower()
            found["customers"] = [
                customer
                for customer in found["customers"]
                if "".join((customer["name"] or "").split()).lower() == name
            ]
        return found

    @api.model
    def _get_reception_owner(self, values):
        """Return the chosen owner, or a new one.

        :raises ValidationError: if the owner has no name or telephone number
        :rtype: `res.partner`
        """
        partners = self.env["res.partner"]
        if values.get("owner_id"):
            return partners.browse(values["owner_id"])
        name = (values.get("owner_name") or "").strip()
        phone = (values.get("owner_phone") or "").strip()
        if not name:
            raise ValidationError(self.env._("Owner: enter the name."))
        if not digits_of_phone(phone):
            raise ValidationError(
                self.env._("Telephone: enter the number at which we reach the owner.")
            )
        return partners.create(
            {"name": name, "phone": phone, "street": values.get("owner_street")}
        )
