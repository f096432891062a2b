import contextlib
import inspect

from odoo.exceptions import UserError
from odoo.service.model import call_kw
from odoo.tests import tagged

from .common import DealerServiceCommon


@tagged("post_install", "-at_install")
class TestDealerPublicMethods(DealerServiceCommon):
    """No public method answers an empty list of ids with a traceback."""

    def _get_public_methods(self, model):
        """Return what a remote caller may call that this addon defines.

        :rtype: dict of functions by name
        """
        found = {}
        for cls in type(model).__mro__:
            if not cls.__module__.startswith("odoo.addons.dealer_service."):
                continue
            for name, member in vars(cls).items():
                if name.startswith("_") or not inspect.isfunction(member):
                    continue
                found.setdefault(name, member)
        return {
            name: function
            for name, function in found.items()
            if not getattr(function, "_api_private", False)
            and name not in ("create", "write", "unlink", "default_get", "copy_data")
        }

    def _call_on_nothing(self, model, name, function):
        """Call a method as a remote caller does, without any id."""
        arguments = list(inspect.signature(function).parameters.values())[1:]
        given = [False for arg in arguments if arg.default is inspect.Parameter.empty]
        is_of_model = getattr(function, "_api_model", False)
        try:
            return call_kw(model, name, given if is_of_model else [[], *given], {})
        except ValueError as error:
            # Odoo's own answer where exactly one record is needed.
            self.assertIn("Expected singleton", str(error))

    def test_an_empty_list_of_ids_is_harmless(self):
        # Everything a person could have, so that no method stops at the role.
        user = self._create_role(
            "all", "dealer_service.group_dealer_group_manager", self.company
        )
        groups = self.env["res.groups"]
        for role in ("advisor", "technician", "dispatcher", "inspector", "settlement"):
            groups |= self.env.ref(f"dealer_service.group_dealer_{role}")
        user.group_ids += groups
        called = 0
        for model_name in ("dealer.repair.order", "dealer.repair.job"):
            model = self.env[model_name].with_user(user)
            for name, function in self._get_public_methods(model).items():
                with self.subTest(model=model_name, method=name):
                    called += 1
                    with contextlib.suppress(UserError), self.cr.savepoint():
                        self._call_on_nothing(model, name, function)
        self.assertGreater(called, 60)

    def test_the_verbs_of_a_visit_take_nothing_for_an_answer(self):
        nothing = self.env["dealer.repair.order"].with_user(self.advisor)
        self.assertTrue(nothing.action_cancel("没有"))
        self.assertTrue(nothing.action_leave("没有"))
        self.assertTrue(nothing.action_offer())
