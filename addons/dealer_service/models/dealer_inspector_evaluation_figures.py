from datetime import timedelta
from math import ceil

from odoo import api, fields, models
from odoo.fields import Domain

from .dealer_inspector_evaluation import GRADES, JUDGES, SCORE_PARTS
from .dealer_quality_check_figures import INSPECTED_STAGES

# Evaluations that the nightly run computes before it commits.
BATCH = 50
# Figures younger than this were computed in the same night.
FRESH = timedelta(hours=6)


class DealerInspectorEvaluation(models.Model):
    """How the figures are computed: one pass over the sheets of all months asked.

    The formulas stand in the docstring of `dealer_inspector_evaluation.py`; the
    pure arithmetic is in `_compute_figures_of`, which knows nothing of records.
    """

    _inherit = "dealer.inspector.evaluation"

    # === GENERATION === #

    @api.model
    def _cron_evaluate(self):
        """Compute the months that may still change, the oldest figures first.

        These are the running and the last month of every inspector, and others while
        they are provisional. A few at a time, each lot committed; a run that ends
        early goes on where it stopped.
        """
        months = self._get_running_months()
        for month in months:
            self._generate(month)
        cron = self.env["ir.cron"]
        domain = self._get_refresh_domain(min(months))
        remaining = self.search_count(domain)
        while remaining:
            lot = self.search(domain, order="computed_at, id", limit=BATCH)
            lot._refresh()
            remaining = max(remaining - len(lot), 0)
            if not cron._commit_progress(len(lot), remaining=remaining):
                break

    @api.model
    def _get_running_months(self):
        """Return the first days of this and the last month, in every store.

        :rtype: set
        """
        months = set()
        for company in self.env["res.company"].search([]):
            first = company._dealer_today().replace(day=1)
            months |= {first, (first - timedelta(days=1)).replace(day=1)}
        return months

    @api.model
    def _get_refresh_domain(self, since):
        """Return which evaluations a nightly run computes, each once.

        :param date since: later months may change by new inspections
        :rtype: Domain
        """
        fresh = fields.Datetime.now() - FRESH
        return (
            Domain("state", "=", "open")
            & (Domain("month", ">=", since) | Domain("is_provisional", "=", True))
            & (Domain("computed_at", "=", False) | Domain("computed_at", "<", fresh))
        )

    @api.model
    def _generate(self, month):
        """Open the evaluations of a month for all inspectors of all stores.

        :param date month: its first day
        :return: the new ones
        """
        group = self.env.ref("dealer_service.group_dealer_inspector")
        users = group.sudo().all_user_ids.filtered(lambda user: not user.share)
        employees = self.env["hr.employee"].search([("user_id", "in", users.ids)])
        known = {
            (evaluation.inspector_id, evaluation.company_id)
            for evaluation in self.search([("month", "=", month)])
        }
        vals_list = [
            {
                "inspector_id": employee.user_id.id,
                "company_id": employee.company_id.id,
                "employee_id": employee.id,
                "month": month,
            }
            for employee in employees
            if (employee.user_id, employee.company_id) not in known
        ]
        return self.create(vals_list)

    def action_generate(self):
        """Open and compute the months with inspections that have no figures yet.

        :raises AccessError: if the user is neither quality head nor supervisor
        """
        self.env["dealer.repair.order"]._ensure_role(JUDGES)
        # Judges open what nobody may write; the rules show each his own store.
        evaluations_sudo = self.sudo()
        months = evaluations_sudo.env["dealer.quality.check"]._read_group(
            [("stage", "in", INSPECTED_STAGES), ("finished_at", "!=", False)],
            ["finished_at:month"],
        )
        for (month,) in months:
            evaluations_sudo._generate(month.date())._refresh()
        return True

    # === REFRESH === #

    def _refresh(self, states=("open",)):
        """Compute figures and sheet lists anew.

        Those that the inspector objected to stay as they were then; a judge who
        decides on them has them computed anew. Approved ones stay for good.

        :param states: compute those in these states
        """
        evaluations = self.filtered(lambda one: one.state in states)
        if not evaluations:
            return
        checks = evaluations._find_checks()
        findings = self._find_findings(checks)
        for evaluation in evaluations:
            start, stop = self._get_period(evaluation.company_id, evaluation.month)
            mine = evaluation._pick_checks(checks, start, stop)
            evaluation._write_figures(mine, findings, start, stop)

    def _pick_checks(self, checks, start, stop):
        """Return which of these sheets belong to this inspector, store and month."""
        self.ensure_one()
        return checks.filtered(
            lambda check: (
                check.company_id == self.company_id
                and (check.inspector_id or check.started_by_id) == self.inspector_id
                and start <= (check.finished_at or check.started_at) < stop
            )
        )

    def _find_checks(self):
        """Return the sheets of all these months: signed, or begun and left."""
        periods = [self._get_period(one.company_id, one.month) for one in self]
        since = min(start for start, _stop in periods)
        until = max(stop for _start, stop in periods)
        checks = self.env["dealer.quality.check"]
        common = [
            ("stage", "in", INSPECTED_STAGES),
            ("company_id", "in", self.company_id.ids),
        ]
        signed = checks.search(
            [
                *common,
                ("inspector_id", "in", self.inspector_id.ids),
                ("finished_at", ">=", since),
                ("finished_at", "<", until),
            ]
        )
        left = checks.search(
            [
                *common,
                ("state", "=", "open"),
                ("started_by_id", "in", self.inspector_id.ids),
                ("started_at", ">=", since),
                ("started_at", "<", until),
            ]
        )
        return signed + left

    # === ONE EVALUATION === #

    def _write_figures(self, checks, findings, start, stop):
        """Write the figures and the sheet list of one evaluation.

        :param checks: the sheets of this inspector and month
        :param dict findings: see `_find_findings`
        :param datetime start: first moment of the month, UTC
        :param datetime stop: first moment after it, UTC
        """
        self.ensure_one()
        signed = checks.filtered(lambda check: check.state == "done")
        found = [findings[check] for check in signed]
        facts = self._count_facts(checks, signed, found)
        facts["days"] = self._get_attended_days(start, stop)
        points = sum(checks.mapped("all_points"))
        self.write(
            {
                **self._compute_figures_of(facts),
                **self._prepare_finality_vals(found, stop),
                "computed_at": fields.Datetime.now(),
                "fill_rate": 100 * sum(checks.mapped("filled_points")) / points
                if points
                else 0,
                "sample_wanted": self._get_sample_size(self.company_id, len(signed)),
                "sample_done": sum(1 for one in found if one["sampled"]),
            }
        )
        self.line_ids.unlink()
        self.env["dealer.inspector.evaluation.line"].create(
            [
                self._prepare_line_vals(check, findings[check])
                for check in checks.sorted(lambda c: (c.requested_at, c.id))
            ]
        )

    def _count_facts(self, checks, signed, found):
        """Return what the figures are computed from, attendance apart.

        :param checks: the sheets of this inspector and month
        :param signed: those of them that are done
        :param list found: what was found out about each signed one
        :return: see `_compute_figures_of`
        :rtype: dict
        """
        return {
            "inspections": len(signed),
            "workload": sum(signed.mapped("weight")),
            "target": self.company_id.dealer_inspection_target,
            "missed_sheets": sum(1 for one in found if one["missed"]),
            "false_sheets": sum(
                1 for one in found if one["false"] and not one["missed"]
            ),
            "reported": sum(signed.mapped("failed_points")),
            "false": sum(one["false"] for one in found),
            "missed": sum(one["missed"] for one in found),
            "required": len(checks),
            "complete": len(checks.filtered("is_complete")),
            "on_time": len(signed.filtered("is_on_time")),
        }

    def _prepare_finality_vals(self, found, stop):
        """Say whether the figures may still change, and from when on they cannot.

        :param list found: what was found out about each signed sheet
        :param datetime stop: first moment after the month, UTC
        :rtype: dict
        """
        today = self.company_id._dealer_today()
        is_open = any(one["is_open"] for one in found)
        last = max((one["until"] for one in found if one["until"]), default=False)
        return {
            "is_provisional": is_open
            or bool(last and last >= today)
            or stop > fields.Datetime.now(),
            "final_from": last + timedelta(days=1) if last and not is_open else False,
        }

    def _prepare_line_vals(self, check, found):
        """Return one sheet as it counts now.

        :param check: a `dealer.quality.check`
        :param dict found: see `_find_findings`
        :rtype: dict
        """
        verdict = (
            "missed" if found["missed"] else "false" if found["false"] else "right"
        )
        return {
            "evaluation_id": self.id,
            "check_id": check.id,
            "weight": check.weight if check.state == "done" else 0,
            "waited_minutes": check.waited_minutes,
            "used_minutes": check.used_minutes,
            "is_on_time": check.is_on_time,
            "is_complete": check.is_complete,
            "verdict": verdict if check.state == "done" else False,
            "defects": found["missed"] or found["false"],
            "reason": found["reason"],
            "guaranteed_until": found["until"],
        }

    # === ARITHMETIC === #

    @api.model
    def _compute_figures_of(self, facts):
        """Return the figures that follow from counted facts (section 4).

        :param dict facts: ``inspections`` (N), ``workload``, ``days``, ``target``,
            ``missed_sheets``, ``false_sheets``, ``reported`` (d), ``false`` (k),
            ``missed`` (b), ``required``, ``complete``, ``on_time``
        :return: values of this model; ``has_<figure>`` is false where a figure has
            no denominator
        :rtype: dict
        """
        number = facts["inspections"]
        right = number - facts["missed_sheets"] - facts["false_sheets"]
        proven = facts["reported"] - facts["false"]
        ratios = {
            "workload_index": (facts["workload"], facts["target"] * facts["days"]),
            "accuracy": (right, number),
            "accuracy_defects": (proven, proven + facts["missed"]),
            "completeness": (facts["complete"], facts["required"]),
            "timeliness": (facts["on_time"], number),
        }
        values = {
            "inspection_count": number,
            "workload": facts["workload"],
            "attended_days": facts["days"],
            "target_per_day": facts["target"],
            "missed_sheets": facts["missed_sheets"],
            "false_sheets": facts["false_sheets"],
            "reported_defects": facts["reported"],
            "false_defects": facts["false"],
            "missed_defects": facts["missed"],
            "required_sheets": facts["required"],
            "complete_sheets": facts["complete"],
            "on_time_count": facts["on_time"],
        }
        for name, (part, whole) in ratios.items():
            values[f"has_{name}"] = whole > 0
            values[name] = 100.0 * part / whole if whole > 0 else 0.0
        return values | self._compute_score(values)

    @api.model
    def _compute_score(self, values):
        """Return score and grade; what does not apply leaves its part to the rest.

        Without any inspection there is nothing to grade.

        :param dict values: the figures, each with its ``has_<figure>``
        :rtype: dict
        """
        applying = {
            name: part for name, part in SCORE_PARTS.items() if values[f"has_{name}"]
        }
        if not values["inspection_count"]:
            return {"score": 0.0, "has_score": False, "grade": False}
        total = sum(min(values[name], 100) * part for name, part in applying.items())
        score = round(total / sum(applying.values()), 2)
        grade = next(grade for grade, least in GRADES if score >= least)
        return {"score": score, "has_score": True, "grade": grade}

    @api.model
    def _get_sample_size(self, company, number):
        """Return how many of an inspector's sheets are inspected again.

        :param company: a `res.company`
        :param int number: sheets signed in the month
        """
        part = ceil(number * company.dealer_sample_percent / 100)
        return min(number, max(part, company.dealer_sample_least))
