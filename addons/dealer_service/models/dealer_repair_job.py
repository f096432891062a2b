from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..const import (
    FREE_PAYERS,
    JOB_APPROVED_STATES,
    JOB_STATES,
    JOB_TRANSITIONS,
    PAYERS,
    THIRD_PARTY_PAYERS,
)
from ..utils import as_step, drop_defaults, is_step

# Written by the actions only.
GUARDED_FIELDS = {
    "state",
    "revision",
    "offered_at",
    "valid_until",
    "order_id",
    "call_activity_id",
    "is_diagnosis_fee",
    "amount_untaxed",
    "amount_tax",
    "amount_total",
}
# Changing one of these changes what the customer was asked.
OFFER_FIELDS = {"name", "payer", "payer_partner_id", "category_id", "method"}


class DealerRepairJob(models.Model):
    """The unit the customer says yes or no to (E2, C4, C7).

    A job has a concern, a cause and a correction, lines, a payer and a category.
    Changing an offered or approved job raises its ``revision`` and puts it back to
    draft; a decision names the revision it saw. Once work has started the job is
    what was agreed: more work is an add-on job of its own.
    """

    _name = "dealer.repair.job"
    _description = "Repair job"
    _order = "order_id desc, sequence, id"
    _check_company_auto = True

    order_id = fields.Many2one(
        "dealer.repair.order",
        string="Repair order",
        required=True,
        index=True,
        ondelete="restrict",
    )
    sequence = fields.Integer(default=10)
    name = fields.Char(string="Concern", required=True)
    cause = fields.Char()
    correction = fields.Char(help="What is done about it.")
    company_id = fields.Many2one(
        related="order_id.company_id", store=True, index=True, precompute=True
    )
    vehicle_id = fields.Many2one(
        related="order_id.vehicle_id", store=True, index=True, precompute=True
    )
    license_plate = fields.Char(related="order_id.vehicle_id.license_plate")
    order_state = fields.Selection(related="order_id.state", string="Visit state")
    promised_at = fields.Datetime(related="order_id.promised_at")
    state = fields.Selection(
        JOB_STATES,
        default="draft",
        required=True,
        readonly=True,
        index=True,
    )
    revision = fields.Integer(default=1, readonly=True, copy=False)
    offered_at = fields.Datetime(string="Offered on", readonly=True, copy=False)
    valid_until = fields.Date(string="Valid until", readonly=True, copy=False)
    category_id = fields.Many2one("dealer.repair.category", ondelete="restrict")
    payer = fields.Selection(PAYERS, default="customer", required=True)
    payer_partner_id = fields.Many2one(
        "res.partner",
        string="Insurer or manufacturer",
        ondelete="restrict",
        help="Who pays instead of the customer.",
    )
    bill_partner_id = fields.Many2one(
        "res.partner", string="Billed to", compute="_compute_bill_partner_id"
    )
    method = fields.Selection(
        [
            ("system", "By system"),
            ("symptom", "By symptom"),
            ("item", "By item"),
        ],
        string="Estimated",
        default="item",
        help="By the system at fault, by the symptom (carries a risk), or by item.",
    )
    origin = fields.Selection(
        [
            ("estimate", "First estimate"),
            ("addon", "Add-on"),
            ("comeback", "Come-back"),
        ],
        default="estimate",
        required=True,
        readonly=True,
    )
    addon_reason = fields.Char(string="Why it is needed")
    is_safety = fields.Boolean(string="Safety")
    extra_hours = fields.Float(
        string="Extra time (h)", help="Hours by which the add-on delays the car."
    )
    call_activity_id = fields.Many2one(
        "mail.activity",
        string="Call to the customer",
        ondelete="set null",
        index="btree_not_null",
        readonly=True,
        copy=False,
        help="Asks the advisor to call; done by itself when the customer answers.",
    )
    photo_ids = fields.Many2many("ir.attachment", string="Photos", copy=False)
    guarantee_id = fields.Many2one(
        "dealer.guarantee",
        string="Under guarantee",
        ondelete="restrict",
        index="btree_not_null",
        help="The guarantee that makes this come-back free of charge.",
    )
    finding_id = fields.Many2one(
        "dealer.vehicle.finding",
        string="Revives",
        ondelete="restrict",
        index="btree_not_null",
        help="Work that the customer declined or deferred earlier.",
    )
    approval_ids = fields.One2many("dealer.repair.approval", "job_id")
    line_ids = fields.One2many("dealer.repair.line", "job_id", copy=True)

    pricelist_id = fields.Many2one(
        "product.pricelist", compute="_compute_pricing", store=True, precompute=True
    )
    fiscal_position_id = fields.Many2one(
        "account.fiscal.position",
        compute="_compute_pricing",
        store=True,
        precompute=True,
    )
    currency_id = fields.Many2one(
        "res.currency", compute="_compute_pricing", store=True, precompute=True
    )
    amount_untaxed = fields.Monetary(
        string="Untaxed",
        compute="_compute_amounts",
        store=True,
        groups="dealer_service.group_dealer_price",
    )
    amount_tax = fields.Monetary(
        string="Taxes",
        compute="_compute_amounts",
        store=True,
        groups="dealer_service.group_dealer_price",
    )
    amount_total = fields.Monetary(
        string="Total",
        compute="_compute_amounts",
        store=True,
        groups="dealer_service.group_dealer_price",
    )

    _extra_hours_positive = models.Constraint(
        "CHECK (extra_hours IS NULL OR extra_hours >= 0)",
        lambda env, _diag: env._("Extra time: cannot be negative."),
    )
    _board_idx = models.Index("(company_id, state)")

    # === COMPUTE METHODS === #

    @api.depends("payer", "payer_partner_id", "order_id.partner_id")
    def _compute_bill_partner_id(self):
        """Name who gets the invoice."""
        for job in self:
            third_party = job.payer in THIRD_PARTY_PAYERS
            job.bill_partner_id = (
                job.payer_partner_id if third_party else job.order_id.partner_id
            )

    @api.depends("bill_partner_id", "order_id.company_id")
    def _compute_pricing(self):
        """Take price list and fiscal position of who pays."""
        cache = {}
        pricing = self.env["dealer.pricing"]
        for job in self:
            company = job.order_id.company_id or self.env.company
            key = (company, job.bill_partner_id)
            if key not in cache:
                cache[key] = pricing._get_terms(job.bill_partner_id, company)
            terms = cache[key]
            job.pricelist_id = terms.pricelist
            job.fiscal_position_id = terms.position
            job.currency_id = terms.currency

    @api.depends("line_ids.price_subtotal", "line_ids.price_total")
    def _compute_amounts(self):
        """Sum the lines, each taxed and rounded by Odoo's engine (rule 7)."""
        for job in self:
            job.amount_untaxed = sum(job.line_ids.mapped("price_subtotal"))
            job.amount_total = sum(job.line_ids.mapped("price_total"))
            job.amount_tax = job.amount_total - job.amount_untaxed

    @api.onchange("guarantee_id")
    def _onchange_guarantee_id(self):
        """Make work under our guarantee free of charge."""
        if self.guarantee_id:
            self.payer = "internal"

    # === CONSTRAINTS === #

    @api.constrains("payer", "payer_partner_id")
    def _check_payer(self):
        """Ask who pays when the customer does not."""
        for job in self:
            if job.payer in THIRD_PARTY_PAYERS and not job.payer_partner_id:
                raise ValidationError(
                    job.env._(
                        "%(job)s: choose the insurer or manufacturer who pays.",
                        job=job.name,
                    )
                )

    @api.constrains("finding_id")
    def _check_finding(self):
        """A revived finding belongs to the same car."""
        for job in self.filtered("finding_id"):
            if job.finding_id.vehicle_id != job.order_id.vehicle_id:
                raise ValidationError(
                    job.env._("The finding was noted on another car.")
                )

    @api.constrains("guarantee_id", "payer")
    def _check_guarantee(self):
        """A come-back belongs to a guarantee of the same car and is free."""
        for job in self.filtered("guarantee_id"):
            if job.guarantee_id.vehicle_id != job.order_id.vehicle_id:
                raise ValidationError(
                    job.env._("The guarantee was given on another car.")
                )
            if job.payer not in FREE_PAYERS:
                raise ValidationError(
                    job.env._("Work under our guarantee is free of charge.")
                )

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        """Open draft jobs on a visit that still takes new work.

        :raises UserError: if the visit is closed or a state was given
        """
        guarded_fields = GUARDED_FIELDS - {"order_id"}
        if not self._is_system_write():
            guarded_fields |= self._get_system_fields()
        for vals in vals_list:
            if guarded_fields & set(vals):
                raise UserError(
                    self.env._("State and revision of a job are set by its steps.")
                )
            if vals.get("guarantee_id"):
                vals.setdefault("payer", "internal")
                vals["origin"] = "comeback"
        guarded = drop_defaults(self, guarded_fields - {"state", "revision"})
        jobs = super(DealerRepairJob, guarded).create(vals_list)
        # Defaults of the context are no way around it.
        if any(job.state != "draft" or job.revision != 1 for job in jobs):
            raise UserError(
                self.env._("State and revision of a job are set by its steps.")
            )
        for job, vals in zip(jobs, vals_list, strict=True):
            if vals.get("photo_ids"):
                job.photo_ids._claim_for(job)
        closed = {"ready", "settled", "delivered", "left", "cancelled"}
        for order in jobs.order_id:
            if order.state in closed:
                raise UserError(
                    self.env._(
                        "%(order)s is finished and takes no new job. "
                        "Open a new repair order.",
                        order=order.name,
                    )
                )
        return jobs

    def write(self, vals):
        """Guard state and revision; a changed offer is a new revision."""
        guarded = (GUARDED_FIELDS | self._get_system_fields()) & set(vals)
        if self.env.su:
            guarded &= GUARDED_FIELDS
        opened = is_step(self)
        if guarded and not opened:
            raise UserError(
                self.env._("State and revision of a job are set by its steps.")
            )
        if changing := OFFER_FIELDS & set(vals):
            changed = self.filtered(
                lambda job: any(
                    job[name]
                    != job._fields[name].convert_to_record(
                        job._fields[name].convert_to_cache(vals[name], job), job
                    )
                    for name in changing
                )
            )
            changed._raise_revision()
        result = super().write(vals)
        if "photo_ids" in vals:
            for job in self:
                job.photo_ids._claim_for(job)
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_drafts(self):
        """Delete only what was never offered."""
        if self.filtered(lambda job: job.state != "draft" or job.approval_ids):
            raise UserError(
                self.env._("A job that was offered is kept. Let the customer decline.")
            )

    # === STATE === #

    def _update_state(self, target, vals=None):
        """Move jobs to ``target`` by the table `const.JOB_TRANSITIONS`.

        :param str target: a state of `const.JOB_STATES`
        :param dict vals: further values to write with it
        :raises UserError: naming the job that cannot go there
        """
        states = dict(self._fields["state"]._description_selection(self.env))
        for job in self:
            if job.state not in JOB_TRANSITIONS[target]:
                raise UserError(
                    job.env._(
                        "%(job)s is “%(state)s” and cannot become “%(target)s”.",
                        job=job.name,
                        state=states[job.state],
                        target=states[target],
                    )
                )
        if not self:
            return
        # Technicians and inspectors move jobs that they may not edit.
        job_sudo = as_step(self.sudo())
        job_sudo.write(dict(vals or {}, state=target))

    def _reopen_offers(self):
        """Make jobs whose lines change a new revision; drafts just change."""
        self.filtered(lambda job: job.state != "draft")._raise_revision()

    def _raise_revision(self):
        """Put changed offers back to draft under a new revision.

        :raises UserError: if work has started or the customer refused
        """
        for job in self:
            if job.state in JOB_APPROVED_STATES - {"approved"}:
                raise UserError(
                    job.env._(
                        "Work on %(job)s has started; its price is agreed. "
                        "Raise an add-on for more work.",
                        job=job.name,
                    )
                )
            if job.state in ("declined", "deferred"):
                raise UserError(
                    job.env._(
                        "The customer did not approve %(job)s. Add a new job instead.",
                        job=job.name,
                    )
                )
        approved = self.filtered(lambda job: job.state == "approved")
        approved._withdraw_approval()
        reopened = self.filtered(lambda job: job.state in ("offered", "expired"))
        reopened._back_to_draft()

    def _withdraw_approval(self):
        """Take approved jobs back to draft and their lines off the sale order."""
        if not self:
            return
        self._remove_sale_lines()
        self._back_to_draft()

    def _back_to_draft(self):
        """Return to draft under the next revision."""
        for job in self:
            job._update_state("draft", {"revision": job.revision + 1})
