from collections import Counter

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from ..const import JOB_WORKABLE_STATES


class DealerTeam(models.Model):
    """A group of technicians under one leader, who take jobs together (R2, R3).

    - A technician belongs to one active team of the store at most.
    - The leader works in the team, whether listed as a member or not.
    - A team that ever had a job is archived, not deleted.
    """

    _name = "dealer.team"
    _description = "Workshop team"
    _inherit = ["hr.mixin"]
    _order = "company_id, sequence, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    company_id = fields.Many2one(
        "res.company",
        string="Store",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    leader_id = fields.Many2one(
        "hr.employee",
        string="Team leader",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
    )
    member_ids = fields.Many2many(
        "hr.employee",
        "dealer_team_hr_employee_rel",
        "team_id",
        "employee_id",
        string="Members",
        check_company=True,
    )
    skill_ids = fields.Many2many(
        "dealer.skill",
        "dealer_team_skill_rel",
        "team_id",
        "skill_id",
        string="Skills",
        help="Trades of the jobs that this team takes.",
    )
    can_pick_up = fields.Boolean(
        string="Members pick jobs themselves",
        default=True,
        help="Technicians may start approved jobs that nobody was named for. "
        "Otherwise the team leader or the dispatcher hands them out.",
    )
    active = fields.Boolean(default=True)
    sequence = fields.Integer(default=10)
    color = fields.Integer()

    @api.constrains("member_ids", "leader_id", "active", "company_id")
    def _check_one_team(self):
        """A technician belongs to one active team at most."""
        # The public profile of employees does not tell their teams.
        teams_sudo = self.sudo().search([("company_id", "in", self.company_id.ids)])
        for team in self.sudo().filtered("active"):
            for other in teams_sudo - team:
                if twice := team._get_staff() & other._get_staff():
                    raise ValidationError(
                        self.env._(
                            "%(technician)s is in %(team)s already. Take them out "
                            "there first.",
                            technician=twice[0].name,
                            team=other.name,
                        )
                    )

    def _get_staff(self):
        """Return the members and leaders of these teams."""
        return self.member_ids | self.leader_id

    @api.model
    def _get_team_of(self, employee):
        """Return the active team of a technician, elevated; may be empty.

        :param employee: a single `hr.employee`
        """
        # Technicians know no more of employees than the public profile.
        team_sudo = self.sudo()
        return team_sudo.search(
            [
                ("company_id", "=", employee.sudo().company_id.id),
                "|",
                ("member_ids", "in", employee.ids),
                ("leader_id", "in", employee.ids),
            ],
            limit=1,
        )

    # === LOAD === #

    def _count_waiting(self, except_order=None):
        """Return how many cars wait for each team and are not started (R3).

        A job waits for the team that it was given to, else for the team of its main
        technician. Board, warnings and suggestions all count so.

        :param except_order: `dealer.repair.order` that does not count
        :return: number of cars by team id
        :rtype: dict
        """
        team_of = {worker: team for team in self for worker in team._get_staff()}
        domain = Domain(
            [
                ("company_id", "in", self.company_id.ids),
                ("state", "=", "approved"),
                ("order_id.state", "in", ("accepted", "in_progress")),
            ]
        ) & (
            Domain("team_id", "in", self.ids)
            | Domain("team_id", "=", False)
            & Domain("main_technician_id", "in", [worker.id for worker in team_of])
        )
        if except_order:
            domain &= Domain("order_id", "not in", except_order.ids)
        # A team is as busy as it is, whoever looks.
        jobs_sudo = self.env["dealer.repair.job"].sudo()
        groups = jobs_sudo._read_group(
            domain, ["team_id", "main_technician_id", "order_id"]
        )
        cars = {(team or team_of[worker], order) for team, worker, order in groups}
        counts = Counter(team.id for team, _order in cars)
        return {team.id: counts[team.id] for team in self}

    def _is_crowded(self, waiting):
        """Tell whether more cars wait for this team than its store allows (R3).

        :param int waiting: cars, see `_count_waiting`
        """
        self.ensure_one()
        limit = self.company_id.dealer_team_waiting_max
        return bool(limit) and waiting > limit

    def _get_load(self, except_job=None):
        """Return the hours of work that each team still has to do.

        :param except_job: `dealer.repair.job` that does not count
        :return: hours by team id
        :rtype: dict
        """
        domain = [
            ("team_id", "in", self.ids),
            ("state", "in", list(JOB_WORKABLE_STATES)),
            ("order_id.state", "in", ("accepted", "in_progress")),
        ]
        if except_job:
            domain.append(("id", "not in", except_job.ids))
        # A team is as busy as it is, whoever looks.
        jobs_sudo = self.env["dealer.repair.job"].sudo()
        load = dict.fromkeys(self.ids, 0.0)
        for job in jobs_sudo.search(domain):
            left = job.planned_hours - job.clocked_hours
            load[job.team_id.id] += max(left, 0)
        return load
