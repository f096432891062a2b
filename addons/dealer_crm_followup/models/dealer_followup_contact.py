from odoo import fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.dealer_service.utils import as_step

from ..const import CHANNELS, OUTCOME_STATES, OUTCOMES, SATISFACTION

# What a caller may log; everything else is known already.
CONTACT_FIELDS = {
    "advice",
    "call_back_on",
    "channel",
    "events",
    "next_service",
    "note",
    "opinion",
    "outcome",
    "potential_need",
    "satisfaction",
    "use_of_car",
}


class DealerFollowup(models.Model):
    """What happens when a contact is logged (A4, A9, C12)."""

    _inherit = "dealer.followup"

    def action_log_contact(self, values):
        """Log one call or letter for good and move the follow-up by its outcome.

        :param dict values: ``channel`` (``phone``, ``letter``) and ``outcome``
            (``reached``, ``no_answer``, ``call_back``, ``refused``,
            ``wrong_number``), both mandatory; ``call_back_on`` (date, mandatory for
            ``call_back``); ``satisfaction`` (1 to 5); the texts ``use_of_car``,
            ``opinion``, ``advice``, ``next_service``, ``events``, ``note``; and
            ``potential_need``, which is reported to the supervisor as a lead
        :return: the id of the ``dealer.contact.log``
        :rtype: int
        :raises AccessError: for the visit's own advisor and for other roles
        :raises UserError: for an unknown or missing value
        """
        self.ensure_one()
        self.check_access("write")
        if refusal := self._get_log_refusal():
            raise AccessError(refusal)
        values = self._check_contact_values(values)
        # Logs are written here only, so no role may create them.
        log_sudo = self.env["dealer.contact.log"].sudo()
        log_sudo = log_sudo.create(self._prepare_log_vals(values))
        self._apply_outcome(values)
        self._rate_visit(values)
        if values.get("potential_need"):
            self._report_need(values["potential_need"])
        return log_sudo.id

    def _get_log_refusal(self):
        """Return why the current user may not log a contact here, or False."""
        self.ensure_one()
        user = self.env.user
        if not self.env.su and not user.has_group(
            "dealer_service.group_dealer_followup"
        ):
            return self.env._("Only follow-up clerks log contacts.")
        if user == self.order_id.advisor_id:
            return self.env._("The advisor of the visit does not follow it up.")
        return False

    def _check_contact_values(self, values):
        """Return the values of a contact after checking them.

        :param dict values: see ``action_log_contact``
        :raises UserError: naming what is unknown, missing or out of range
        """
        values = dict(values)
        if unknown := values.keys() - CONTACT_FIELDS:
            raise UserError(
                self.env._(
                    "A contact has no %(names)s.", names=", ".join(sorted(unknown))
                )
            )
        if values.get("channel") not in dict(CHANNELS):
            raise UserError(self.env._("Say whether it was a call or a letter."))
        if values.get("outcome") not in dict(OUTCOMES):
            raise UserError(self.env._("Say what came out of the contact."))
        if values.get("satisfaction"):
            values["satisfaction"] = str(values["satisfaction"])
            if values["satisfaction"] not in dict(SATISFACTION):
                raise UserError(self.env._("Satisfaction is a number from 1 to 5."))
            if values["outcome"] != "reached":
                raise UserError(
                    self.env._("Only a customer who was reached rates the visit.")
                )
        if values["outcome"] == "call_back":
            day = fields.Date.to_date(values.get("call_back_on"))
            if not day or day < self._get_today():
                raise UserError(
                    self.env._("Enter the day on which the customer wants the call.")
                )
        else:
            values.pop("call_back_on", None)
        return values

    def _prepare_log_vals(self, values):
        """Return the values of the log: who, when, for whom, and what was said.

        :param dict values: checked values of a contact
        :rtype: dict
        """
        self.ensure_one()
        substituted = self.user_id if self.user_id != self.env.user else False
        return {
            **values,
            "followup_id": self.id,
            "company_id": self.company_id.id,
            "user_id": self.env.uid,
            "acted_for_id": substituted and substituted.id,
            "contacted_at": fields.Datetime.now(),
        }

    def _apply_outcome(self, values):
        """Close the follow-up or note when to call again.

        :param dict values: checked values of a contact
        """
        target = OUTCOME_STATES.get(values["outcome"])
        if target:
            self._update_state(
                target, {"satisfaction": values.get("satisfaction") or False}
            )
        elif values["outcome"] == "call_back" and self.state == "to_call":
            followup_sudo = as_step(self.sudo())
            followup_sudo.call_back_on = values["call_back_on"]
            followup_sudo.activity_reschedule(
                ["mail.mail_activity_data_call"], date_deadline=values["call_back_on"]
            )

    def _rate_visit(self, values):
        """Feed the customer's answer into the ratings, on the advisor's name.

        :param dict values: checked values of a contact
        """
        if not values.get("satisfaction"):
            return
        # Ratings are otherwise given by customers with a token.
        rating_sudo = self.env["rating.rating"].sudo()
        rating_sudo.create(
            {
                "res_model_id": self.env["ir.model"]._get_id(self._name),
                "res_id": self.id,
                "rating": float(values["satisfaction"]),
                "feedback": values.get("opinion"),
                "consumed": True,
                "partner_id": self.partner_id.id,
                "rated_partner_id": self.advisor_id.partner_id.id,
            }
        )

    def _report_need(self, need):
        """Report a need the customer mentioned to the supervisor, as a lead (C12).

        :param str need: what the customer may want
        """
        supervisor = self._get_supervisor(self.company_id)
        # Clerks need no right on the sales pipeline to report a need.
        lead_sudo = self.env["crm.lead"].sudo()
        lead_sudo.create(
            {
                "name": self.env._(
                    "Need mentioned in the follow-up of %(visit)s",
                    visit=self.display_name,
                ),
                "description": need,
                "partner_id": self.partner_id.id,
                "company_id": self.company_id.id,
                "user_id": supervisor.id,
                "type": "lead",
                "dealer_followup_id": self.id,
            }
        )
