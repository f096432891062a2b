from datetime import timedelta

from odoo import api, models
from odoo.fields import Domain

from ..const import PRESENT_STATES
from .dealer_vehicle_reception import ADVISOR

# Fields of a visit that the desk reads, and no others: its sheets are long.
VISIT_FIELDS = [
    "name",
    "company_id",
    "state",
    "arrived_at",
    "promised_at",
    "booked_start",
    "delivered_at",
    "closed_at",
    "concern",
    "sender_name",
    "advisor_id",
    "job_ids",
    "amount_total",
]
PRICE = "dealer_service.group_dealer_price"
# Former visits that the desk shows; the file has the rest.
SHOWN_VISITS = 5
SHOWN_PACKAGES = 3


class DealerVehicle(models.Model):
    """What the desk shows of one car, on one screen (A2, B1, C6, C7).

    The file is shared by all stores. Of a visit to another store the desk tells the
    store, the day and how far it is, but neither prices nor names of staff.
    """

    _inherit = "dealer.vehicle"

    @api.readonly
    def reception_card(self):
        """Return what the desk shows of this car; see `_prepare_reception_card`.

        :raises AccessError: unless the user works at the desk
        :rtype: dict
        """
        self.ensure_one()
        self._ensure_desk()
        self.check_access("read")
        return self._prepare_reception_card()

    def _prepare_reception_card(self):
        """Return the card of one car. Later addons extend it.

        ``sections`` is for them: a list of ``{"key", "title", "tone" (a colour of
        Bootstrap), "lines": [{"text", "detail", "res_model", "res_id"}]}``. The desk
        shows each that has lines, and opens the record of a line.

        :rtype: dict
        """
        self.ensure_one()
        visits = self._prepare_reception_visits()
        return {
            "vehicle": self._prepare_reception_vehicle(),
            "owner": self._prepare_reception_owner(),
            **visits,
            "guarantees": self._prepare_reception_guarantees(),
            "findings": self._prepare_reception_findings(),
            "packages": self._prepare_reception_packages(),
            "sections": [],
            "can_receive": self.env.user.has_group(ADVISOR),
        }

    def _prepare_reception_vehicle(self):
        """Return the car and its paper file."""
        reading = self.env["dealer.odometer"].search(
            [("vehicle_id", "=", self.id)], limit=1, order="date desc, id desc"
        )
        loan = self.env["dealer.file.loan"].search(
            [("vehicle_id", "=", self.id), ("date_in", "=", False)]
        )
        energies = dict(self._fields["energy"]._description_selection(self.env))
        return {
            "id": self.id,
            "plate": self.license_plate,
            "vin": self.vin,
            "vin_warning": self.vin_warning,
            "model": self.model_id.display_name or False,
            "color": self.color,
            "energy": energies.get(self.energy, False),
            "purchase_date": self.purchase_date,
            "active": self.active,
            "notes": self.notes,
            "odometer": self.odometer,
            "odometer_date": reading.date,
            "bag_no": self.bag_no,
            "cabinet_no": self.cabinet_no,
            # Colleagues of other stores keep and take files too.
            "custodian": self.custodian_id.sudo().name,
            "bag_holder": loan.user_id.sudo().name,
            "bag_taken_on": loan.date_out,
            "completeness": self.completeness,
            "completeness_missing": self.completeness_missing,
        }

    def _prepare_reception_owner(self):
        """Return the owner of the car, whichever store entered him or her."""
        owner_sudo = self.owner_id.sudo()
        if not owner_sudo:
            return False
        return {
            "id": owner_sudo.id,
            "name": owner_sudo.name,
            "phone": owner_sudo.phone,
            "address": owner_sudo.contact_address_inline,
            "active": owner_sudo.active,
        }

    # === VISITS === #

    def _prepare_reception_visits(self):
        """Return the visits of the car in three lists: open, booked, former.

        :rtype: dict
        """
        # Visits of other stores count; `_prepare_reception_visit` shows less of them.
        order_sudo = self.env["dealer.repair.order"].sudo()
        here = Domain("vehicle_id", "=", self.id)
        lists_sudo = {
            "open_visits": order_sudo.search_fetch(
                here & Domain("state", "in", PRESENT_STATES), VISIT_FIELDS
            ),
            "appointments": order_sudo.search_fetch(
                here & Domain("state", "=", "booked"),
                VISIT_FIELDS,
                order="booked_start",
            ),
            "history": order_sudo.search_fetch(
                here & Domain("state", "not in", ["booked", *PRESENT_STATES]),
                VISIT_FIELDS,
                limit=SHOWN_VISITS,
            ),
        }
        today = self._get_reception_today()
        return {
            key: [self._prepare_reception_visit(visit, today) for visit in visits_sudo]
            for key, visits_sudo in lists_sudo.items()
        }

    @api.model
    def _prepare_reception_visit(self, order_sudo, today):
        """Return one visit as the user's store may see it.

        :param order_sudo: an elevated `dealer.repair.order`
        :param tuple today: first and last moment of today, UTC
        :rtype: dict
        """
        states = dict(order_sudo._fields["state"]._description_selection(self.env))
        own = order_sudo.company_id in self.env.companies
        start, stop = today
        visit = {
            "id": own and order_sudo.id,
            "own": own,
            "store": order_sudo.company_id.name,
            "state": order_sudo.state,
            "state_name": states[order_sudo.state],
            "arrived_at": order_sudo.arrived_at,
            "promised_at": order_sudo.promised_at,
            "booked_start": order_sudo.booked_start,
            "is_today": bool(
                order_sudo.booked_start and start <= order_sudo.booked_start < stop
            ),
            "closed_at": order_sudo.delivered_at or order_sudo.closed_at,
        }
        if own:
            visit |= {
                "name": order_sudo.name,
                "concern": order_sudo.concern,
                "sender": order_sudo.sender_name,
                "advisor": order_sudo.advisor_id.name,
                "jobs": order_sudo.job_ids.mapped("name"),
            }
        if own and self.env.user.has_group(PRICE):
            visit |= {
                "amount": order_sudo.amount_total,
                "currency_id": order_sudo.currency_id.id,
            }
        return visit

    @api.model
    def _get_reception_today(self):
        """Return the first moment of today in the store and that of tomorrow, UTC.

        :rtype: tuple of two datetimes
        """
        now = self.env.company._dealer_time()
        midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
        offset = midnight.utcoffset()
        start = midnight.replace(tzinfo=None) - offset
        return start, start + timedelta(days=1)

    # === WHAT RUNS ON THE CAR === #

    def _prepare_reception_guarantees(self):
        """Return the guarantees that still run, with the days and km left (C5)."""
        guarantees = self.env["dealer.guarantee"]
        running = guarantees.search(
            [("vehicle_id", "=", self.id), ("state", "=", "running")], order="end_date"
        )
        today = self.env.company._dealer_today()
        # Job and store of another store are named by the promise, which is shared.
        return [
            {
                "id": guarantee.id,
                "name": guarantee_sudo.job_id.name,
                "store": guarantee_sudo.company_id.name,
                "category": guarantee_sudo.category_id.name,
                "end_date": guarantee.end_date,
                "days_left": (guarantee.end_date - today).days,
                "km_left": guarantee.end_km - self.odometer,
            }
            for guarantee, guarantee_sudo in zip(running, running.sudo(), strict=True)
        ]

    def _prepare_reception_findings(self):
        """Return what was declined or deferred earlier and is still open (C7)."""
        findings = self.env["dealer.vehicle.finding"].search(
            [("vehicle_id", "=", self.id), ("state", "=", "open")]
        )
        sees_prices = self.env.user.has_group(PRICE)
        lines = []
        for finding in findings:
            own = finding.company_id in self.env.companies
            lines.append(
                {
                    "id": finding.id,
                    "name": finding.name,
                    "reason": finding.reason,
                    "danger": finding.danger,
                    "follow_up_date": finding.follow_up_date,
                    "follow_up_km": finding.follow_up_km,
                    "is_due": finding.is_due,
                    "store": finding.company_id.sudo().name,
                    "amount": own and sees_prices and finding.amount,
                    "currency_id": finding.currency_id.id,
                }
            )
        return sorted(lines, key=lambda line: line["danger"] != "safety")

    def _prepare_reception_packages(self):
        """Return the service packages that fit the car now, with their price."""
        if not self.env.user.has_group(ADVISOR):
            return []
        packages = self.env["dealer.service.package"]
        return packages.suggest(self.id, limit=SHOWN_PACKAGES)
