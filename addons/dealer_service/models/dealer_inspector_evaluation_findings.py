from odoo import api, models

# The car has left: nothing of the visit is open.
LEFT_STATES = {"delivered", "left", "cancelled"}


class DealerInspectorEvaluation(models.Model):
    """What was found out about signed sheets later: samples, rework, come-backs."""

    _inherit = "dealer.inspector.evaluation"

    @api.model
    def _find_findings(self, checks):
        """Return what was found out about sheets later.

        :return: by check: ``missed`` and ``false`` (numbers of defects), ``sample``,
            ``reason``, ``is_open``, ``until`` (last day of the guarantees)
        :rtype: dict
        """
        findings = {
            check: {
                "missed": 0,
                "false": 0,
                "sampled": False,
                "reason": "",
                "is_open": check.result == "pass"
                and check.order_id.state not in LEFT_STATES,
                "until": False,
            }
            for check in checks
        }
        self._add_samples(checks, findings)
        self._add_reworks(checks, findings)
        self._add_guarantees(checks, findings)
        return findings

    @api.model
    def _add_samples(self, checks, findings):
        """Add what the samples of the quality head showed."""
        samples = self.env["dealer.inspection.sample"].search(
            [("check_id", "in", checks.ids), ("state", "=", "done")]
        )
        for sample in samples:
            found = findings[sample.check_id]
            found["sampled"] = True
            if sample.result in ("missed", "false"):
                found[sample.result] += sample.defect_count
                found["reason"] = sample.note or ""

    @api.model
    def _add_reworks(self, checks, findings):
        """Add come-backs that were missed, and rework that found nothing wrong."""
        reworks = self.env["dealer.rework"].search(
            [
                "|",
                ("check_id", "in", checks.ids),
                ("original_job_id.order_id", "in", checks.order_id.ids),
                ("state", "!=", "cancelled"),
            ]
        )
        passed = {}
        for check in checks.sorted("finished_at"):
            if check.stage == "final" and check.result == "pass":
                passed[check.order_id] = check
        for rework in reworks:
            if rework.kind == "internal":
                found = findings.get(rework.check_id)
                if found and rework.cause_class == "none":
                    found["false"] += rework.fault_count
                    found["reason"] = rework.name
                if found and rework.state == "open":
                    found["is_open"] = True
                continue
            check = passed.get(rework.original_job_id.order_id)
            if not check:
                continue
            if rework.verdict == "open":
                findings[check]["is_open"] = True
            elif rework.is_inspection_miss and rework.verdict == "ours":
                findings[check]["missed"] += 1
                findings[check]["reason"] = rework.name

    @api.model
    def _add_guarantees(self, checks, findings):
        """Add until when a come-back may still show a miss."""
        guarantees = self.env["dealer.guarantee"].search(
            [("order_id", "in", checks.order_id.ids)]
        )
        ends = {}
        for guarantee in guarantees:
            order = guarantee.order_id
            ends[order] = max(ends.get(order, guarantee.end_date), guarantee.end_date)
        for check, found in findings.items():
            if check.result == "pass":
                found["until"] = ends.get(check.order_id, False)
