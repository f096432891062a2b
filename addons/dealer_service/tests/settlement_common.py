from contextlib import contextmanager

from odoo import fields
from odoo.exceptions import UserError
from odoo.fields import Command

from .two_stores_common import DealerTwoStoresCommon


class DealerSettlementCommon(DealerTwoStoresCommon):
    """Visits at the settlement desk, a gate keeper, and what their tests share."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.gate_keeper = cls._create_role(
            "gate_keeper", "dealer_service.group_dealer_gate", cls.company
        )
        cls.maker = cls.env["res.partner"].create({"name": "上汽大众"})
        cls.bank_journal = cls.env["account.journal"].search(
            [("type", "=", "bank"), ("company_id", "=", cls.company.id)], limit=1
        )
        cls.today = fields.Date.today()
        cls.cars = 0

    @classmethod
    def _create_car(cls):
        """Return a car of its own, for a second visit."""
        cls.cars += 1
        return cls._create_vehicle(
            f"LSVNU2180N20888{cls.cars:02d}", f"京B888{cls.cars:02d}"
        )

    @classmethod
    def _prepare_fee_job(cls, payer="customer", partner=None, **values):
        """Return a job of one fee that a payer bears."""
        partners = {"insurance": cls.insurer, "warranty": cls.maker}
        partner = partner or partners.get(payer, cls.env["res.partner"])
        return cls._prepare_job_vals(
            name=payer,
            payer=payer,
            payer_partner_id=partner.id,
            line_ids=[Command.create({"product_id": cls.fee.id})],
            **values,
        )

    @classmethod
    def _make_ready(cls, *payers, **values):
        """Return a visit that waits for settlement, as the clerk."""
        if payers:
            values["job_ids"] = [
                Command.create(cls._prepare_fee_job(payer)) for payer in payers
            ]
        values.setdefault("vehicle_id", cls._create_car().id)
        order = cls._bring_to("ready", **values)
        return order.with_user(cls.settlement_clerk)

    @contextmanager
    def assertRefused(self, pattern):
        """Expect one sentence, and that nothing of the attempt remains."""
        with self.assertRaisesRegex(UserError, pattern), self.env.cr.savepoint():
            yield
