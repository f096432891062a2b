from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from .plate import is_valid_plate, normalise_plate


class DealerVehiclePlate(models.Model):
    """A licence plate on a car, for a time (rule 1, GA 36).

    A plate may move between cars over the years; on one day it is on one car
    only, and a car carries one plate only. Plates are stored in one spelling.
    """

    _name = "dealer.vehicle.plate"
    _description = "Plate of a car"
    _inherit = ["dealer.vehicle.period.mixin"]
    _rec_name = "plate"

    plate = fields.Char(required=True)

    _plate_open_uniq = models.UniqueIndex(
        "(plate) WHERE date_end IS NULL",
        lambda env, _diag: env._(
            "This plate is on another car at present. Close it there first, or take "
            "it over."
        ),
    )
    # Customers still name the plate that they had before.
    _plate_former_idx = models.Index("(plate) WHERE date_end IS NOT NULL")
    # Text has no range type of its own; its 64-bit hash does.
    _plate_no_overlap = models.Constraint(
        "EXCLUDE USING gist (int8range(hashtextextended(plate, 0), "
        "hashtextextended(plate, 0), '[]') WITH &&, "
        "daterange(date_start, date_end, '[)') WITH &&)",
        lambda env, _diag: env._(
            "This plate was on another car during that time. Correct the days."
        ),
    )

    @api.model_create_multi
    def create(self, vals_list):
        """Store plates in their one spelling."""
        return super().create(
            [dict(vals, plate=self._normalise(vals.get("plate"))) for vals in vals_list]
        )

    def write(self, vals):
        """Store plates in their one spelling."""
        if "plate" in vals:
            vals = dict(vals, plate=self._normalise(vals["plate"]))
        return super().write(vals)

    @api.model
    def _normalise(self, text):
        """Return a plate in its one spelling, or False if there is none.

        :param str text: the plate as typed; empty for a car not registered yet
        :raises ValidationError: if it is no plate
        """
        plate = normalise_plate(text)
        if plate and not is_valid_plate(plate):
            raise ValidationError(
                self.env._(
                    "Plate: “%(plate)s” is not a licence plate. Enter province, letter "
                    "and five characters like 京A12345, six for a new-energy car like "
                    "粤BD12345, or 临 with a temporary one; leave it empty while the "
                    "car is not registered.",
                    plate=text,
                )
            )
        return plate or False

    @api.model
    def _open(self, plates, date=False, take_over=False):
        """Put plates on cars from a day on; what is so already stays untouched.

        :param dict plates: plate (or False for none) by `dealer.vehicle` record
        :param date date: first day; today if not given
        :param bool take_over: whether to take a plate off another car
        :raises ValidationError: if it is no plate, or it is on another car
        """
        date = fields.Date.to_date(date) or self.env.company._dealer_today()
        plates = {car: self._normalise(plate) for car, plate in plates.items()}
        cars = self.env["dealer.vehicle"].union(*plates)
        held = self._search_from(
            Domain("vehicle_id", "in", cars.ids)
            | Domain("plate", "in", [plate for plate in plates.values() if plate]),
            date,
        )
        kept = held.filtered(
            lambda period: (
                not period.date_end and plates.get(period.vehicle_id) == period.plate
            )
        )
        ended = held - kept
        elsewhere = ended.filtered(lambda period: period.vehicle_id not in cars)
        if elsewhere and not take_over:
            raise ValidationError(elsewhere[0]._get_elsewhere_message())
        ended._close(date)
        done = kept.vehicle_id
        self.create(
            [
                {"vehicle_id": car.id, "plate": plate, "date_start": date}
                for car, plate in plates.items()
                if plate and car not in done
            ]
        )

    def _get_elsewhere_message(self):
        """Say which car carries this plate, and the way out."""
        return self.env._(
            "Plate %(plate)s is on the file of %(car)s (file bag %(bag)s). "
            "Clear it there first, or take it over.",
            plate=self.plate,
            car=self.vehicle_id.display_name,
            bag=self.vehicle_id.bag_no,
        )
