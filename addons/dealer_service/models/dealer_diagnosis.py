from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..utils import as_step
from .dealer_diagnosis_test import normalize_code


class DealerDiagnosis(models.Model):
    """The diagnosis sheet of a visit (C2, F04).

    Filled by a technician test by test, explained to the customer. Once the customer
    has acknowledged it, it is closed; what turns up later is an add-on job.
    """

    _name = "dealer.diagnosis"
    _description = "Diagnosis sheet"
    _inherit = ["dealer.signed.mixin"]
    _rec_name = "symptom"
    _signed_on = "acknowledged_on"
    _signed_company = "diagnosis_company_id"
    _signed_photos = ("test_ids.photo_ids",)

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
    visit_name = fields.Char(string="Visit", compute="_compute_concern")
    test_ids = fields.One2many(
        "dealer.diagnosis.test",
        "diagnosis_id",
        string="Tests",
        help="Trouble codes, readings with their limits, and what was looked at.",
    )
    tests = fields.Text(
        string="Tests and readings", help="In words, beside the tests one by one."
    )
    trouble_codes = fields.Char(
        string="Trouble codes",
        compute="_compute_trouble_codes",
        store=True,
        readonly=False,
        help="E.g. P0301, C1234. Taken from the tests where they hold codes.",
    )
    test_summary = fields.Char(string="Tests done", compute="_compute_test_summary")
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
    explained_by_id = fields.Many2one(
        "res.users", string="Explained by", copy=False, readonly=True
    )
    can_explain = fields.Boolean(compute="_compute_can_explain")

    # === COMPUTE METHODS === #

    @api.depends("order_ids.concern", "order_ids.display_name")
    def _compute_concern(self):
        """Show what the customer said beside what was found."""
        for sheet in self:
            order = sheet.order_ids[:1]
            sheet.concern = order.concern
            sheet.visit_name = order.display_name

    @api.depends("test_ids.code", "test_ids.kind")
    def _compute_trouble_codes(self):
        """List the codes that the tests found; what was typed stays without any."""
        for sheet in self:
            codes = sheet.test_ids.filtered(lambda test: test.kind == "code")
            if codes:
                # On the screen a code is still as it was typed.
                found = [normalize_code(code) for code in codes.mapped("code") if code]
                sheet.trouble_codes = ", ".join(dict.fromkeys(found))
            else:
                sheet.trouble_codes = sheet.trouble_codes

    @api.depends("test_ids.result")
    def _compute_test_summary(self):
        """Count the tests, and those that are not in order."""
        for sheet in self:
            bad = sheet.test_ids.filtered(lambda test: test.result == "out")
            sheet.test_summary = sheet.test_ids and sheet.env._(
                "%(bad)s of %(count)s not in order",
                bad=len(bad),
                count=len(sheet.test_ids),
            )

    @api.depends("findings", "cause", "acknowledged_on", "order_ids.state")
    @api.depends_context("uid")
    def _compute_can_explain(self):
        """Show the button to reception once there is something to explain."""
        is_advisor = self.env.su or self.env.user.has_group(
            "dealer_service.group_dealer_advisor"
        )
        for sheet in self:
            sheet.can_explain = bool(
                is_advisor
                and sheet.findings
                and sheet.cause
                and not sheet.acknowledged_on
                and sheet.order_ids[:1].state not in ("left", "cancelled")
            )

    # === CONSTRAINTS === #

    @api.constrains("technician_id")
    def _check_technician(self):
        """Accept only people of the visit's store."""
        for sheet in self:
            sheet._ensure_of_store(sheet.technician_id)

    def _ensure_of_store(self, employee):
        """Refuse somebody who works elsewhere.

        :raises ValidationError: naming person and store
        """
        # Technicians read the public profile of their colleagues only.
        store_sudo = employee.sudo().company_id
        if store_sudo and store_sudo != self.diagnosis_company_id:
            raise ValidationError(
                self.env._(
                    "Diagnosed by: %(name)s does not work in %(store)s.",
                    name=employee.sudo().name,
                    store=self.diagnosis_company_id.name,
                )
            )

    # === CRUD METHODS === #

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

    def _ensure_time_not_written(self, vals_list):
        """Override of `dealer.signed.mixin`: nor is who explained made up."""
        if any("explained_by_id" in vals for vals in vals_list):
            order_model = self.env["dealer.repair.order"]
            raise UserError(order_model._guarded_message({"explained_by_id"}))
        return super()._ensure_time_not_written(vals_list)

    def _note_technician(self):
        """Note who tests first as the one who diagnoses; reception only notes."""
        employee = self.env.user.employee_id
        is_technician = self.env.user.has_group(
            "dealer_service.group_dealer_technician"
        )
        unsigned = self.filtered(lambda sheet: not sheet.technician_id)
        if unsigned and employee and is_technician:
            unsigned.write({"technician_id": employee.id})

    # === ACTIONS === #

    def action_explain(self):
        """Ask to whom the diagnosis was explained."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "dealer_service.dealer_diagnosis_explain_action"
        )
        action["context"] = {"default_order_id": self.order_ids.id}
        return action

    # === BUSINESS METHODS === #

    def _sign_sheet(self, vals):
        """Close these sheets for good, with the caller's rights.

        :param dict vals: who was told, by whom, and when
        """
        as_step(self).write(vals)

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
