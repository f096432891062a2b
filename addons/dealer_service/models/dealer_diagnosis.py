from odoo import api, fields, models


class DealerDiagnosis(models.Model):
    """The diagnosis sheet of a visit (C2, F04).

    Filled by a technician, explained to the customer. Once the customer has
    acknowledged it, it is closed; what turns up later is an add-on job.
    """

    _name = "dealer.diagnosis"
    _description = "Diagnosis sheet"
    _inherit = ["dealer.signed.mixin"]
    _rec_name = "symptom"
    _signed_on = "acknowledged_on"
    _signed_company = "diagnosis_company_id"

    order_ids = fields.One2many("dealer.repair.order", "diagnosis_id")
    diagnosis_company_id = fields.Many2one(
        "res.company",
        string="Store of the diagnosis sheet",
        index=True,
        default=lambda self: self.env.company,
        help="The store of the visit; kept here for the access rule.",
    )
    concern = fields.Text(string="Customer's words", compute="_compute_concern")
    symptom = fields.Text(help="What can be seen, heard or measured.")
    tests = fields.Text(string="Tests and readings")
    trouble_codes = fields.Char(string="Trouble codes", help="E.g. P0301, C1234.")
    findings = fields.Text(string="Test result")
    cause = fields.Text()
    advice = fields.Text()
    urgency = fields.Selection(
        [("routine", "Routine"), ("soon", "Soon"), ("safety", "Safety: do not drive")],
        default="routine",
    )
    technician_id = fields.Many2one("hr.employee", string="Diagnosed by")
    diagnosed_on = fields.Datetime(string="Diagnosed on")
    acknowledged_by = fields.Char(string="Explained to", copy=False)
    acknowledged_on = fields.Datetime(string="Explained on", copy=False, readonly=True)

    @api.depends("order_ids.concern")
    def _compute_concern(self):
        """Show what the customer said beside what was found."""
        for sheet in self:
            sheet.concern = sheet.order_ids[:1].concern

    def write(self, vals):
        """Note who diagnosed and when; only an advisor notes who was told."""
        if {"acknowledged_by", "acknowledged_on"} & set(vals):
            order_model = self.env["dealer.repair.order"]
            order_model._ensure_role(("dealer_service.group_dealer_advisor",))
        if {"findings", "cause"} & set(vals):
            vals.setdefault("diagnosed_on", fields.Datetime.now())
            if not vals.get("technician_id") and self.env.user.employee_id:
                unsigned = self.filtered(lambda sheet: not sheet.technician_id)
                if unsigned == self:
                    vals["technician_id"] = self.env.user.employee_id.id
        return super().write(vals)

    def _signed_message(self):
        """Say that the sheet was explained, and where later findings belong."""
        return self.env._(
            "The diagnosis was explained to %(name)s and is closed. "
            "Raise an add-on for what was found later.",
            name=self.acknowledged_by,
        )

    def _get_missing_diagnosis(self):
        """Return what the sheet still needs before an offer may go out (C2, C4).

        :rtype: list of sentences
        """
        self.ensure_one()
        checks = [
            (self.findings, self.env._("Test result: write down what was found.")),
            (self.cause, self.env._("Cause: write it down.")),
        ]
        return [sentence for fulfilled, sentence in checks if not fulfilled]
