from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import format_datetime

from .. import arguments as arg
from ..utils import join_sentences
from .dealer_quality_check import CHECKED_STATES
from .dealer_quality_check_line import RESULTS

# Keys of `finish(results=...)` beside `line_id`.
RESULT_KEYS = {"result", "value", "note", "job_id"}


class DealerQualityCheck(models.Model):
    """Finishing a check: completeness, result, and what follows from it."""

    _inherit = "dealer.quality.check"

    # === ACTIONS === #

    def action_finish(self):
        """Finish the check as it is filled in on the screen."""
        self.ensure_one()
        self.finish(self.conclusion)
        return True

    @arg.typed(
        conclusion=arg.text,
        results=arg.rows(
            line_id=arg.integer,
            result=arg.text,
            value=arg.number,
            note=arg.text,
            job_id=arg.record("dealer.repair.job"),
        ),
    )
    def finish(self, conclusion, results=None):
        """Sign the check; one failed line fails it (F11, F12).

        The road test answers its line by itself; see `record_road_test`. A passed
        final check issues the completion certificate where one is due.

        :param str conclusion: the verdict in words; mandatory
        :param list results: dicts with ``line_id``, ``result`` (pass, fail, na) and,
            where needed, ``value`` (measured), ``note`` and ``job_id`` (which job a
            failed line of the final check sends back; all jobs by default)
        :raises AccessError: if the user's role does not do this check
        :raises UserError: listing what is missing, or if the check is finished
        :return: ``pass`` or ``fail``
        :rtype: str
        """
        self.ensure_one()
        self._ensure_open()
        self._ensure_may_check(self.order_id, self.stage, self.job_id)
        # One of two people who finish at the same time waits and starts over.
        self.order_id._lock()
        # Inspectors write their answers and this signature, nothing else.
        check_sudo = self.sudo()
        check_sudo._apply_results(results or [])
        check_sudo._apply_road_test()
        if missing := check_sudo._get_missing(conclusion):
            raise UserError(join_sentences(missing))
        failed = "fail" in check_sudo.line_ids.mapped("result")
        check_sudo._sign("fail" if failed else "pass", conclusion)
        check_sudo.env["dealer.rework"]._close_by_check(check_sudo)
        getattr(check_sudo, f"_action_post_{check_sudo.stage}")()
        return check_sudo.result

    # === BEFORE THE SIGNATURE === #

    def _ensure_open(self):
        """Refuse to touch a finished check."""
        if done := self.filtered(lambda check: check.state == "done")[:1]:
            raise UserError(
                self.env._(
                    "%(check)s was finished by %(name)s on %(date)s. Start a new "
                    "check instead.",
                    check=done.display_name,
                    name=done.sudo().inspector_id.name,
                    date=format_datetime(self.env, done.finished_at, dt_format="short"),
                )
            )

    def _apply_results(self, results):
        """Write the answers a caller gives.

        :param list results: see `finish`
        :raises UserError: if a line, result or job is unknown
        """
        self.ensure_one()
        lines = {line.id: line for line in self.line_ids}
        for answer in results:
            line = lines.get(answer.get("line_id"))
            if not line or answer.get("result") not in dict(RESULTS):
                raise UserError(
                    self.env._(
                        "Each result names a line of this check (line_id) and one of "
                        "%(known)s.",
                        known=", ".join(dict(RESULTS)),
                    )
                )
            vals = {
                key: answer[key]
                for key in RESULT_KEYS & answer.keys()
                if answer[key] is not None
            }
            if "value" in vals:
                vals["has_value"] = True
            line.write(vals)
        if self.line_ids.job_id - self.order_id._get_approved_jobs():
            raise UserError(
                self.env._("A line names a job that is not worked on in this visit.")
            )

    def _get_missing(self, conclusion):
        """Return what the check still needs before it is signed.

        :rtype: list of sentences
        """
        self.ensure_one()
        missing = self._get_missing_road_test()
        road_tests = self.line_ids.filtered("is_road_test")
        missing += (self.line_ids - road_tests)._get_missing()
        if not (conclusion or "").strip():
            missing.append(self.env._("Conclusion: sum up the check in words."))
        if self.stage == "process":
            # The work goes on while it is looked at.
            return missing
        jobs = self.job_id or self.order_id.job_ids
        for log in jobs.running_log_ids:
            missing.append(
                self.env._(
                    "The clock of %(technician)s is still running on %(job)s.",
                    technician=log.employee_id.name,
                    job=log.job_id._get_workshop_name(),
                )
            )
        return missing

    # === SIGNATURE === #

    def _sign(self, result, conclusion):
        """Write the verdict and close check and lines for good.

        :param str result: pass or fail
        :param str conclusion: the verdict in words
        """
        self.ensure_one()
        # Everything pending goes out before the rows become final.
        self.line_ids.flush_recordset()
        self.flush_recordset()
        self.line_ids.write({"is_locked": True})
        self.write(
            {
                "state": "done",
                "result": result,
                "conclusion": conclusion.strip(),
                "inspector_id": self.env.uid,
                "started_at": self.started_at or fields.Datetime.now(),
                "finished_at": fields.Datetime.now(),
            }
        )

    # === AFTER THE SIGNATURE === #

    def _action_post_self(self):
        """Passed: the job is self-checked. Failed: the work goes on."""
        if self.result == "pass":
            self.job_id._update_state("self_checked")

    def _action_post_peer(self):
        """Passed: the job is peer-checked. Failed: it is done again."""
        if self.result == "pass":
            self.job_id._update_state("peer_checked")
        else:
            self.job_id._update_state("rework")
            self.env["dealer.rework"]._open_for_check(self, self.job_id)

    def _action_post_final(self):
        """Passed: every job is done. Failed: named jobs and visit go back to work."""
        jobs = self.order_id._get_approved_work()
        if self.result == "pass":
            checked = jobs.filtered(lambda job: job.state == "peer_checked")
            checked._update_state("done")
            self.env["dealer.certificate"]._issue_for_check(self)
            return
        failed = self.line_ids.filtered(lambda line: line.result == "fail")
        if all(line.job_id for line in failed):
            jobs = failed.job_id
        sent_back = jobs.filtered(lambda job: job.state in CHECKED_STATES)
        sent_back._update_state("rework")
        self.env["dealer.rework"]._open_for_check(self, sent_back)
        self.order_id._update_state("reopen_work")
