from odoo import api, models
from odoo.exceptions import UserError

# Fields that say what a slot is occupied for.
LINK_FIELDS = {"job_id", "order_id"}


class DealerReservation(models.Model):
    """What a slot is for: it is not taken from its job or appointment by hand."""

    _inherit = "dealer.reservation"

    @api.model_create_multi
    def create(self, vals_list):
        """Refuse slots for jobs that may not be planned.

        :raises AccessError: if the user plans no such work
        :raises UserError: if the job is not approved, or finished
        """
        if not self.env.su:
            self._ensure_plannable(vals_list)
        return super().create(vals_list)

    def write(self, vals):
        """Keep the job or appointment of a slot.

        :raises UserError: naming the job or the visit, and the way out
        """
        if not self.env.su and LINK_FIELDS & vals.keys():
            self._ensure_links_kept(vals)
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_appointment(self):
        """Keep the slot of a visit that is booked."""
        if self.env.su:
            return
        if slot := self._filter_appointments()[:1]:
            raise UserError(slot._get_appointment_message())

    def _filter_appointments(self):
        """Return the slots that visits hold which are still to come."""
        # Who moves slots need not see the visit.
        return self.filtered(
            lambda slot: not slot.job_id and slot.sudo().order_id.state == "booked"
        )

    def _get_appointment_message(self):
        """Say whose appointment a slot is, and how it is given back."""
        self.ensure_one()
        return self.env._(
            "%(order)s is booked for this time. Cancel the visit to free the slot.",
            order=self.sudo().order_id.display_name,
        )

    def _ensure_plannable(self, vals_list):
        """Refuse slots for jobs that the user may not plan.

        :param list vals_list: values that a caller gave
        """
        default = self.env.context.get("default_job_id")
        job_ids = {vals.get("job_id", default) for vals in vals_list}
        for job in self.env["dealer.repair.job"].browse(filter(None, job_ids)):
            job._ensure_can_plan()

    def _ensure_links_kept(self, vals):
        """Refuse to take a slot away from its job or appointment.

        :param dict vals: values that a caller gave
        :raises UserError: naming the job or the visit, and the way out
        """
        changed = self.filtered(
            lambda slot: any(
                (vals[name] or False) != slot[name].id
                for name in LINK_FIELDS & vals.keys()
            )
        )
        if plan := changed._filter_plans()[:1]:
            raise UserError(plan._get_plan_message())
        if slot := changed._filter_appointments()[:1]:
            raise UserError(slot._get_appointment_message())
        if changed:
            self._ensure_plannable([vals])
