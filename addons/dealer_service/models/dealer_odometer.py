from odoo import api, fields, models
from odoo.exceptions import ValidationError

# No car in the trade has run this far (km): above it, it is a typing error.
ODOMETER_LIMIT = 2_000_000


class DealerOdometer(models.Model):
    """Mileage log of a car, in km, write-once (C6, rule 3).

    Readings stand in the order of their time, then of their entry.

    - A reading with a reason (instrument replaced, earlier typing error) is a
      **new base**: readings before it are kept but no longer trusted. It may be
      lower than they are.
    - A reading without a reason is not lower than the highest trusted reading
      before it.
    - No reading is higher than a trusted reading that follows it, up to the next
      base; a note of an old reading has to fit in.

    The mileage of the car is the highest trusted reading.
    """

    _name = "dealer.odometer"
    _description = "Odometer reading"
    _inherit = ["dealer.write.once.mixin"]
    _order = "date desc, id desc"
    _rec_name = "value"

    vehicle_id = fields.Many2one(
        "dealer.vehicle", string="Car", required=True, index=True, ondelete="restrict"
    )
    value = fields.Integer(
        string="Reading (km)", required=True, aggregator="max", help="In km."
    )
    date = fields.Datetime(
        string="Read on", required=True, default=fields.Datetime.now, help="UTC."
    )
    order_id = fields.Many2one(
        "dealer.repair.order",
        string="Repair order",
        index="btree_not_null",
        ondelete="restrict",
    )
    reason = fields.Char(
        help="Why the reading is lower than before: instrument replaced, earlier "
        "typing error. Readings before this one are no longer trusted."
    )
    is_trusted = fields.Boolean(
        string="Trusted",
        compute="_compute_is_trusted",
        help="No later reading with a reason replaces this one.",
    )

    _value_range = models.Constraint(
        f"CHECK (value >= 0 AND value < {ODOMETER_LIMIT})",
        lambda env, _diag: env._("Mileage: enter the km as the instrument shows them."),
    )

    @api.depends("vehicle_id.odometer_ids")
    def _compute_is_trusted(self):
        """Tell which readings still count for the mileage of the car."""
        trusted = self.browse()
        for vehicle in self.vehicle_id:
            trusted |= vehicle.odometer_ids._get_trusted()
        for reading in self:
            reading.is_trusted = reading in trusted

    @api.model_create_multi
    def create(self, vals_list):
        """Refuse impossible readings; a reason of blanks is none."""
        for vals in vals_list:
            self._check_value(vals.get("value") or 0)
        return super().create(
            [
                dict(vals, reason=(vals.get("reason") or "").strip() or False)
                for vals in vals_list
            ]
        )

    @api.model
    def _check_value(self, value):
        """Refuse a reading that no instrument shows.

        :param int value: the reading in km
        :raises ValidationError: if it is negative or too high
        """
        if value < 0:
            raise ValidationError(
                self.env._("Mileage: a reading cannot be negative (%s km).", value)
            )
        if value >= ODOMETER_LIMIT:
            raise ValidationError(
                self.env._(
                    "Mileage: %(value)s km is more than a car runs (limit %(limit)s "
                    "km). Check the digits.",
                    value=value,
                    limit=ODOMETER_LIMIT,
                )
            )

    @api.constrains("vehicle_id", "value", "date", "reason")
    def _check_order(self):
        """Refuse readings that contradict the trusted ones around them."""
        for reading in self:
            series = reading.vehicle_id.odometer_ids._sort_by_time()
            position = series.ids.index(reading.id)
            before = series[:position]._get_trusted()
            known = max(before.mapped("value"), default=0)
            if reading.value < known and not reading.reason:
                raise ValidationError(
                    reading.env._(
                        "Mileage: %(new)s km is below the last known %(known)s km. "
                        "Correct it, or say why it is lower.",
                        new=reading.value,
                        known=known,
                    )
                )
            reading._check_followers(series[position + 1 :])

    def _check_followers(self, followers):
        """Refuse a reading higher than a later one that counts from it.

        :param followers: later `dealer.odometer` records of the car, oldest first
        :raises ValidationError: if a later reading is lower
        """
        for follower in followers:
            if follower.reason:
                break
            if follower.value < self.value:
                raise ValidationError(
                    self.env._(
                        "Mileage: %(new)s km does not fit, for on %(date)s the car "
                        "showed %(known)s km. Correct the reading or its date.",
                        new=self.value,
                        date=self.env.company._dealer_date(follower.date),
                        known=follower.value,
                    )
                )

    def _sort_by_time(self):
        """Return the readings oldest first, in the order of entry within a moment."""
        return self.sorted(lambda reading: (reading.date, reading._origin.id))

    def _get_trusted(self):
        """Return the readings of one car from the last new base on, oldest first."""
        series = self._sort_by_time()
        bases = [i for i, reading in enumerate(series) if reading.reason]
        return series[bases[-1] :] if bases else series
