from odoo import fields, models
from odoo.exceptions import UserError

from .. import arguments as arg
from ..const import JOB_APPROVED_STATES
from .dealer_repair_job_clock import TECHNICIAN

DISPATCHER = "dealer_service.group_dealer_dispatcher"


class DealerRepairJob(models.Model):
    """The technician asks for parts, waits for them, and hears when they are here.

    - Asking needs no list: the requisition holds what was sold. A part that was not
      sold is refused here and leads to an add-on, never to a free part (C7).
    - When parts of a running job turn out missing it pauses by itself; see
      `dealer_repair_job_parts_pause.py`.
    - Who cannot go on without a missing part pauses by the same tap; pausing for
      parts is asking for them.
    """

    _inherit = "dealer.repair.job"

    @arg.typed(
        lines=arg.rows(["product_id"], product_id=arg.integer, quantity=arg.number),
        note=arg.text,
        is_blocked=arg.flag,
    )
    def request_parts(self, lines=None, note=False, is_blocked=False):
        """Ask the parts keeper to hand out the parts of this job now (F10).

        Asking again changes nothing but the note.

        :param list lines: what is needed, dicts with ``product_id`` and
            ``quantity``; all that is open by default
        :param str note: what the parts keeper should know
        :param bool is_blocked: the work stops until the parts are here: the user's
            clock stops, and the job pauses
        :raises AccessError: if the user is not a technician
        :raises UserError: if the job is not approved, nothing is open, or a part was
            not sold
        :return: id of the requisition
        :rtype: int
        """
        self.ensure_one()
        self.check_access("read")
        self.order_id._ensure_role((TECHNICIAN,))
        if self.state not in JOB_APPROVED_STATES - {"done"}:
            raise UserError(self._get_unworkable_message())
        self._ensure_parts_sold(lines or [])
        if not self._get_open_parts():
            raise UserError(
                self.env._(
                    "All parts of %(job)s are issued. For more parts raise an add-on.",
                    job=self._get_workshop_name(),
                )
            )
        self._note_request(note)
        if is_blocked and self.can_clock_out:
            self.action_clock_out("parts")
        return self.requisition_ids.id

    def action_request_parts(self):
        """Open the technician's question for parts."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Ask for parts"),
            "res_model": "dealer.parts.request",
            "view_mode": "form",
            "target": "new",
            "context": {"default_job_id": self.id},
        }

    def action_clock_out(self, reason=False, technician_id=False):
        """Extend to take a pause for parts as asking for them."""
        result = super().action_clock_out(reason, technician_id)
        if reason == "parts" and self._get_open_parts():
            self._note_request()
        return result

    def _ensure_parts_sold(self, lines):
        """Refuse to ask for more than the customer approved.

        :param list lines: dicts with ``product_id`` and ``quantity``
        """
        open_quantities = {}
        for line, figures in self._get_open_parts()._get_part_figures().items():
            product_id = line.product_id.id
            former = open_quantities.get(product_id, 0.0)
            open_quantities[product_id] = former + figures.open
        for line in lines:
            product = self.env["product.product"].browse(line["product_id"]).exists()
            if not product:
                raise UserError(self.env._("Part: choose one from the list."))
            wanted = line.get("quantity", 1.0)
            if product.uom_id.compare(wanted, 0) <= 0:
                raise UserError(self.env._("Quantity: enter more than zero."))
            left = open_quantities.get(product.id, 0.0)
            if product.uom_id.compare(wanted, left) > 0:
                raise UserError(
                    self.env._(
                        "%(product)s × %(quantity)g: the customer did not approve "
                        "this for %(job)s. Raise an add-on; the advisor asks the "
                        "customer.",
                        product=product.display_name,
                        quantity=wanted - left,
                        job=self._get_workshop_name(),
                    )
                )

    def _note_request(self, note=False):
        """Write on the requisition who asks, and tell the parts keepers once."""
        # Technicians ask; they do not write the paper.
        requisition_sudo = self.sudo().requisition_ids
        if note:
            requisition_sudo.request_note = note
        if requisition_sudo and not requisition_sudo.requested_at:
            requisition_sudo.write(
                {
                    "requested_by_id": self.env.uid,
                    "requested_at": fields.Datetime.now(),
                }
            )
            requisition_sudo._tell_keepers()
        # Who asks says himself whether the work stops.
        requisition_sudo._watch_parts(pauses=False)

    # === MISSING AND ARRIVED === #

    def _tell_parts_missing(self):
        """Let advisor, dispatcher and technicians know that parts are missing (C8)."""
        for job in self:
            body = job.env._(
                "%(job)s waits for parts: %(parts)s.",
                job=job._get_workshop_name(),
                parts=job.parts_missing_text,
            )
            job.order_id._raise_event("parts_missing", body, job=job)
            if job.state == "paused":
                job.order_id._notify_users(job._get_waiting_users(), body)

    def _tell_parts_arrived(self):
        """Let advisor, dispatcher and technicians know that the job can go on."""
        for job in self:
            body = job.env._(
                "The parts of %(job)s have arrived; the work can go on.",
                job=job._get_workshop_name(),
            )
            job.order_id._raise_event("parts_arrived", body, job=job)
            job.order_id._notify_users(job._get_waiting_users(), body)

    def _get_waiting_users(self):
        """Return who waits for the parts of a job: its technicians, dispatchers.

        :rtype: `res.users`
        """
        self.ensure_one()
        # The workshop's people, whoever unloads the truck.
        job_sudo = self.sudo()
        technicians = (
            job_sudo.main_technician_id | job_sudo.work_log_ids.employee_id
        ).user_id
        dispatchers = self.env["res.users"]._get_dealer_staff(
            DISPATCHER, job_sudo.company_id
        )
        return technicians | dispatchers
