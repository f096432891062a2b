from odoo import api, fields, models
from odoo.exceptions import UserError

from ..utils import join_sentences

ROAD_TEST_FIELDS = {
    "driver_id",
    "companion_id",
    "route",
    "start_km",
    "end_km",
    "started_at",
    "result",
    "note",
}


class DealerRoadTest(models.Model):
    """One drive of the final check (路試, section 3).

    - The driver is a road tester with a valid licence; the main technician of a job
      of the visit rides along. With two seats taken they are two people.
    - It is driven when every other point of the check is answered and none failed.
    - A passed test is at least as long as the store demands.
    - It is repeated until it passes, or the check fails; each drive is a record
      that nobody changes.
    """

    _name = "dealer.road.test"
    _description = "Road test"
    _inherit = ["dealer.write.once.mixin"]
    _order = "check_id desc, attempt desc, id desc"
    _check_company_auto = True

    check_id = fields.Many2one(
        "dealer.quality.check",
        string="Final check",
        required=True,
        index=True,
        ondelete="restrict",
    )
    order_id = fields.Many2one(
        "dealer.repair.order",
        string="Visit",
        related="check_id.order_id",
        store=True,
        precompute=True,
        index=True,
    )
    company_id = fields.Many2one(
        "res.company",
        string="Store",
        related="check_id.company_id",
        store=True,
        precompute=True,
        index=True,
    )
    license_plate = fields.Char(
        string="Plate", related="check_id.order_id.vehicle_id.license_plate"
    )
    attempt = fields.Integer(string="Drive no.", readonly=True, aggregator=False)
    driver_id = fields.Many2one(
        "hr.employee",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
        domain="[('company_id', '=', company_id)]",
        help="A road tester with a valid licence.",
    )
    companion_id = fields.Many2one(
        "hr.employee",
        string="Rides along",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
        domain="[('company_id', '=', company_id)]",
        help="The main technician of a job of the visit.",
    )
    route = fields.Char(required=True)
    start_km = fields.Integer(string="Odometer before", required=True, aggregator=False)
    end_km = fields.Integer(string="Odometer after", required=True, aggregator=False)
    distance = fields.Integer(
        string="Distance (km)", compute="_compute_distance", store=True, precompute=True
    )
    started_at = fields.Datetime(string="Started", help="UTC.")
    ended_at = fields.Datetime(string="Ended", readonly=True, help="UTC.")
    result = fields.Selection(
        [("pass", "Pass"), ("fail", "Drive again")], required=True, default="pass"
    )
    note = fields.Char(string="Noticed")
    recorded_by = fields.Many2one("res.users", readonly=True)

    _odometer_order = models.Constraint(
        "CHECK (start_km >= 0 AND end_km >= start_km)",
        lambda env, _diag: env._(
            "Odometer after: it cannot be below the reading before the drive."
        ),
    )

    # === COMPUTE METHODS === #

    @api.depends("start_km", "end_km")
    def _compute_distance(self):
        for test in self:
            test.distance = test.end_km - test.start_km

    @api.depends("license_plate", "attempt")
    def _compute_display_name(self):
        for test in self:
            test.display_name = f"{test.license_plate or ''} · {test.attempt}"

    # === CRUD METHODS === #

    @api.model
    def default_get(self, fields):
        """Propose driver, companion, route and reading of the open check."""
        values = super().default_get(fields)
        check = self.env["dealer.quality.check"].browse(values.get("check_id"))
        if check.exists():
            check.check_access("read")
            proposal = check._prepare_road_test()
            values = {
                **{k: proposal[k] for k in proposal if k in fields},
                **values,
            }
        return values

    @api.model_create_multi
    def create(self, vals_list):
        """Record drives; each is complete from the start.

        :raises UserError: listing what the drive or the check still needs
        """
        self.browse().check_access("create")
        numbers = {}
        for vals in vals_list:
            check_id = vals.get("check_id") or self.env.context.get("default_check_id")
            check = self.env["dealer.quality.check"].browse(check_id).exists()
            if not check:
                raise UserError(self.env._("Final check: record the drive from there."))
            check._ensure_may_drive()
            numbers[check.id] = numbers.get(check.id, len(check.road_test_ids)) + 1
            vals.update(
                attempt=numbers[check.id],
                ended_at=fields.Datetime.now(),
                recorded_by=self.env.uid,
            )
        tests = super().create(vals_list)
        for test in tests:
            if missing := test._get_missing():
                raise UserError(join_sentences(missing))
            test.order_id._ensure_road_test_km(test)
        return tests

    # === BUSINESS METHODS === #

    def _get_missing(self):
        """Return what speaks against this drive.

        :rtype: list of sentences
        """
        self.ensure_one()
        # Licences are personal data that inspectors do not read.
        driver_sudo = self.driver_id.sudo()
        missing = driver_sudo._get_missing_to_drive(self._get_today())
        technicians = self.order_id.sudo()._get_approved_jobs().main_technician_id
        if technicians and self.companion_id.sudo() not in technicians:
            missing.append(
                self.env._(
                    "Rides along: the main technician comes with you (%(names)s).",
                    names=", ".join(technicians.mapped("name")),
                )
            )
        if self.companion_id == self.driver_id:
            missing.append(
                self.env._("Rides along: choose somebody else than the driver.")
            )
        least = self.check_id._get_least_road_test()
        if self.result == "pass" and self.distance < least:
            missing.append(
                self.env._(
                    "Road test: %(km)s km driven, at least %(least)g km count. Drive "
                    "on and enter the reading again.",
                    km=self.distance,
                    least=least,
                )
            )
        if self.result == "fail" and not (self.note or "").strip():
            missing.append(self.env._("Noticed: say why it has to be driven again."))
        return missing

    def _get_today(self):
        """Return today's date in the store."""
        return self.company_id._dealer_today()
