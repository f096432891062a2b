from odoo import models

from ..const import EVENTS


class DealerRepairOrder(models.Model):
    """One seam for "something happened that somebody should know" (C8, C7)."""

    _inherit = "dealer.repair.order"

    def _raise_event(self, code, body=None, **values):
        """Tell what happened on these visits: on the visit and to its advisor.

        An event that is nobody's business but the record's (`const.EVENTS`) is not
        posted unless it has words of its own.

        :param str code: a key of `const.EVENTS`, or one of a bridge
        :param str body: what to say; the event's own words by default
        :param values: facts for the hook, e.g. ``job=job``, ``reason="parts"``
        """
        is_posted = body or EVENTS.get(code, True)
        for order in self if is_posted else ():
            order._post_event(code, body)
        self._action_post_event(code, values)

    def _post_event(self, code, body):
        """Post an event on a visit, and put it into the advisor's inbox."""
        self.ensure_one()
        # Workshop roles tell what they may not write themselves.
        order_sudo = self.sudo().with_context(lang=self.sudo().advisor_id.lang)
        order_sudo.message_post(
            body=body or order_sudo._get_event_words(code),
            partner_ids=order_sudo.advisor_id.partner_id.ids,
            subtype_xmlid="mail.mt_note",
        )

    def _action_post_event(self, code, values):
        """Do more about an event. Bridges send messages from here.

        :param str code: a key of `const.EVENTS`
        :param dict values: what `_raise_event` was given
        """

    def _get_event_words(self, code):
        """Return what an event says by itself."""
        words = {
            "progress_due": self.env._("Time to ask how far the work is."),
            "delay_risk": self.env._("The promised time is at risk."),
            "promise_changed": self.env._("The promised time was changed."),
            "parts_missing": self.env._("Parts are missing."),
            "parts_arrived": self.env._("The parts have arrived."),
            "job_started": self.env._("Work has started."),
            "job_paused": self.env._("Work is paused."),
            "job_finished": self.env._("Work is finished."),
            "job_pulled_forward": self.env._("Work starts earlier than planned."),
            "objection": self.env._("A technician has reported something."),
            "clock_stopped": self.env._("A clock left running was stopped."),
        }
        return words.get(code, code)
