from odoo import api, fields, models
from odoo.fields import Domain

from ..const import PRESENT_STATES
from .dealer_repair_order_flow import ADVISOR

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
# What visits wait for, the most urgent first, each with its colour.
TASK_TONES = {
    "missed": "danger",
    "late": "danger",
    "addon": "warning",
    "answer": "warning",
    "soon": "warning",
    "estimate": "info",
    "intake": "info",
}
# States in which the promised time is still owed.
OWED_STATES = ("accepted", "in_progress", "inspection")
SHOWN_TASKS = 30


class DealerRepairOrder(models.Model):
    """The start screen of the desk: who is expected, who is here, what waits (B1)."""

    _inherit = "dealer.repair.order"

    @api.model
    @api.readonly
    def reception_overview(self):
        """Return who is expected today, which cars are here and what waits.

        :raises AccessError: unless the user works at the desk
        :return: ``appointments``, ``present``, ``tasks`` (visits that wait for
            something of their advisor), ``files`` (overdue), ``visitors`` (came or
            called without repair): lists of dicts
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
            "tasks": present._prepare_overview_tasks(),
            "files": vehicles._prepare_overview_files(),
            "visitors": self.env["dealer.reception.log"]._prepare_overview_lines(),
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

    # === WHAT WAITS FOR THE ADVISOR === #

    def _prepare_overview_tasks(self):
        """Return the visits that wait for something of their advisor (B3-B5, C8).

        Own visits first, then what is most urgent. Whoever is no advisor has none.

        :return: dicts of `_prepare_overview_line` with ``is_mine`` and ``tasks``: a
            list of ``{"key", "text", "tone"}``
        :rtype: list of dict
        """
        if not self.env.user.has_group(ADVISOR):
            return []
        risks, urgency = self._get_risks(), list(TASK_TONES)
        now = fields.Datetime.now()
        lines = []
        for order in self:
            if tasks := order._get_overview_tasks(risks.get(order.id), now):
                is_mine = order.advisor_id == self.env.user
                rank = (not is_mine, urgency.index(tasks[0]["key"]))
                line = order._prepare_overview_line()
                lines.append((rank, line | {"is_mine": is_mine, "tasks": tasks}))
        lines.sort(key=lambda pair: pair[0])
        return [line for _rank, line in lines[:SHOWN_TASKS]]

    def _get_overview_tasks(self, risk, now):
        """Return what this visit waits for, the most urgent first.

        :param str risk: see `_get_risks`; empty for a visit outside the workshop
        :param datetime now: UTC
        :rtype: list of dict
        """
        self.ensure_one()
        waits = self._find_overview_tasks(risk, now)
        texts = self._get_overview_texts()
        return [
            {"key": key, "text": texts[key], "tone": tone}
            for key, tone in TASK_TONES.items()
            if waits[key]
        ]

    def _find_overview_tasks(self, risk, now):
        """Tell for each key of `TASK_TONES` whether the visit waits for it.

        :rtype: dict
        """
        self.ensure_one()
        is_owed = self.state in OWED_STATES
        is_missed = is_owed and bool(self.promised_at) and self.promised_at < now
        is_diagnosed = (
            self.state == "diagnosis" and not self.diagnosis_id._get_missing_diagnosis()
        )
        return {
            "missed": is_missed,
            "late": risk == "late" and not is_missed,
            "addon": is_owed
            and any(
                job.state == "draft" and job.origin == "addon" for job in self.job_ids
            ),
            "answer": any(job.state == "offered" for job in self.job_ids),
            "soon": risk == "soon",
            "estimate": is_diagnosed,
            "intake": self.state == "intake",
        }

    @api.model
    def _get_overview_texts(self):
        """Return what the desk says of each key of `TASK_TONES`.

        :rtype: dict
        """
        env = self.env
        return {
            "missed": env._("Promised time has passed"),
            "late": env._("Will be late: tell the customer"),
            "addon": env._("Additional work found: make the offer"),
            "answer": env._("The customer has not answered yet"),
            "soon": env._("Promised time is tight"),
            "estimate": env._("Diagnosed: make the estimate"),
            "intake": env._("Intake is not finished"),
        }
