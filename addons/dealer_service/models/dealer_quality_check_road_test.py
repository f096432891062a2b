from odoo import api, fields, models
from odoo.exceptions import UserError

from .. import arguments as arg
from ..utils import join_sentences
from .dealer_repair_order_flow import INSPECTOR
from .dealer_road_test import ROAD_TEST_FIELDS


class DealerQualityCheck(models.Model):
    """The road test within a final check (路試)."""

    _inherit = "dealer.quality.check"

    road_test_ids = fields.One2many(
        "dealer.road.test", "check_id", string="Road tests", readonly=True
    )
    has_road_test = fields.Boolean(compute="_compute_road_test")
    is_road_test_passed = fields.Boolean(compute="_compute_road_test")
    road_test_km = fields.Integer(
        string="Road test (km)",
        compute="_compute_road_test",
        help="Distance of the last drive.",
    )
    can_drive = fields.Boolean(compute="_compute_road_test")

    # === COMPUTE METHODS === #

    @api.depends(
        "state",
        "line_ids.is_road_test",
        "road_test_ids.result",
        "road_test_ids.distance",
    )
    @api.depends_context("uid")
    def _compute_road_test(self):
        """Show the last drive, and offer the next one until it passes."""
        is_inspector = self.env.user.has_group(INSPECTOR)
        for check in self:
            last = check._get_last_road_test()
            check.has_road_test = any(check.line_ids.mapped("is_road_test"))
            check.is_road_test_passed = last.result == "pass"
            check.road_test_km = last.distance
            check.can_drive = (
                is_inspector
                and check.state == "open"
                and check.has_road_test
                and last.result != "pass"
            )

    # === ACTIONS === #

    @arg.typed(
        values=arg.mapping(
            start_km=arg.integer,
            end_km=arg.integer,
            driver_id=arg.record("hr.employee"),
            companion_id=arg.record("hr.employee"),
            route=arg.text,
            started_at=arg.moment,
            result=arg.text,
            note=arg.text,
        )
    )
    def record_road_test(self, values):
        """Record one drive of the final check.

        :param dict values: ``start_km`` and ``end_km`` (odometer); optional
            ``driver_id`` and ``companion_id`` (`hr.employee`), ``route``,
            ``started_at`` (UTC), ``result`` (``pass``, ``fail``) and ``note``
            (mandatory if it has to be driven again); what is left out is proposed
            as on the screen
        :raises AccessError: if the user is not an inspector
        :raises UserError: listing what the drive or the check still needs
        :return: id of the road test
        :rtype: int
        """
        self.ensure_one()
        if unknown := set(values) - ROAD_TEST_FIELDS:
            raise UserError(
                self.env._(
                    "Road test: %(unknown)s is not known; use %(known)s.",
                    unknown=", ".join(sorted(unknown)),
                    known=", ".join(sorted(ROAD_TEST_FIELDS)),
                )
            )
        self._ensure_may_drive()
        vals = {**self._prepare_road_test(), **values}
        for name in ("driver_id", "companion_id", "route"):
            if not vals.get(name):
                label = self.env["dealer.road.test"]._fields[name]
                raise UserError(
                    self.env._(
                        "%(field)s: fill it in.",
                        field=label._description_string(self.env),
                    )
                )
        return self.env["dealer.road.test"].create(vals).id

    def action_road_test(self):
        """Ask for the record of a drive.

        :raises UserError: if another point is not in order yet
        """
        self._ensure_may_drive()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Road test"),
            "res_model": "dealer.road.test",
            "view_mode": "form",
            "target": "new",
            "context": {"default_check_id": self.id},
        }

    # === TOOLING === #

    def _get_last_road_test(self):
        """Return the latest drive of a check."""
        self.ensure_one()
        return self.road_test_ids.sorted("attempt")[-1:]

    def _ensure_may_drive(self):
        """Refuse a drive by the wrong person, or before the car is checked.

        :raises AccessError: if the user is not an inspector
        :raises UserError: if the check is finished, asks for none, or a point is
            open or failed
        """
        self.ensure_one()
        self._ensure_open()
        self._ensure_may_check(self.order_id, self.stage, self.job_id)
        if not self.has_road_test:
            raise UserError(
                self.env._("%(check)s asks for no road test.", check=self.display_name)
            )
        others = self.line_ids.filtered(lambda line: not line.is_road_test)
        missing = others._get_missing()
        missing += [
            self.env._("%(item)s failed; repair it before you drive.", item=line.name)
            for line in others.filtered(lambda line: line.result == "fail")
        ]
        if missing:
            raise UserError(join_sentences(missing))

    @api.model
    def _prepare_road_test_vals(self, order, items):
        """Return the line of the road test; one drive is enough for a visit.

        :param order: a single `dealer.repair.order`
        :param items: the `dealer.quality.item` records that ask for one
        :rtype: dict
        """
        least = max([order.company_id.dealer_road_test_km, *items.mapped("min_value")])
        job = self.env["dealer.repair.job"]
        if items:
            return {**items[0]._prepare_line_vals(job), "min_value": least}
        return {
            "name": self.env._("Road test"),
            "standard": self.env._("On the fixed route; nothing noticed."),
            "is_measured": True,
            "is_road_test": True,
            "min_value": least,
            "uom": "km",
            "sequence": 1000,
        }

    def _prepare_road_test(self):
        """Return what is proposed for the next drive.

        :rtype: dict
        """
        self.ensure_one()
        # Inspectors read no more of employees and jobs than they need here.
        order_sudo = self.order_id.sudo()
        drivers_sudo = (
            self.env["hr.employee"]
            .sudo()
            .search(
                [
                    ("user_id", "=", self.env.uid),
                    ("company_id", "=", self.company_id.id),
                ],
                limit=1,
            )
        )
        jobs_sudo = order_sudo._get_approved_jobs()
        big = jobs_sudo.filtered("category_id.needs_road_test") or jobs_sudo
        technicians = big.main_technician_id - drivers_sudo
        last = self._get_last_road_test()
        return {
            "check_id": self.id,
            "driver_id": drivers_sudo.id,
            "companion_id": technicians[:1].id,
            "route": last.route or self.company_id.sudo().dealer_road_test_route,
            "start_km": order_sudo._get_known_km(),
        }

    def _get_least_road_test(self):
        """Return the distance from which on a drive counts, in km."""
        self.ensure_one()
        lines = self.line_ids.filtered("is_road_test")
        return max(lines.mapped("min_value"), default=0)

    def _apply_road_test(self):
        """Answer the line of the road test by its last drive."""
        self.ensure_one()
        lines = self.line_ids.filtered("is_road_test")
        last = self._get_last_road_test()
        if not lines or not last:
            return
        vals = {"value": last.distance, "has_value": True}
        if last.result == "pass":
            vals["result"] = "pass"
        lines.write(vals)

    def _get_missing_road_test(self):
        """Return what the signature still needs: a drive, unless the check fails.

        :rtype: list of sentences
        """
        self.ensure_one()
        lines = self.line_ids.filtered("is_road_test")
        failed = "fail" in self.line_ids.mapped("result")
        if not lines or failed or self.is_road_test_passed:
            return []
        return [
            self.env._(
                "Road test: record a drive of at least %(least)g km that passed.",
                least=self._get_least_road_test(),
            )
        ]


class DealerRepairOrder(models.Model):
    """The kilometres of a road test are the shop's."""

    _inherit = "dealer.repair.order"

    def _ensure_road_test_km(self, test):
        """Refuse a reading below the last one, and log that of the drive.

        :param test: a `dealer.road.test`
        :raises UserError: if the car had more km when it came, or after a drive
        """
        self.ensure_one()
        # Inspectors drive the car; its file and log are the desk's.
        order_sudo = self.sudo()
        known = order_sudo._get_known_km(order_sudo._get_road_tests() - test.sudo())
        if test.start_km < known:
            raise UserError(
                self.env._(
                    "Odometer before: %(start)s km is below the %(known)s km that "
                    "were read before.",
                    start=test.start_km,
                    known=known,
                )
            )
        order_sudo.vehicle_id._log_odometer(test.end_km, order=order_sudo)

    def _get_road_tests(self):
        """Return the drives of the visit."""
        return self.check_ids.road_test_ids

    def _get_known_km(self, tests=None):
        """Return the highest reading of the visit so far, before it is delivered.

        :param tests: some of its `dealer.road.test`; all by default
        :return: km
        :rtype: int
        """
        self.ensure_one()
        tests = self.sudo()._get_road_tests() if tests is None else tests
        return max([self.mileage, *tests.mapped("end_km")])

    def _get_delivery_km(self):
        """Return the reading at which the car is handed over.

        :return: km; what was last read where the sheet is silent
        :rtype: int
        """
        self.ensure_one()
        return self.delivery_mileage or self._get_known_km()
