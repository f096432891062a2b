from odoo.fields import Command

from .common import ROLES, VINS, DealerServiceCommon


class DealerTwoStoresCommon(DealerServiceCommon):
    """A second store with its own currency, chart of accounts, warehouse and staff."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        hkd = cls.env.ref("base.HKD")
        hkd.active = True
        cls.company_b = cls.env["res.company"].create(
            {"name": "东城店", "currency_id": hkd.id}
        )
        cls.env.user.company_ids += cls.company_b
        cls.env["account.chart.template"].try_loading(
            "generic_coa", company=cls.company_b, install_demo=False
        )
        cls.company_b.currency_id = hkd
        cls.roles_b = {
            role: cls._create_role(role, group, cls.company_b)
            for role, group in ROLES.items()
        }
        cls.advisor_b = cls.roles_b["advisor"]
        cls.employee_b = cls._employ(cls.roles_b["technician"])
        cls.bay_b = cls.env["dealer.bay"].create(
            {"name": "B1", "code": "B1", "company_id": cls.company_b.id}
        )
        cls.warehouse_b = cls.env["stock.warehouse"].search(
            [("company_id", "=", cls.company_b.id)], limit=1
        )
        cls.bank_journal_b = cls.env["account.journal"].search(
            [("type", "=", "bank"), ("company_id", "=", cls.company_b.id)], limit=1
        )

    @classmethod
    def _create_repair_order_b(cls, **values):
        """Open a visit in the second store, by its own advisor."""
        vals = {
            "vehicle_id": cls._create_vehicle(VINS[2], "粤BD12345").id,
            "partner_id": cls.owner.id,
            "company_id": cls.company_b.id,
            "job_ids": [Command.create(cls._prepare_job_vals())],
            **values,
        }
        return cls.env["dealer.repair.order"].with_user(cls.advisor_b).create(vals)
