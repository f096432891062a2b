from odoo import api, fields, models
from odoo.tools import date_utils

TECHNICIAN = "dealer_service.group_dealer_technician"
# Figure → what is summed above and below the line (section 9 of the policy).
RATIOS = {
    "efficiency": ("billed_hours", "clocked_hours"),
    "productivity": ("clocked_hours", "available_hours"),
    "proficiency": ("billed_hours", "available_hours"),
}


class DealerTechnicianReport(models.Model):
    """Hours of technicians: one row per technician and day of their store (C8, C14).

    - Clocked and billed hours stand apart. Clocked hours belong to the day on which
      the clock started, the store's own.
    - Billed hours of a job are earned on the day of its last clock before rework,
      once the self-check is passed. The main technician earns what the helpers'
      shares leave over. Rework earns nothing again.
    - Available hours are the working hours of the technician without leaves and days
      off. Overtime on jobs counts as available, so productivity never passes 100 %.
    - Quotients are built from two sums, see ``RATIOS``.
    - Nothing is stored: each search reads the clocks of the moment.
    """

    _name = "dealer.technician.report"
    _description = "Technician figures"
    _inherit = ["dealer.ratio.mixin"]
    _auto = False
    _rec_name = "employee_id"
    _order = "date desc, employee_id"
    _ratios = RATIOS

    employee_id = fields.Many2one("hr.employee", "Technician", readonly=True)
    user_id = fields.Many2one("res.users", readonly=True)
    company_id = fields.Many2one("res.company", "Store", readonly=True)
    date = fields.Date(readonly=True)
    clocked_hours = fields.Float(
        string="Clocked on jobs",
        readonly=True,
        help="Hours of stopped clocks, rework included.",
    )
    rework_hours = fields.Float(
        string="Clocked on rework", readonly=True, help="Part of the clocked hours."
    )
    billed_hours = fields.Float(
        string="Billed hours",
        readonly=True,
        help="Labour hours of finished jobs, by the technician's share.",
    )
    available_hours = fields.Float(
        string="Available hours",
        readonly=True,
        help="Working hours less leaves and days off; overtime on jobs counts too.",
    )
    efficiency = fields.Float(
        readonly=True,
        aggregator="avg",
        help="Billed hours ÷ clocked hours on jobs. Goal: 100 %.",
    )
    productivity = fields.Float(
        readonly=True,
        aggregator="avg",
        help="Clocked hours on jobs ÷ available hours, at most 100 %. Goal: 80 %.",
    )
    proficiency = fields.Float(
        readonly=True, aggregator="avg", help="Billed hours ÷ available hours."
    )

    # === ONE'S OWN FIGURES === #

    @api.model
    def get_my_figures(self):
        """Return the user's own figures of today and of this month (C8).

        :raises AccessError: if the user is not a technician
        :return: ``today`` and ``month`` with ``label``, ``clocked``, ``billed``,
            ``efficiency`` and ``productivity`` as text; ``help`` with the formulas
        :rtype: dict
        """
        self.env["dealer.repair.order"]._ensure_role((TECHNICIAN,))
        company = self.env.company
        today = company._dealer_today()
        month = date_utils.start_of(today, "month")
        return {
            "today": self._get_figures(self.env._("Today"), today, today),
            "month": self._get_figures(self.env._("This month"), month, today),
            "help": {
                name: self._fields[name]._description_help(self.env) for name in RATIOS
            },
        }

    @api.model
    def _get_figures(self, label, first, last):
        """Return the user's figures from one day to another, as text."""
        measures = ["clocked_hours", "billed_hours", "available_hours"]
        rows = self._read_group(
            [
                ("user_id", "=", self.env.uid),
                ("company_id", "=", self.env.company.id),
                ("date", ">=", first),
                ("date", "<=", last),
            ],
            aggregates=[f"{name}:sum" for name in measures],
        )
        sums = dict(zip(measures, rows[0], strict=True))
        figures = {
            "label": label,
            "clocked": f"{sums['clocked_hours'] or 0:.1f}",
            "billed": f"{sums['billed_hours'] or 0:.1f}",
        }
        for name, (above, below) in RATIOS.items():
            # Without hours below the line there is no figure, not even zero.
            share = sums[below] and (sums[above] or 0) / sums[below]
            figures[name] = f"{share:.0%}" if sums[below] else "–"
        return figures
