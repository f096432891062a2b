from odoo import models

from ..const import TO_RESUME
from ..utils import as_step


class DealerRepairJob(models.Model):
    """A running job stops when its parts turn out missing, and comes back (F10).

    - Its clocks stop with the reason "parts" and the job pauses; a technician who can
      do something meanwhile starts the clock again, and is not stopped twice.
    - When the parts are here the job is "to be done" again by itself. No clock starts
      by itself: who works says so.
    """

    _inherit = "dealer.repair.job"

    def _pause_for_parts(self):
        """Pause the jobs that are worked on, or that were to be gone on with."""
        # Whoever finds the shelf empty writes neither clocks nor jobs.
        for job_sudo in self.sudo():
            if job_sudo.state == "in_progress":
                job_sudo.work_log_ids._stop_clock("parts")
                job_sudo._update_state("paused", {"pause_reason": "parts"})
            elif job_sudo.pause_reason == TO_RESUME:
                job_sudo._set_pause_reason("parts")

    def _resume_after_parts(self):
        """Put the jobs that wait for parts back to what is to be done."""
        # Whoever unloads the truck writes no jobs.
        waiting_sudo = self.sudo().filtered(
            lambda job: job.state == "paused" and job.pause_reason == "parts"
        )
        waiting_sudo._set_pause_reason(TO_RESUME)

    def _set_pause_reason(self, reason):
        """Say what paused jobs wait for.

        :param str reason: key of `JOB_PAUSES`
        """
        as_step(self).write({"pause_reason": reason})
