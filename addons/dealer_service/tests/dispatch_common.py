from datetime import timedelta

from odoo import fields
from odoo.fields import Command

from .common import VINS
from .workshop_common import DealerWorkshopCommon


class DealerDispatchCommon(DealerWorkshopCommon):
    """A store with a bay, two mechanics in a team, and two approved visits.

    It works Monday to Friday, 8 to 12 and 13 to 17, UTC.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.mechanic = cls.env.ref("dealer_service.skill_mechanic")
        cls.paint = cls.env.ref("dealer_service.skill_paint")
        (cls.labour | cls.labour2).dealer_skill_id = cls.mechanic
        cls.worker = cls.technician.employee_id
        cls.worker2 = cls.technician2.employee_id
        cls.office = cls._create_calendar("Office", range(5), 8, 12, 13, 17)
        cls.company.resource_calendar_id = cls.office
        (cls.worker | cls.worker2).resource_calendar_id = cls.office
        cls.team = cls.env["dealer.team"].create(
            {
                "name": "Mechanics 1",
                "member_ids": (cls.worker | cls.worker2).ids,
                "skill_ids": cls.mechanic.ids,
            }
        )
        cls.company.dealer_promise_buffer_minutes = 30
        # A Monday.
        cls.nine = fields.Datetime.to_datetime("2030-03-04 09:00:00")

    @classmethod
    def _take_in_other(cls, state, **values):
        """Bring the second car to a state."""
        car = cls._create_vehicle(VINS[1], "京B67890")
        return cls._take_in(state, vehicle_id=car.id, **values)

    @classmethod
    def _prepare_long_job(cls, hours, product=None, **values):
        """Return a job with so many hours of labour and no part."""
        line = {"product_id": (product or cls.labour).id, "quantity": hours}
        return cls._prepare_job_vals(line_ids=[Command.create(line)], **values)

    @classmethod
    def _reserve(cls, hours, start=None, **values):
        start = start or cls.nine
        return cls.env["dealer.reservation"].create(
            {"start": start, "stop": start + timedelta(hours=hours), **values}
        )

    @classmethod
    def _leave(cls, employee, start, stop):
        """Put a technician on leave."""
        return cls.env["resource.calendar.leaves"].create(
            {
                "name": "Leave",
                "resource_id": employee.resource_id.id,
                "calendar_id": employee.resource_calendar_id.id,
                "company_id": cls.company.id,
                "date_from": start,
                "date_to": stop,
            }
        )
