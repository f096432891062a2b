from odoo import api, models
from odoo.exceptions import RedirectWarning, UserError

from .dealer_repair_order_finding import OPEN_FOR_WORK_STATES
from .dealer_repair_order_flow import ADVISOR


class DealerVehicleFinding(models.Model):
    """What was declined is offered again: one click from wherever it is seen (E4)."""

    _inherit = "dealer.vehicle.finding"

    # === ACTIONS === #

    def action_revive(self):
        """Offer findings of one car again on its open visit, and open that visit.

        On the form of a visit (``revive_order_id`` in the context) it stays there.

        :raises AccessError: if the user is no advisor
        :raises UserError: if a finding is closed, or the findings are of several cars
        :raises RedirectWarning: if the car has no visit that takes new work
        :return: the action that opens the visit; True on its own form
        :rtype: dict or bool
        """
        orders = self.env["dealer.repair.order"]
        orders._ensure_role((ADVISOR,))
        if not self:
            raise UserError(self.env._("Findings: choose what to offer again."))
        self._ensure_of_car(self.vehicle_id[:1])
        self._ensure_open()
        if order_id := self.env.context.get("revive_order_id"):
            orders.browse(order_id).add_findings(self.ids)
            return True
        order = self._get_visit_for_revival()
        order.add_findings(self.ids)
        return order._prepare_open_action(
            order._name, order, self.env._("Repair order")
        )

    def _get_visit_for_revival(self):
        """Return the visit of the car in the user's stores that takes new work.

        The car that is here goes before the next appointment.

        :raises RedirectWarning: to the reception desk, if there is none
        :rtype: `dealer.repair.order`
        """
        orders = self.env["dealer.repair.order"].search(
            [
                ("vehicle_id", "=", self.vehicle_id.id),
                ("state", "in", OPEN_FOR_WORK_STATES),
                ("company_id", "in", self.env.companies.ids),
            ]
        )
        here = orders.filtered(lambda order: order.state != "booked")
        booked = (orders - here).sorted("booked_start")
        if order := (here or booked)[:1]:
            return order
        desk = self.env.ref("dealer_service.dealer_reception_desk_action").sudo()
        raise RedirectWarning(
            self.env._(
                "%(car)s has no open visit here that takes new work. Receive the car "
                "first: the reception desk offers the findings again.",
                car=self.vehicle_id.license_plate or self.vehicle_id.vin,
            ),
            desk.id,
            self.env._("Reception desk"),
        )

    # === BUSINESS METHODS === #

    def _ensure_of_car(self, vehicle):
        """Refuse findings of another car, or that are gone.

        :param vehicle: a `dealer.vehicle`
        :raises UserError: if there is one
        """
        if len(self.exists()) != len(self):
            raise UserError(self.env._("A finding does not exist any more."))
        if self.vehicle_id - vehicle:
            raise UserError(self.env._("The finding was noted on another car."))

    def _prepare_job_vals(self, order, sequence):
        """Return the values of the job that offers this finding again.

        :param order: the `dealer.repair.order` that takes it
        :param int sequence: the job's place there
        :rtype: dict
        """
        self.ensure_one()
        # Jobs of other stores are not readable; what they were about is.
        if job_sudo := self.sudo().job_id:
            vals = job_sudo._prepare_carried_vals(order, sequence, self)
            # The file may have been corrected since.
            return vals | {"name": self.name}
        return {
            "order_id": order.id,
            "sequence": sequence,
            "name": self.name,
            "category_id": order.default_category_id.id,
            "is_safety": self.danger == "safety",
            "finding_id": self.id,
        }

    def _renew(self, job, decision):
        """Note that findings taken up were declined or deferred again.

        :param job: the `dealer.repair.job` that the customer said no to
        :param dict decision: the customer's decision
        """
        self.ensure_one()
        noted = job._prepare_finding_vals(decision)
        names = ("reason", "danger", "follow_up_date", "follow_up_km")
        vals = {name: noted[name] for name in names}
        if job.company_id == self.company_id:
            vals["amount"] = noted["amount"]
        self.write(vals)

    @api.model
    def _reopen_for(self, jobs):
        """Remember again what was taken up by jobs whose approval is withdrawn.

        :param jobs: `dealer.repair.job`
        """
        # The file is written by the system, whichever store noted it.
        finding_sudo = self.sudo().search([("revived_job_id", "in", jobs.ids)])
        finding_sudo.write({"state": "open", "revived_job_id": False})
