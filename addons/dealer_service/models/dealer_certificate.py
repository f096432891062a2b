from odoo import api, fields, models
from odoo.exceptions import UserError

from .. import arguments as arg
from ..utils import as_step, is_step
from .dealer_repair_order_flow import INSPECTOR, SUPERVISOR

CERTIFICATE_CODE = "dealer.certificate"


class DealerCertificate(models.Model):
    """Completion certificate: inspected, qualified (竣工出廠合格證, section 3, F14).

    - Issued by the inspector's signature under a passed final check, where the
      statutory class of a job demands one. Without a valid one the car neither gets
      ready nor leaves.
    - It keeps what it said when it was signed. Nobody changes it: a mistake is
      voided with a reason, and a new one with its own number takes its place.
    - One valid certificate at a time for a visit. Numbers are the store's.
    - Who received it, and when, is on the signed delivery sheet.
    """

    _name = "dealer.certificate"
    _description = "Completion certificate"
    _inherit = ["dealer.write.once.mixin"]
    _order = "issued_at desc, id desc"
    _rec_names_search = ["name", "license_plate", "vin"]
    _check_company_auto = True

    name = fields.Char(string="Number", required=True, readonly=True)
    company_id = fields.Many2one(
        "res.company", string="Store", required=True, readonly=True, index=True
    )
    check_id = fields.Many2one(
        "dealer.quality.check",
        string="Final check",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    order_id = fields.Many2one(
        "dealer.repair.order",
        string="Visit",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    replaces_id = fields.Many2one(
        "dealer.certificate",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    void_ids = fields.One2many("dealer.certificate.void", "certificate_id")
    state = fields.Selection(
        [("valid", "Valid"), ("void", "Void")],
        compute="_compute_state",
        search="_search_state",
    )
    void_reason = fields.Char(string="Void because", compute="_compute_state")
    issued_at = fields.Datetime(
        string="Issued on", required=True, readonly=True, default=fields.Datetime.now
    )
    client_name = fields.Char(string="Client", readonly=True)
    license_plate = fields.Char(string="Plate", readonly=True)
    plate_color = fields.Char(string="Plate colour", readonly=True)
    model_name = fields.Char(string="Model", readonly=True)
    engine_no = fields.Char(string="Engine no.", readonly=True)
    vin = fields.Char(string="VIN", readonly=True)
    category_names = fields.Char(string="Repair category", readonly=True)
    contract_no = fields.Char(string="Contract no.", readonly=True)
    mileage_in = fields.Integer(string="Mileage in (km)", readonly=True)
    mileage_out = fields.Integer(string="Mileage out (km)", readonly=True)
    date_in = fields.Date(string="Came in", readonly=True)
    date_out = fields.Date(string="Completed", readonly=True)
    statement = fields.Text(readonly=True)
    inspector_id = fields.Many2one(
        "res.users", readonly=True, required=True, index=True, ondelete="restrict"
    )
    inspector_name = fields.Char(string="Inspector's name", readonly=True)
    repairer_name = fields.Char(string="Repairer", readonly=True)
    repairer_address = fields.Char(readonly=True)
    repairer_phone = fields.Char(readonly=True)
    repairer_credit_code = fields.Char(string="Credit code", readonly=True)
    received_by = fields.Char(
        string="Car taken over by", related="order_id.delivery_signed_by"
    )
    received_on = fields.Datetime(
        string="Received on", related="order_id.delivery_signed_on"
    )
    can_void = fields.Boolean(compute="_compute_can_void")

    _number_uniq = models.Constraint(
        "UNIQUE (company_id, name)",
        lambda env, _diag: env._("This certificate number is used already."),
    )

    # === COMPUTE METHODS === #

    @api.depends("void_ids.reason")
    def _compute_state(self):
        """A certificate is valid until it is voided."""
        for certificate in self:
            certificate.state = "void" if certificate.void_ids else "valid"
            certificate.void_reason = certificate.void_ids[:1].reason

    def _search_state(self, operator, value):
        """Search by what was voided."""
        if operator != "in":
            return NotImplemented
        wanted = set(value)
        if {"valid", "void"} <= wanted:
            return [(1, "=", 1)]
        if "void" in wanted:
            return [("void_ids", "!=", False)]
        return [("void_ids", "=", False)] if "valid" in wanted else [(0, "=", 1)]

    @api.depends("state", "order_id.state")
    @api.depends_context("uid")
    def _compute_can_void(self):
        """Offer voiding to inspectors and supervisors."""
        allowed = any(self.env.user.has_group(g) for g in (INSPECTOR, SUPERVISOR))
        for certificate in self:
            certificate.can_void = allowed and certificate.state == "valid"

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        """Let the final check issue certificates only.

        :raises UserError: if anything else creates one
        """
        if not is_step(self):
            raise UserError(
                self.env._("A certificate is issued by the final check, not by hand.")
            )
        return super().create(vals_list)

    # === ISSUE === #

    @api.model
    def _issue_for_check(self, check, replaces=None):
        """Issue the certificate of a passed final check, where one is due.

        :param check: a finished `dealer.quality.check`, elevated
        :param replaces: the voided `dealer.certificate` it replaces
        :return: the certificate, or nothing
        """
        if not check.order_id._get_certificate_jobs():
            return self
        # Inspectors issue certificates by their signature alone.
        certificate_sudo = as_step(self.sudo())
        vals = certificate_sudo._prepare_vals(check)
        vals["replaces_id"] = replaces.id if replaces else False
        return certificate_sudo.create(vals)

    @api.model
    def _prepare_vals(self, check):
        """Return what a certificate says, as it is now (section 3).

        :param check: a finished `dealer.quality.check`, elevated
        :rtype: dict
        """
        order, company = check.order_id, check.company_id
        jobs = order._get_certificate_jobs()
        partner = company.partner_id
        return {
            "name": company._next_dealer_number(CERTIFICATE_CODE),
            "company_id": company.id,
            "check_id": check.id,
            "order_id": order.id,
            "client_name": order.partner_id.name,
            "license_plate": order.license_plate,
            "plate_color": order.vehicle_id._get_plate_color(),
            "model_name": order.model_id.display_name,
            "engine_no": order.vehicle_id.engine_no,
            "vin": order.vin,
            "category_names": ", ".join(jobs.category_id.mapped("name")),
            "contract_no": order.name,
            "mileage_in": order.mileage,
            "mileage_out": check._get_last_road_test().end_km or order.mileage,
            "date_in": company._dealer_date(order.arrived_at),
            "date_out": company._dealer_date(check.finished_at),
            "statement": self.env._(
                "The vehicle was repaired under this contract, inspected and found "
                "qualified. It is permitted to leave the workshop."
            ),
            "inspector_id": check.inspector_id.id,
            "inspector_name": check.inspector_id.name,
            "repairer_name": company.name,
            "repairer_address": order._prepare_party(partner)["address"],
            "repairer_phone": partner.phone,
            "repairer_credit_code": partner.vat,
        }

    # === VOID === #

    @arg.typed(reason=arg.text, reissue=arg.flag)
    def void(self, reason, reissue=False):
        """Void a certificate; an inspector may issue another one at once.

        :param str reason: mandatory
        :param bool reissue: issue a new certificate for the same final check
        :raises AccessError: if the user is no inspector (or, to void only, no
            supervisor)
        :raises UserError: if it is void already, the reason is missing, or the car
            was delivered with it
        :return: id of the new certificate, or False
        """
        self.ensure_one()
        order = self.order_id
        order._ensure_role((INSPECTOR,) if reissue else (INSPECTOR, SUPERVISOR))
        self.check_access("read")
        order._lock()
        if not (reason or "").strip():
            raise UserError(self.env._("Reason: say why the certificate is void."))
        if self.state == "void":
            raise UserError(self.env._("%(number)s is void already.", number=self.name))
        if order.state == "delivered" and not reissue:
            raise UserError(
                self.env._(
                    "%(number)s went with the car. Void it together with a new one.",
                    number=self.name,
                )
            )
        # Certificates and their voiding are written by these steps only.
        certificate_sudo = as_step(self.sudo())
        certificate_sudo.env["dealer.certificate.void"].create(
            {"certificate_id": self.id, "reason": reason.strip()}
        )
        if not reissue:
            return False
        return certificate_sudo._issue_for_check(certificate_sudo.check_id, self).id
