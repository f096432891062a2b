from odoo import api, fields, models
from odoo.exceptions import UserError

from .. import arguments as arg
from .dealer_repair_order_flow import ADVISOR

# A come-back is recognised while the visit still takes new work.
OPEN_STATES = ("intake", "diagnosis", "offered", "accepted", "in_progress")
# Proposed until the customer has agreed to the estimate.
PROPOSED_STATES = ("intake", "diagnosis", "offered")


class DealerRepairOrder(models.Model):
    """Show at reception what the car may come back for, and take it so (外返)."""

    _inherit = "dealer.repair.order"

    comeback_candidate_ids = fields.Many2many(
        "dealer.guarantee",
        string="May be a come-back",
        compute="_compute_comeback_candidate_ids",
        help="Running guarantees of this car that fit the customer's words or the "
        "jobs of this visit.",
    )
    comeback_hint = fields.Text(
        string="Why it may be one",
        compute="_compute_comeback_candidate_ids",
        help="What the earlier job and this visit have in common, and how long the "
        "guarantee still runs.",
    )
    rework_ids = fields.One2many("dealer.rework", "order_id", string="Rework orders")
    rework_count = fields.Integer(compute="_compute_rework_count")

    # === COMPUTE METHODS === #

    @api.depends(
        "state",
        "vehicle_id",
        "concern",
        "mileage",
        "arrived_at",
        "job_ids.line_ids.product_id",
        "job_ids.guarantee_id",
    )
    def _compute_comeback_candidate_ids(self):
        """Propose guarantees that fit, until one is taken or the offer is accepted."""
        guarantees = self.env["dealer.guarantee"]
        for order in self:
            order.comeback_candidate_ids = guarantees
            order.comeback_hint = False
            products = order.job_ids.line_ids.product_id
            told = order.concern or products
            if order.state in PROPOSED_STATES and order.vehicle_id and told:
                running = order._get_running_guarantees()
                running -= order.job_ids.guarantee_id
                found = running._match_comebacks(
                    order.concern, products, order._get_arrival_date(), order.mileage
                )
                ids = [one["guarantee_id"] for one in found]
                order.comeback_candidate_ids = guarantees.browse(ids)
                order.comeback_hint = "\n".join(
                    self._get_comeback_hint(one) for one in found
                )

    @api.depends("rework_ids")
    def _compute_rework_count(self):
        for order in self:
            order.rework_count = len(order.rework_ids)

    # === ACTIONS === #

    @arg.typed(guarantee_id=arg.integer, concern=arg.text)
    def treat_as_comeback(self, guarantee_id, concern=False):
        """Take work of this visit as a come-back: free of charge, by the old team.

        Adds a draft job that names the guarantee, is borne by the store and starts
        with the labour of the first repair; its rework order is opened with it.

        :param int guarantee_id: a running `dealer.guarantee` of this car
        :param str concern: what is wrong again; the visit's concern by default
        :raises AccessError: if the user is no advisor
        :raises UserError: if the visit takes no new work, or the guarantee is not
            this car's or had ended when the car arrived
        :return: id of the job; the first one, if it was taken so before
        :rtype: int
        """
        self.ensure_one()
        self._ensure_role((ADVISOR,))
        self.check_access("write")
        guarantee = self.env["dealer.guarantee"].browse(guarantee_id).exists()
        known = self.job_ids.filtered(
            lambda job: guarantee and job.guarantee_id == guarantee
        )
        if known:
            return known[0].id
        if self.state not in OPEN_STATES:
            raise UserError(
                self.env._(
                    "%(order)s takes no new work. Open a new repair order for the "
                    "come-back.",
                    order=self.name,
                )
            )
        if guarantee not in self._get_running_guarantees():
            raise UserError(
                self.env._(
                    "Guarantee: choose one of this car that was running when it "
                    "arrived."
                )
            )
        return self.job_ids.create(self._prepare_comeback_vals(guarantee, concern)).id

    def action_open_reworks(self):
        """Open the rework orders of the visit."""
        self.ensure_one()
        return self._prepare_open_action(
            "dealer.rework", self.rework_ids, self.env._("Rework orders"), many=True
        )

    # === TOOLING === #

    @api.model
    def _get_comeback_hint(self, found):
        """Say why an earlier job is proposed, and what is left of its guarantee.

        :param dict found: see `dealer.vehicle.find_comebacks`
        :rtype: str
        """
        return self.env._(
            "%(job)s: %(reason)s; %(days)s days or %(km)s km left",
            job=found["name"],
            reason=found["reason_text"],
            days=found["days_left"],
            km=found["km_left"],
        )

    def _get_arrival_date(self):
        """Return the day the car arrived, in the store's time zone."""
        self.ensure_one()
        return self.company_id._dealer_date(self.arrived_at or fields.Datetime.now())

    def _get_running_guarantees(self):
        """Return the guarantees that were running when the car arrived."""
        self.ensure_one()
        return self.env["dealer.guarantee"]._running_on(
            self.vehicle_id, self._get_arrival_date(), self.mileage
        )

    def _prepare_comeback_vals(self, guarantee, concern):
        """Return the values of the job of a come-back.

        :param guarantee: a single `dealer.guarantee`
        :param str concern: what is wrong again
        :rtype: dict
        """
        self.ensure_one()
        # The first repair may belong to another store of the group.
        original_sudo = guarantee.sudo().job_id
        category = self.env.ref(
            "dealer_service.dealer_repair_category_comeback", raise_if_not_found=False
        )
        labour = original_sudo.line_ids.filtered(lambda line: line.kind == "labour")
        text = " ".join((concern or self.concern or "").split())
        return {
            "order_id": self.id,
            "name": self.env._("Come-back: %(job)s", job=original_sudo.name),
            "cause": text[:200] or False,
            "guarantee_id": guarantee.id,
            "category_id": (category or guarantee.category_id).id,
            "method": "symptom",
            "payer": "internal",
            "line_ids": [
                fields.Command.create(
                    {"product_id": line.product_id.id, "quantity": line.quantity}
                )
                for line in labour
            ],
        }

    # === GUARDS === #

    def _get_missing_for_request_inspection(self):
        """Extend to ask why work had to be done again (F12)."""
        missing = super()._get_missing_for_request_inspection()
        return missing + self.rework_ids._get_missing_cause()


class DealerGuarantee(models.Model):
    """The button on a proposed guarantee."""

    _inherit = "dealer.guarantee"

    def action_treat_as_comeback(self):
        """Take the open visit as a come-back of this guarantee."""
        self.ensure_one()
        order_id = self.env.context.get("dealer_comeback_order_id")
        order = self.env["dealer.repair.order"].browse(order_id).exists()
        if not order:
            raise UserError(
                self.env._("Open the visit of the car, and choose the guarantee there.")
            )
        order.treat_as_comeback(self.id)
        return {"type": "ir.actions.client", "tag": "soft_reload"}
