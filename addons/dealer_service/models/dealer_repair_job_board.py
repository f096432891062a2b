from odoo import api, fields, models
from odoo.tools import SQL

from ..const import JOB_WORKABLE_STATES

PARTS_STATES = [
    ("none", "Parts missing"),
    ("partial", "Parts partly there"),
    ("ready", "Parts ready"),
    ("issued", "Parts issued"),
]


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

    parts_state = fields.Selection(
        PARTS_STATES,
        string="Parts",
        compute="_compute_parts_state",
        help="Parts of our stock that the job needs: reserved or issued. Empty: none.",
    )

    @api.depends("line_ids.quantity", "line_ids.part_origin")
    def _compute_parts_state(self):
        """Tell whether the parts are there; one query for all jobs."""
        states = self._get_parts_states()
        for job in self:
            job.parts_state = states.get(job.id, False)

    def _get_parts_states(self):
        """Return how far the parts of these jobs are there.

        A part counts as there when its moves to the customer are reserved, as
        issued when they are done.

        :return: ``{job id: key of PARTS_STATES}``, jobs without parts left out
        :rtype: dict
        """
        if not self.ids:
            return {}
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT part.job_id, bool_and(part.there >= part.asked),
                       bool_and(part.issued >= part.asked), bool_or(part.there > 0)
                  FROM (
                    SELECT line.id, line.job_id,
                           COALESCE(NULLIF(SUM(move.product_uom_qty), 0), 1) AS asked,
                           COALESCE(SUM(move.quantity), 0) AS there,
                           COALESCE(SUM(move.quantity) FILTER (
                               WHERE move.state = 'done'), 0) AS issued
                      FROM dealer_repair_line line
                      LEFT JOIN sale_order_line sale ON sale.dealer_line_id = line.id
                      LEFT JOIN stock_move move
                        ON move.sale_line_id = sale.id
                       AND move.state NOT IN ('draft', 'cancel')
                       AND move.location_dest_id IN (
                           SELECT id FROM stock_location WHERE usage = 'customer')
                     WHERE line.job_id IN %s
                       AND line.kind = 'part'
                       AND line.part_origin IS DISTINCT FROM 'customer'
                  GROUP BY line.id
                  ) part
              GROUP BY part.job_id
                """,
                tuple(self.ids),
            )
        )
        return {
            job_id: (
                ("issued" if issued else "ready")
                if there
                else ("partial" if some else "none")
            )
            for job_id, there, issued, some in rows
        }

    def _sort_for_board(self):
        """Return jobs in the order in which they should get a place (R8)."""
        return self.sorted(
            lambda job: (
                not job.is_safety and job.state != "rework",
                job.promised_at or fields.Datetime.to_datetime("9999-12-31"),
                job.id,
            )
        )

    def _describe_for_board(self, team_of):
        """Return what the board shows of jobs; no prices.

        :param dict team_of: teams by the id of their technicians
        :return: ``{job id: dict}``
        :rtype: dict
        """
        parts = self._get_parts_states()
        # The board names people and plates, whatever else the user may read.
        return {job.id: job._prepare_board_vals(parts, team_of) for job in self.sudo()}

    def _prepare_board_vals(self, parts, team_of):
        """Return one job as the board shows it; all times as UTC strings.

        :param dict parts: result of `_get_parts_states`
        :param dict team_of: teams by the id of their technicians
        :rtype: dict
        """
        self.ensure_one()
        order = self.order_id
        team = self.team_id or team_of.get(self.main_technician_id.id, self.team_id)
        to_string = fields.Datetime.to_string
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
            "bay_id": self.bay_id.id,
            "bay": self.bay_id.name or "",
            "hours": self.planned_hours,
            "clocked": self.clocked_hours,
            "is_planned": bool(self.planned_start),
            "can_plan": self.state in JOB_WORKABLE_STATES,
            "parts": parts.get(self.id, False),
            "team_id": team.id,
            "team": team.name or "",
            "skills": self.line_ids.product_id.dealer_skill_id.mapped("name"),
        }
