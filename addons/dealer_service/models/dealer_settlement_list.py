from odoo import api, fields, models

from ..const import PAYERS


class DealerSettlementList(models.Model):
    """The settlement list of one payer of a visit (結算清單 F13, JT/T 1133-2017).

    It carries the number; what it lists is read from the approved jobs, the invoices
    and the payments whenever it is shown, so that it cannot part from the books.
    Written by the system when the payer is invoiced, or at settlement where the
    store bears the work itself.
    """

    _name = "dealer.settlement.list"
    _description = "Settlement list"
    _order = "id desc"
    _check_company_auto = True

    name = fields.Char(string="Number", required=True, readonly=True, index="trigram")
    order_id = fields.Many2one(
        "dealer.repair.order",
        string="Repair order",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    company_id = fields.Many2one(
        "res.company", string="Store", required=True, readonly=True, index=True
    )
    vehicle_id = fields.Many2one(
        "dealer.vehicle", string="Car", readonly=True, index=True
    )
    license_plate = fields.Char(string="Plate", readonly=True)
    payer = fields.Selection(PAYERS, required=True, readonly=True)
    partner_id = fields.Many2one(
        "res.partner", string="Invoiced to", required=True, readonly=True
    )
    currency_id = fields.Many2one("res.currency", required=True, readonly=True)
    amount_total = fields.Monetary(
        string="Total",
        readonly=True,
        groups="dealer_service.group_dealer_price",
        help="Taxes included, in the currency of the bill.",
    )
    content = fields.Html(
        string="Settlement list",
        compute="_compute_content",
        groups="dealer_service.group_dealer_price",
    )

    _payer_uniq = models.Constraint(
        "UNIQUE (order_id, payer, partner_id)",
        lambda env, _diag: env._("This payer has a settlement list already."),
    )

    @api.depends("order_id", "payer", "partner_id")
    def _compute_content(self):
        """Show the list as it would be printed."""
        for record in self:
            record.content = self.env["ir.qweb"]._render(
                "dealer_service.settlement_list",
                {
                    "data": record.order_id._get_settlement_list(
                        record.payer, record.partner_id
                    )
                },
            )
