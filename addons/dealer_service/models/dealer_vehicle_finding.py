from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import SQL

from .. import arguments as arg
from ..const import DANGER_LEVELS


class DealerVehicleFinding(models.Model):
    """Work that a customer declined or deferred, remembered on the car (C7).

    Open until a later visit takes it up (converted, which links both jobs) or
    somebody gives the reason why it no longer matters (dismissed). All stores see
    it; only the store that found it writes it, except that any store may convert.
    """

    _name = "dealer.vehicle.finding"
    _description = "Declined or deferred work"
    _order = "follow_up_date, id desc"
    _is_guarded_on_create = True

    vehicle_id = fields.Many2one(
        "dealer.vehicle", string="Car", required=True, index=True, ondelete="restrict"
    )
    job_id = fields.Many2one(
        "dealer.repair.job",
        string="Declined job",
        index="btree_not_null",
        ondelete="restrict",
    )
    order_id = fields.Many2one(
        "dealer.repair.order",
        string="Found in",
        index="btree_not_null",
        ondelete="restrict",
    )
    revived_job_id = fields.Many2one(
        "dealer.repair.job",
        string="Taken up in",
        index="btree_not_null",
        readonly=True,
        copy=False,
        ondelete="restrict",
    )
    company_id = fields.Many2one(
        "res.company",
        string="Store",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    name = fields.Char(string="Finding", required=True)
    reason = fields.Char(string="Why not now", help="What the customer said.")
    danger = fields.Selection(DANGER_LEVELS, required=True, default="none")
    follow_up_date = fields.Date(string="Ask again on")
    follow_up_km = fields.Integer(
        string="Ask again at (km)", aggregator=False, help="In km."
    )
    odometer = fields.Integer(
        related="vehicle_id.odometer", string="Mileage now (km)", aggregator=False
    )
    amount = fields.Monetary(
        string="Last offered price", groups="dealer_service.group_dealer_price"
    )
    state = fields.Selection(
        [("open", "Open"), ("converted", "Taken up"), ("dismissed", "Dismissed")],
        required=True,
        readonly=True,
        default="open",
        index=True,
    )
    dismiss_reason = fields.Char(string="Dismissed because", copy=False)
    is_due = fields.Boolean(
        string="Due",
        compute="_compute_is_due",
        search="_search_is_due",
        help="Open, and the day or the mileage to ask again has come.",
    )

    @api.depends("state", "follow_up_date", "follow_up_km", "odometer")
    def _compute_is_due(self):
        """Compare with today and with the mileage of the car."""
        today = self.env.company._dealer_today()
        for finding in self:
            date, km = finding.follow_up_date, finding.follow_up_km
            finding.is_due = finding.state == "open" and bool(
                (date and date <= today) or (km and km <= finding.odometer)
            )

    def _search_is_due(self, operator, value):
        """Search open findings whose day or mileage has come."""
        if operator != "in":
            return NotImplemented
        today = self.env.company._dealer_today()
        by_km = Domain("follow_up_km", ">", 0) & Domain.custom(
            to_sql=self._get_km_reached_sql,
            predicate=lambda rec: rec.follow_up_km <= rec.odometer,
        )
        due = Domain("state", "=", "open") & (
            Domain("follow_up_date", "<=", today) | by_km
        )
        return due if True in value else ~due

    @api.model
    def _get_km_reached_sql(self, model, alias, query):
        """Return SQL that tells whether the car has reached the mileage."""
        return SQL(
            "%s <= %s",
            model._field_to_sql(alias, "follow_up_km", query),
            model._field_to_sql(alias, "odometer", query),
        )

    @api.model_create_multi
    def create(self, vals_list):
        """Start open: the state is moved by dismissing and converting only."""
        default = self.env.context.get("default_state", "open")
        if any(vals.get("state", default) != "open" for vals in vals_list):
            self._ensure_state_writable()
        return super().create(vals_list)

    def write(self, vals):
        """Let the state be moved by dismissing and converting only."""
        if "state" in vals:
            self._ensure_state_writable()
        return super().write(vals)

    def _ensure_state_writable(self):
        """Refuse a state that a user writes by hand.

        :raises UserError: unless the system writes it
        """
        if not self.env.su:
            raise UserError(
                self.env._(
                    "The state of a finding follows from dismissing it or taking it up."
                )
            )

    @arg.typed(reason=arg.text)
    def action_dismiss(self, reason=False):
        """Close findings that no longer matter, with the reason why.

        :param str reason: why; the reason noted on the finding if not given
        :raises AccessError: if the user may not write findings of that store
        :raises UserError: if a finding is closed already
        :raises ValidationError: if there is no reason
        :return: True
        """
        self.check_access("write")
        self._ensure_open()
        for finding in self:
            text = (reason or finding.dismiss_reason or "").strip()
            if not text:
                raise ValidationError(
                    finding.env._(
                        "Dismissed because: say why “%(finding)s” no longer matters.",
                        finding=finding.name,
                    )
                )
            finding_sudo = finding.sudo()
            finding_sudo.write({"state": "dismissed", "dismiss_reason": text})
        return True

    def _convert(self, job):
        """Link open findings to the job that takes them up, in any store.

        :param job: the new `dealer.repair.job`
        :raises UserError: if a finding is closed already
        """
        self._ensure_open()
        # The car may have gone to another store than the one that found it.
        finding_sudo = self.sudo()
        finding_sudo.write({"state": "converted", "revived_job_id": job.id})

    def _ensure_open(self):
        """Refuse to move a finding that is closed.

        :raises UserError: if one is
        """
        states = dict(self._fields["state"]._description_selection(self.env))
        for finding in self:
            if finding.state != "open":
                raise UserError(
                    finding.env._(
                        "“%(finding)s” is already “%(state)s”.",
                        finding=finding.name,
                        state=states[finding.state],
                    )
                )
