from datetime import timedelta

from odoo import fields

from odoo.addons.dealer_service.tests.common import DealerServiceCommon


class DealerFollowupCommon(DealerServiceCommon):
    """A delivered visit and its follow-up, in a store on Shanghai time."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.resource_calendar_id.tz = "Asia/Shanghai"
        cls.order = cls._bring_to("delivered")
        cls.followup = cls._get_followup(cls.order)
        cls.as_clerk = cls.followup.with_user(cls.followup_clerk)

    @classmethod
    def _get_followup(cls, order):
        """Return the follow-up of a visit, as the system sees it."""
        return cls.env["dealer.followup"].search([("order_id", "=", order.id)])

    @classmethod
    def _plan_followup(cls):
        """Plan the follow-up of another visit without driving it to the gate."""
        order = cls._create_repair_order()
        followup = cls.env["dealer.followup"]._plan_for_orders(order.with_env(cls.env))
        order.action_leave("Frees the car for the next visit of the test")
        return followup

    def _days_after_window(self, days):
        """Return a moment of the working day so many days after the window."""
        day = self.followup.date_until + timedelta(days=days)
        return fields.Datetime.to_datetime(day) + timedelta(hours=2)

    def _run_escalation(self):
        """Run the daily job the way the scheduler does."""
        with self.enter_registry_test_mode():
            self.env.ref(
                "dealer_crm_followup.ir_cron_dealer_followup_escalate"
            ).method_direct_trigger()
        self.env.invalidate_all()
