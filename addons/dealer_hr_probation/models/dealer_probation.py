from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from ..const import FLOW

# What a caller may give when a probation starts, and never change afterwards.
START_FIELDS = {"employee_id", "date_start", "months"}
# What only the actions and the computations of this model write.
GUARDED_FIELDS = {
    "alerted_on",
    "cap_months",
    "cap_source",
    "company_id",
    "contract_date_end",
    "contract_date_start",
    "date_decided",
    "date_end",
    "extension_ids",
    "extension_months",
    "objected_by",
    "objection_date",
    "objection_reason",
    "policy_cap",
    "state",
    "statutory_cap",
    "termination_reason",
    "version_id",
}


class DealerProbation(models.Model):
    """The probation of one employee (D1-D3, D7, D8).

    - **Start**: a probation starts inside a signed labour contract, that is a
      version of the employee with a contract start date (D7). Without one it
      cannot be created.
    - **Length**: ``months`` are asked for (company default: three). The shorter
      of two caps wins: the statutory one, which follows the length of the contract
      as signed (Labour Contract Law, art. 19), and the company's, which is never
      above six months. ``cap_reason`` says in words which one won and why. Both
      are taken down when the probation starts, so that a later departure date or
      a renewal does not move an end that was agreed.
    - **End**: ``date_end`` is the day that corresponds to the start after so many
      months, or the last day of the month where there is none (31 January plus one
      month is 28 or 29 February). It is the first day as a regular employee; the
      probation lasts until the day before.
    - **Once**: one probation per employee, also after a rehire. A second employee
      file of the same person in the same company is found by the identification
      number.
    - **Extension**: by ``action_extend`` only, by an HR administrator, with a
      reason, before the end and never past the cap.
    - **Objection**: employee or company, with a reason, before the end.
    - **Conversion**: on ``date_end`` a daily job confirms every probation nobody
      objected to, if a contract still covers that day, and tells the employee,
      the manager and HR. Where no contract does, HR gets an activity instead.
    """

    _name = "dealer.probation"
    _description = "Probation"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "date_end, id"
    _rec_names_search = ["employee_id"]

    employee_id = fields.Many2one(
        "hr.employee", required=True, index=True, ondelete="restrict", tracking=True
    )
    company_id = fields.Many2one(
        "res.company",
        compute="_compute_company_id",
        store=True,
        precompute=True,
        required=True,
        index=True,
    )
    department_id = fields.Many2one(
        related="employee_id.current_version_id.department_id", store=True
    )
    job_id = fields.Many2one(
        related="employee_id.current_version_id.job_id", store=True
    )
    manager_id = fields.Many2one(related="employee_id.parent_id", string="Manager")
    version_id = fields.Many2one(
        "hr.version",
        string="Contract",
        compute="_compute_version_id",
        store=True,
        precompute=True,
        ondelete="restrict",
        help="The version of the employee that holds the labour contract.",
    )
    contract_date_start = fields.Date(
        string="Contract from",
        compute="_compute_contract_dates",
        store=True,
        groups="hr.group_hr_manager",
    )
    contract_date_end = fields.Date(
        string="Contract until",
        compute="_compute_contract_dates",
        store=True,
        groups="hr.group_hr_manager",
    )
    date_start = fields.Date(
        string="Starts on",
        compute="_compute_date_start",
        store=True,
        precompute=True,
        readonly=False,
        tracking=True,
    )
    months = fields.Integer(
        string="Agreed months",
        compute="_compute_policy",
        store=True,
        precompute=True,
        readonly=False,
        tracking=True,
    )
    extension_ids = fields.One2many(
        "dealer.probation.extension", "probation_id", string="Extensions"
    )
    extension_months = fields.Integer(
        string="Extended by", compute="_compute_extension_months", store=True
    )
    statutory_cap = fields.Integer(
        string="Cap by law",
        compute="_compute_statutory_cap",
        store=True,
        precompute=True,
        help="Months the law allows for a contract of this length.",
    )
    policy_cap = fields.Integer(
        string="Cap by policy",
        compute="_compute_policy",
        store=True,
        precompute=True,
        help="Months the company allows.",
    )
    cap_months = fields.Integer(
        string="Cap", compute="_compute_cap", store=True, precompute=True
    )
    cap_source = fields.Selection(
        [("law", "By law"), ("policy", "By policy")],
        string="Lower cap",
        compute="_compute_cap",
        store=True,
        precompute=True,
    )
    cap_reason = fields.Char(string="Reason for the cap", compute="_compute_cap_reason")
    date_end = fields.Date(
        string="Ends on",
        compute="_compute_date_end",
        store=True,
        tracking=True,
        help="First day as a regular employee; probation lasts until the day before.",
    )
    days_left = fields.Integer(compute="_compute_days_left")
    state = fields.Selection(
        [
            ("running", "Running"),
            ("confirmed", "Confirmed"),
            ("objected", "Objected"),
            ("terminated", "Terminated"),
        ],
        default="running",
        required=True,
        readonly=True,
        index=True,
        tracking=True,
    )
    objected_by = fields.Selection(
        [("employee", "Employee"), ("company", "Company")], readonly=True
    )
    objection_reason = fields.Text(readonly=True)
    objection_date = fields.Date(string="Objected on", readonly=True)
    termination_reason = fields.Text(readonly=True)
    date_decided = fields.Date(string="Decided on", readonly=True)
    alerted_on = fields.Date(string="HR alerted on", readonly=True)
    note = fields.Html(string="Evaluation")

    can_confirm = fields.Boolean(compute="_compute_can")
    can_extend = fields.Boolean(compute="_compute_can")
    can_object = fields.Boolean(compute="_compute_can")
    can_terminate = fields.Boolean(compute="_compute_can")

    _employee_uniq = models.Constraint(
        "UNIQUE (employee_id)",
        lambda env, _diag: env._(
            "An employee has one probation only, also after a rehire."
        ),
    )
    _months_positive = models.Constraint(
        "CHECK (months > 0)",
        lambda env, _diag: env._("A probation lasts at least one month."),
    )

    # === COMPUTE METHODS === #

    @api.depends("employee_id.name", "date_start")
    def _compute_display_name(self):
        """Name the employee and the first day."""
        for probation in self:
            probation.display_name = self.env._(
                "%(employee)s from %(date)s",
                employee=probation.employee_id.name or "",
                date=probation.date_start or "",
            )

    # === CONSTRAINT METHODS === #

    @api.constrains("employee_id", "date_start")
    def _check_contract(self):
        """Refuse to start without a contract that allows a probation (D7)."""
        for probation in self:
            if not probation.version_id:
                raise ValidationError(
                    self.env._(
                        "%(employee)s has no labour contract on the first day of the "
                        "probation. Record the contract first.",
                        employee=probation.employee_id.name,
                    )
                )
            if not probation.cap_months:
                raise ValidationError(probation.cap_reason)

    @api.constrains("employee_id")
    def _check_same_person(self):
        """Refuse a second probation of one person with two employee files."""
        for probation in self.sudo():
            versions = probation.employee_id.version_ids
            numbers = [
                number for number in versions.mapped("identification_id") if number
            ]
            if numbers and self.sudo().search_count(
                Domain("id", "!=", probation.id)
                & Domain("company_id", "=", probation.company_id.id)
                & Domain("employee_id.version_ids.identification_id", "in", numbers),
                limit=1,
            ):
                raise ValidationError(
                    self.env._(
                        "%(employee)s already had a probation in this company under "
                        "another employee file. The law allows one probation only.",
                        employee=probation.employee_id.name,
                    )
                )

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        """Override of `orm` to start every probation as running and untouched.

        :raises UserError: when a value is given that only the actions may set
        """
        for vals in vals_list:
            self._check_guarded(GUARDED_FIELDS & vals.keys())
        # Defaults of a caller's context do not reach guarded fields either.
        context = {
            key: value
            for key, value in self.env.context.items()
            if key.removeprefix("default_") not in GUARDED_FIELDS
        }
        clean = self.with_env(self.env(context=context))
        return super(DealerProbation, clean).create(vals_list).with_env(self.env)

    def write(self, vals):
        """Override of `orm` to leave dates and state to the actions.

        :raises UserError: when a guarded value is written by another way
        """
        self._check_guarded((GUARDED_FIELDS | START_FIELDS) & vals.keys())
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_only_untouched(self):
        """Refuse to delete a probation that was extended, objected or decided."""
        if any(record.state != "running" or record.extension_ids for record in self):
            raise UserError(
                self.env._("A probation with a decision or an extension is kept.")
            )

    # === TOOLING === #

    def _get_today(self):
        """Return the calendar day at the employee's company."""
        return (self.company_id or self.env.company)._get_hr_today()

    def _check_guarded(self, names):
        """Refuse values that only the actions set, unless an action sets them.

        :param set names: names of guarded fields in the values
        """
        if names and self.env.context.get("dealer_probation_flow") is not FLOW:
            raise UserError(
                self.env._(
                    "Use the buttons of the probation to change: %(fields)s.",
                    fields=", ".join(
                        sorted(
                            self._fields[name]._description_string(self.env)
                            for name in names
                        )
                    ),
                )
            )
