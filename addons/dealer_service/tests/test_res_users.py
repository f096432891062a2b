import os
from unittest.mock import patch

from odoo.tests import tagged

from .common import DealerServiceCommon


@tagged("post_install", "-at_install")
class TestResUsers(DealerServiceCommon):
    """Demo logins have a password that the README prints."""

    def _start_in(self, environment):
        """Load the registry's hooks as a server started in ``environment`` does."""
        with patch.dict(os.environ, {"DEALER_ENV": environment}):
            self.env["res.users"]._register_hook()

    def _mark_as_demo(self, user):
        self.env["ir.model.data"].create(
            {
                "module": "dealer_service",
                "name": f"demo_user_test_{user.id}",
                "model": "res.users",
                "res_id": user.id,
            }
        )

    def test_production_refuses_to_start_with_demo_users(self):
        self._mark_as_demo(self.advisor)
        with self.assertRaisesRegex(RuntimeError, self.advisor.login):
            self._start_in("production")

    def test_archived_demo_users_do_no_harm(self):
        self.env["ir.model.data"].search(
            [("module", "=", "dealer_service"), ("name", "=like", "demo\\_user\\_%")]
        ).unlink()
        self._mark_as_demo(self.advisor)
        self.advisor.active = False
        self._start_in("production")

    def test_other_servers_start_with_demo_users(self):
        self._mark_as_demo(self.advisor)
        self._start_in("test")
