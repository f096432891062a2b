from odoo import fields, models

from ..const import JOB_WORKABLE_STATES


class DealerRepairJob(models.Model):
    """What the workshop board and the technician's card show of a job (R1, C8)."""

    _name = "dealer.repair.job"
    _inherit = ["dealer.repair.job", "dealer.workshop.notice.mixin"]
    _workshop_fields = {
        "state",
        "pause_reason",
        "bay_id",
        "main_technician_id",
        "planned_start",
        "planned_stop",
        "is_safety",
        "name",
    }

    def _describe_for_board(self, team_of):
        """Return what the board shows of jobs; no prices.

        :param dict team_of: teams by the id of their technicians
        :return: ``{job id: dict}``
        :rtype: dict
        """
        # The board names people and plates, whatever else the user may read.
        return {job.id: job._prepare_board_vals(team_of) for job in self.sudo()}

    def _prepare_board_vals(self, team_of):
        """Return one job as the board shows it; all times as UTC strings.

        :param dict team_of: teams by the id of their technicians
        :rtype: dict
        """
        self.ensure_one()
        order = self.order_id
        team = self.team_id or team_of.get(self.main_technician_id.id, self.team_id)
        to_string = fields.Datetime.to_string
        expected = self.parts_expected_on
        return {
            "id": self.id,
            "name": self.name,
            "state": self.state,
            "pause_reason": self.pause_reason,
            "order_id": order.id,
            "order": order.name,
            "order_state": order.state,
            "plate": order.vehicle_id.license_plate or order.name,
            "model": order.vehicle_id.model_id.display_name or "",
            "advisor": order.advisor_id.name or "",
            "is_waiting": order.is_waiting,
            "arrived_at": to_string(order.arrived_at) if order.arrived_at else False,
            "promised_at": to_string(order.promised_at) if order.promised_at else False,
            "is_safety": self.is_safety,
            "origin": self.origin,
            "technician_id": self.main_technician_id.id,
            "technician": self.main_technician_id.name or "",
            "helpers": self.share_ids.employee_id.mapped("name"),
            "bay_id": self.bay_id.id,
            "bay": self.bay_id.name or "",
            "hours": self.planned_hours,
            "clocked": self.clocked_hours,
            "is_planned": bool(self.planned_start),
            "can_plan": self.state in JOB_WORKABLE_STATES,
            "parts": self.parts_state != "none" and self.parts_state,
            "parts_expected_on": fields.Date.to_string(expected) if expected else False,
            "team_id": team.id,
            "team": team.name or "",
            "skills": self.line_ids.product_id.dealer_skill_id.mapped("name"),
        }
