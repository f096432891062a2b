from odoo import api, fields, models


class ResPartner(models.Model):
    """What a customer owes the workshop, and how much he may."""

    _inherit = "res.partner"

    dealer_credit_limit = fields.Float(
        string="Credit limit of the workshop",
        compute="_compute_dealer_credit_limit",
        inverse="_inverse_dealer_credit_limit",
        groups="dealer_service.group_dealer_supervisor",
        help="Odoo's credit limit of this customer in this store; 0: none of its own.",
    )

    @api.depends_context("company")
    @api.depends("credit_limit")
    def _compute_dealer_credit_limit(self):
        """Read the limit for supervisors, who have no accounting rights."""
        for partner in self:
            partner_sudo = partner.sudo()
            partner.dealer_credit_limit = partner_sudo.credit_limit

    def _inverse_dealer_credit_limit(self):
        """Let store managers set it."""
        self.env["dealer.repair.order"]._ensure_role(
            ("dealer_service.group_dealer_store_manager",)
        )
        for partner in self:
            partner_sudo = partner.sudo()
            partner_sudo.credit_limit = partner.dealer_credit_limit

    def action_open_dealer_statement(self):
        """Open what the customer owes, by visit and age."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "dealer_service.dealer_arrears_report_action"
        )
        action["domain"] = [
            ("partner_id", "=", self.commercial_partner_id.id),
        ]
        action["display_name"] = self.env._("Statement of %s", self.name)
        return action

    def _get_dealer_statement(self):
        """Return a customer's statement in this company: open items and their sums.

        :return: ``items`` (number, visit, plate, dates, amounts), ``by_age``, ``total``
        :rtype: dict
        """
        self.ensure_one()
        rows = self.env["dealer.arrears.report"].search(
            [
                ("partner_id", "=", self.commercial_partner_id.id),
                ("company_id", "=", self.env.company.id),
            ]
        )
        by_age = {key: 0.0 for key, _label in rows._fields["age"].selection}
        for row in rows:
            by_age[row.age] += row.amount_due
        return {
            "partner": self.name,
            "currency": self.env.company.currency_id,
            "items": [
                {
                    "invoice": row.invoice_number,
                    "visit": row.order_id.name,
                    "plate": row.license_plate,
                    "date": row.invoice_date,
                    "due_date": row.due_date,
                    "days_overdue": row.days_overdue,
                    "amount": row.amount_total,
                    "due": row.amount_due,
                }
                for row in rows
            ],
            "by_age": by_age,
            "total": sum(by_age.values()),
        }
