from odoo import api, models
from odoo.exceptions import UserError, ValidationError

from .. import arguments as arg

# What `receive` takes over into the visit.
RECEIVE_FIELDS = {"vehicle_id", "partner_id", "sender_name", "sender_phone", "concern"}


class DealerRepairOrder(models.Model):
    """The reception desk opens visits (B1)."""

    _inherit = "dealer.repair.order"

    def _action_post_create(self):
        """Begin the two days in which the file of the car is completed (A2)."""
        result = super()._action_post_create()
        self.vehicle_id._start_file_task()
        return result

    @api.model
    @arg.typed(
        values=arg.mapping(
            vehicle_id=arg.record("dealer.vehicle"),
            partner_id=arg.record("res.partner"),
            sender_name=arg.text,
            sender_phone=arg.text,
            concern=arg.text,
            package_ids=arg.records("dealer.service.package"),
            order_id=arg.record("dealer.repair.order"),
        )
    )
    def receive(self, values):
        """Open a visit from the desk, with service packages as its jobs.

        A car that is expected today arrives with its appointment.

        :param dict values: ``vehicle_id``; ``partner_id``, ``sender_name``,
            ``sender_phone``, ``concern`` (the customer's words), ``package_ids``,
            ``guarantee_ids`` (the visit is a come-back of these, see
            `treat_as_comeback`), ``order_id`` (the appointment that the car keeps),
            all optional
        :raises AccessError: if the user may not open visits
        :raises UserError: if the car is already in a workshop of the group, or a
            guarantee is not this car's or has ended
        :raises ValidationError: if a key is unknown, or car or customer is missing
        :return: id of the `dealer.repair.order`
        :rtype: int
        """
        self.check_access("create")
        known = RECEIVE_FIELDS | {"package_ids", "guarantee_ids", "order_id"}
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
        for guarantee_id in values.get("guarantee_ids") or ():
            order.treat_as_comeback(guarantee_id)
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
        :raises UserError: if another car came than the one that was booked
        """
        self.ensure_one()
        car = self.env["dealer.vehicle"].browse(vals.get("vehicle_id"))
        if car and car != self.vehicle_id:
            raise UserError(
                self.env._(
                    "Vehicle: %(order)s was booked for %(booked)s, and %(car)s came. "
                    "Change the car of the appointment first, or receive this one "
                    "without it.",
                    order=self.name,
                    booked=self.vehicle_id.display_name,
                    car=car.display_name,
                )
            )
        self.action_arrive()
        new = {key: value for key, value in vals.items() if key != "vehicle_id"}
        if new:
            self.write(new)
