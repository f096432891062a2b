from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import groupby

from ..const import PARTS_MISSING_STATES
from .dealer_repair_job_parts import PARTS_KEEPER

# What parts keepers and advisors may write themselves; the rest has its own verbs.
OPEN_FIELDS = {"line_ids", "message_follower_ids", "activity_ids"}


class DealerPartsRequisition(models.Model):
    """The parts of one approved job: what is asked for, handed out, brought back (F10).

    - One requisition per job; it opens by itself when the customer approves parts.
      Nothing is issued that was not sold: more is an add-on.
    - It is paper and conversation, no stock: every quantity is read from the moves
      of the job's sale lines.
    - ``urgency`` sorts the parts keeper's day: asked for, work going on, planned,
      waiting for a delivery, nothing open.
    """

    _name = "dealer.parts.requisition"
    _description = "Parts requisition"
    _inherit = ["mail.thread"]
    _mail_post_access = "read"
    _order = "requested_at, planned_start, id"
    _check_company_auto = True

    name = fields.Char(string="Number", required=True, readonly=True, copy=False)
    job_id = fields.Many2one(
        "dealer.repair.job",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
        check_company=True,
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True
    )
    order_id = fields.Many2one(
        related="job_id.order_id", store=True, precompute=True, index=True
    )
    vehicle_id = fields.Many2one(
        related="job_id.vehicle_id", store=True, precompute=True, index=True
    )
    license_plate = fields.Char(related="vehicle_id.license_plate")
    job_name = fields.Char(related="job_id.name", string="Concern")
    job_state = fields.Selection(related="job_id.state", string="Job state")
    is_safety = fields.Boolean(related="job_id.is_safety")
    planned_start = fields.Datetime(
        related="job_id.planned_start", store=True, precompute=True
    )
    promised_at = fields.Datetime(related="order_id.promised_at")
    technician_name = fields.Char(
        related="job_id.main_technician_id.name", string="Technician"
    )
    bay_name = fields.Char(related="job_id.bay_id.name", string="Bay")
    parts_state = fields.Selection(
        related="job_id.parts_state", store=True, precompute=True
    )
    parts_expected_on = fields.Date(related="job_id.parts_expected_on")
    urgency = fields.Selection(
        [
            ("asked", "Asked for"),
            ("running", "Work goes on"),
            ("planned", "To prepare"),
            ("waiting", "Waiting for delivery"),
            ("done", "Nothing open"),
        ],
        compute="_compute_urgency",
        store=True,
        index=True,
    )
    line_ids = fields.One2many(
        "dealer.parts.requisition.line", "requisition_id", string="Lines"
    )
    return_ids = fields.One2many(
        "dealer.parts.return", "requisition_id", string="Returns"
    )
    requested_by_id = fields.Many2one(
        "res.users", string="Asked by", readonly=True, copy=False
    )
    requested_at = fields.Datetime(string="Asked at", readonly=True, copy=False)
    request_note = fields.Char(string="Technician's note", readonly=True, copy=False)
    issued_by_id = fields.Many2one(
        "res.users", string="Issued by", readonly=True, copy=False
    )
    issued_at = fields.Datetime(string="Last issued at", readonly=True, copy=False)
    received_by_id = fields.Many2one(
        "res.users",
        string="Checked by",
        readonly=True,
        copy=False,
        help="The technician who checked number and condition of the parts.",
    )
    received_at = fields.Datetime(string="Checked at", readonly=True, copy=False)
    missing_since = fields.Datetime(readonly=True, copy=False)
    arrived_at = fields.Datetime(string="Parts arrived at", readonly=True, copy=False)
    to_issue_text = fields.Text(string="To issue", compute="_compute_texts")
    missing_text = fields.Text(string="Not on stock", compute="_compute_texts")
    can_issue = fields.Boolean(compute="_compute_can")
    can_order = fields.Boolean(compute="_compute_can")
    can_request = fields.Boolean(compute="_compute_can")
    can_receive = fields.Boolean(compute="_compute_can")

    _job_uniq = models.Constraint(
        "UNIQUE (job_id)",
        lambda env, _diag: env._("This job has a parts requisition already."),
    )

    # === COMPUTE METHODS === #

    @api.depends("job_id.state", "job_id.parts_state", "requested_at")
    def _compute_urgency(self):
        """Sort the parts keeper's day."""
        for requisition in self:
            job = requisition.job_id
            if job.parts_state in (False, "none", "issued"):
                urgency = "done"
            elif job.parts_state == "waiting":
                urgency = "waiting"
            elif requisition.requested_at:
                urgency = "asked"
            else:
                urgency = "planned" if job.state == "approved" else "running"
            requisition.urgency = urgency

    @api.depends("line_ids", "job_id.parts_state")
    def _compute_texts(self):
        """List what to take off the shelf, and what is missing."""
        for requisition in self:
            lines = requisition.line_ids
            requisition.to_issue_text = lines._format_picks()
            requisition.missing_text = lines._format_quantities("quantity_missing")

    @api.depends("job_id.parts_state", "job_id.state", "received_at", "issued_at")
    @api.depends_context("uid")
    def _compute_can(self):
        """Offer a step where the stock and the user's role allow it."""
        keeper = self.env["dealer.repair.job"]._is_parts_keeper()
        technician = self.env.user.has_group("dealer_service.group_dealer_technician")
        for requisition in self:
            state = requisition.parts_state
            requisition.can_issue = keeper and state in ("ready", "partial")
            requisition.can_order = keeper and state in PARTS_MISSING_STATES
            requisition.can_request = (
                technician
                and state in ("ready", "partial", "waiting")
                and not requisition.requested_at
            )
            requisition.can_receive = (
                technician and requisition.issued_at and not requisition.received_at
            )

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        """Number each requisition in its store."""
        self._ensure_system()
        for store_id, of_store in groupby(vals_list, lambda vals: vals["company_id"]):
            store = self.env["res.company"].browse(store_id)
            numbers = store._next_dealer_numbers(self._name, len(of_store))
            for vals, number in zip(of_store, numbers, strict=True):
                vals["name"] = number
        # The approval opens them: nobody made them who should follow or be named.
        quiet = self.with_context(mail_create_nosubscribe=True, mail_create_nolog=True)
        return super(DealerPartsRequisition, quiet).create(vals_list)

    def write(self, vals):
        """Leave requests, issues and times to their verbs."""
        if set(vals) - OPEN_FIELDS:
            self._ensure_system()
        return super().write(vals)

    def _ensure_system(self):
        """Refuse to write by hand what approvals, stock and verbs write."""
        if not self.env.su:
            raise UserError(
                self.env._(
                    "A requisition follows the approved job and the stock; it is not "
                    "written by hand."
                )
            )

    def _add_missing_lines(self):
        """Add the part lines of the jobs that are not on the paper yet."""
        lines = self.line_ids
        lines.create(
            [
                {
                    "requisition_id": requisition.id,
                    "repair_line_id": part.id,
                    "old_part": lines._propose_old_part(part),
                }
                for requisition in self
                for part in requisition.job_id.line_ids - lines.repair_line_id
                if part.kind == "part"
            ]
        )

    # === ACTIONS === #

    def action_issue(self):
        """Hand out what is on the shelf for the job; the rest stays open.

        :raises AccessError: if the user does not keep parts
        :raises UserError: if nothing is on the shelf
        """
        self.ensure_one()
        return self.job_id.action_issue_parts()

    def action_choose(self):
        """Ask which parts, how many and which lots are handed out."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Issue parts"),
            "res_model": "dealer.parts.issue",
            "view_mode": "form",
            "target": "new",
            "context": {"default_requisition_id": self.id},
        }

    def action_receive(self):
        """Confirm that number and condition of the parts are right (F10).

        :raises AccessError: if the user is not a technician
        :raises UserError: if nothing was issued
        """
        self.check_access("read")
        self.order_id._ensure_role(("dealer_service.group_dealer_technician",))
        for requisition in self:
            if not requisition.issued_at:
                raise UserError(
                    requisition.env._(
                        "%(job)s: nothing was issued yet.",
                        job=requisition.job_id._get_workshop_name(),
                    )
                )
        # Technicians sign for parts; they do not write the paper.
        requisitions_sudo = self.sudo()
        requisitions_sudo.write(
            {"received_by_id": self.env.uid, "received_at": fields.Datetime.now()}
        )
        return True

    def action_order(self):
        """Open Odoo's replenishment with the missing parts (E6).

        :raises AccessError: if the user does not keep parts
        :raises UserError: if nothing is missing
        """
        self.check_access("read")
        self.order_id._ensure_role((PARTS_KEEPER,))
        products = self.line_ids.filtered("quantity_missing").product_id
        if not products:
            raise UserError(self.env._("Nothing is missing; all parts are here."))
        orderpoints_sudo = self._propose_purchase()
        action = self.env["ir.actions.actions"]._for_xml_id(
            "stock.action_orderpoint_replenish"
        )
        return {
            **action,
            "domain": [("id", "in", orderpoints_sudo.ids)],
            "context": {},
        }

    # === MISSING PARTS === #

    def _watch_parts(self, pauses=True):
        """Tell once that parts are missing, and once that they have arrived.

        Work that goes on stops when parts turn out missing; see `_pause_for_parts`.
        Safe to call at any time: what was told is remembered in ``missing_since``.

        :param bool pauses: nobody has said that the work goes on without them
        """
        now = fields.Datetime.now()
        # Whoever moves the stock, the paper follows.
        for requisition_sudo in self.sudo():
            state = requisition_sudo.job_id.parts_state
            missing = state in PARTS_MISSING_STATES
            if missing and not requisition_sudo.missing_since:
                requisition_sudo.write({"missing_since": now, "arrived_at": False})
                requisition_sudo._propose_purchase()
                if pauses:
                    requisition_sudo.job_id._pause_for_parts()
                requisition_sudo.job_id._tell_parts_missing()
            elif requisition_sudo.missing_since and not missing:
                requisition_sudo.missing_since = False
                requisition_sudo.job_id._resume_after_parts()
                if state == "ready":
                    requisition_sudo.arrived_at = now
                    requisition_sudo.job_id._tell_parts_arrived()

    def _propose_purchase(self):
        """Put missing parts on Odoo's replenishment list of their store.

        A manual reordering rule per part, as the replenishment screen makes itself;
        whoever buys decides there. With Purchase installed, its button makes an RFQ.

        :return: the reordering rules, elevated
        """
        # Parts keepers read reordering rules, they do not make them.
        rules_sudo = self.env["stock.warehouse.orderpoint"].sudo()
        lines_sudo = self.sudo().line_ids.filtered("quantity_missing")
        wanted = {
            (line.product_id, move.warehouse_id or move.location_id.warehouse_id)
            for line in lines_sudo
            for move in line.repair_line_id._get_shelf_moves()
        }
        for product, warehouse in wanted:
            location = warehouse.lot_stock_id
            domain = [
                ("product_id", "=", product.id),
                ("location_id", "=", location.id),
            ]
            found_sudo = rules_sudo.search(domain, limit=1)
            rules_sudo |= found_sudo or rules_sudo.with_company(
                warehouse.company_id
            ).create(
                {
                    **rules_sudo._get_orderpoint_values(product.id, location.id),
                    "warehouse_id": warehouse.id,
                    "company_id": warehouse.company_id.id,
                }
            )
        return rules_sudo

    # === WORDS === #

    def _get_label(self):
        """Return what stands on the shelf label: plate and visit."""
        self.ensure_one()
        requisition_sudo = self.sudo()
        plate = requisition_sudo.license_plate
        return " · ".join(filter(None, [plate, requisition_sudo.order_id.name]))
