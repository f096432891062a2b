from odoo import models
from odoo.exceptions import UserError
from odoo.fields import Command

from .. import arguments as arg
from ..const import PART_ORIGINS
from ..utils import as_step
from .dealer_repair_order_flow import ADVISOR

TECHNICIAN = "dealer_service.group_dealer_technician"
ADDON_FIELDS = ("name", "addon_reason", "is_safety", "extra_hours", "cause")
LINE_FIELDS = ("product_id", "quantity", "part_origin", "name")


class DealerRepairOrder(models.Model):
    """Add-ons: what the workshop finds while it works (C7, F09)."""

    _inherit = "dealer.repair.order"

    @arg.typed(
        values=arg.mapping(
            name=arg.text,
            addon_reason=arg.text,
            is_safety=arg.flag,
            extra_hours=arg.number,
            cause=arg.text,
            photo_ids=arg.records("ir.attachment"),
            lines=arg.rows(
                ["product_id"],
                product_id=arg.record("product.product"),
                quantity=arg.number,
                part_origin=arg.choice(PART_ORIGINS),
                name=arg.text,
            ),
        )
    )
    def raise_addon(self, values):
        """Raise an add-on job from the workshop; the customer decides later.

        The technician names work and parts, never a price: the price list does.

        :param dict values: ``name``, ``addon_reason``, ``is_safety``,
            ``extra_hours`` and ``lines``, a list of dicts with ``product_id``,
            ``quantity``, ``part_origin``
        :raises UserError: if the car is not in the workshop or a value is missing
        :return: id of the job
        :rtype: int
        """
        self.ensure_one()
        self._ensure_role((TECHNICIAN, ADVISOR))
        self.check_access("read")
        if self.state not in ("accepted", "in_progress"):
            raise UserError(
                self.env._(
                    "Add-ons are raised while the car is in the workshop. "
                    "Before that, add a job to the estimate."
                )
            )
        for name in ("name", "addon_reason"):
            if not (values.get(name) or "").strip():
                raise UserError(self.env._("Add-on: say what was found, and why."))
        if not values.get("lines"):
            raise UserError(self.env._("Add-on: name the labour or parts it needs."))
        photos = self.env["ir.attachment"].browse(values.get("photo_ids", []))
        photos.check_access("read")
        # Technicians may not write jobs; this adds exactly one draft.
        job_sudo = self.env["dealer.repair.job"].sudo()
        job = job_sudo.create(self._prepare_addon_vals(values))
        if photos:
            job.photo_ids = [Command.set(photos.ids)]
        self._notify_addon(job)
        return job.id

    def _prepare_addon_vals(self, values):
        """Return the values of an add-on job.

        :param dict values: what `raise_addon` was given
        :rtype: dict
        """
        return {
            **{name: values[name] for name in ADDON_FIELDS if name in values},
            "order_id": self.id,
            "origin": "addon",
            "category_id": self._get_addon_category().id,
            "method": "item",
            "line_ids": [
                Command.create({n: line[n] for n in LINE_FIELDS if n in line})
                for line in values["lines"]
            ],
        }

    def _get_addon_category(self):
        """Return the category of the work that goes on; the advisor may change it.

        A come-back is no pattern: what is found beside it is paid work of its own.
        Where nothing else is done the advisor chooses before the offer.

        :rtype: `dealer.repair.category`
        """
        # Technicians raise add-ons on visits whose jobs others may have made.
        paid_sudo = self.sudo().job_ids.filtered(lambda job: job.origin != "comeback")
        going_sudo = paid_sudo & self.sudo()._get_approved_jobs()
        return (going_sudo or paid_sudo)[:1].category_id

    def _notify_addon(self, job):
        """Ask the advisor to call the customer."""
        # Technicians may not plan activities on visits.
        order_sudo = self.sudo().with_context(lang=self.sudo().advisor_id.lang)
        job_sudo = as_step(job.sudo())
        job_sudo.call_activity_id = order_sudo.activity_schedule(
            "mail.mail_activity_data_call",
            user_id=self.advisor_id.id,
            summary=order_sudo.env._("Add-on: %(job)s", job=job.name),
            note=job.addon_reason,
        )
