from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..utils import as_step


class DealerComplianceEndpoint(models.Model):
    """Where a store's electronic repair records go (section 6).

    One per store. An adapter is a kind and a method ``_deliver_<kind>(record)`` that
    returns ``{"status": "sent" | "refused" | "later", "message": str}``: refused for
    good, or later when it may pass. Without an endpoint a store writes files.
    Credentials are read by administrators only.
    """

    _name = "dealer.compliance.endpoint"
    _description = "Receiver of electronic repair records"
    _rec_name = "company_id"
    _check_company_auto = True
    _is_guarded_on_create = True

    company_id = fields.Many2one(
        "res.company",
        string="Store",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    active = fields.Boolean(default=True)
    kind = fields.Selection(
        [("file", "JSON files"), ("http", "Provincial platform (HTTP)")],
        string="Adapter",
        required=True,
        default="file",
    )
    token_url = fields.Char(
        string="Address for the token", help="Where company code and password go."
    )
    url = fields.Char(string="Address for records")
    company_code = fields.Char(
        string="Company code", groups="base.group_system", copy=False
    )
    password = fields.Char(groups="base.group_system", copy=False)
    access_token = fields.Char(groups="base.group_system", copy=False, readonly=True)
    token_until = fields.Datetime(
        string="Token valid until",
        groups="base.group_system",
        copy=False,
        readonly=True,
    )
    token_minutes = fields.Integer(
        string="Tokens live for (minutes)", default=30, required=True
    )
    timeout = fields.Integer(string="Timeout (s)", default=15, required=True)
    ok_code = fields.Char(
        string="Code: accepted",
        default="1",
        required=True,
        help="As the platform says.",
    )
    duplicate_code = fields.Char(
        string="Code: known already",
        default="2",
        help="The platform has this list number: the record counts as sent.",
    )
    token_code = fields.Char(
        string="Code: token expired",
        default="-1",
        help="A new token is fetched and the record sent once more.",
    )

    _company_uniq = models.Constraint(
        "UNIQUE (company_id)",
        lambda env, _diag: env._("This store has its receiver already."),
    )
    _timeout_range = models.Constraint(
        "CHECK (timeout BETWEEN 1 AND 120)",
        lambda env, _diag: env._("Timeout: enter 1 to 120 seconds."),
    )
    _token_minutes_positive = models.Constraint(
        "CHECK (token_minutes > 0)",
        lambda env, _diag: env._("Tokens live for: enter more than zero minutes."),
    )

    @api.constrains("kind", "url", "token_url", "active")
    def _check_addresses(self):
        """Ask for web addresses where records leave the house."""
        for endpoint in self.filtered(lambda item: item.kind == "http"):
            for address in (endpoint.url, endpoint.token_url):
                if not (address or "").startswith(("http://", "https://")):
                    raise ValidationError(
                        endpoint.env._(
                            "Address: enter both addresses of the platform, beginning "
                            "with https://."
                        )
                    )

    @api.model
    def _get_for(self, company):
        """Return the receiver of a store; a new one that writes files by default."""
        return self.search([("company_id", "=", company.id)], limit=1) or self.new(
            {"company_id": company.id, "kind": "file"}
        )

    def _deliver(self, record):
        """Hand a record to the adapter of this endpoint.

        :rtype: dict
        """
        self.ensure_one()
        return getattr(self, f"_deliver_{self.kind}")(record)

    def _deliver_file(self, record):
        """Write the record as a JSON file beside it."""
        name = record._get_file_name()
        # Readers of the record read its file; no role writes it.
        attachment_sudo = self.env["ir.attachment"].sudo()
        attachment_sudo.create(
            {
                "name": name,
                "raw": (record.payload or "").encode(),
                "mimetype": "application/json",
                "res_model": record._name,
                "res_id": record.id,
            }
        )
        return {"status": "sent", "message": name}

    def _keep_token(self, token):
        """Remember a token until shortly before it ends."""
        lifetime = timedelta(minutes=self.token_minutes) - timedelta(seconds=30)
        as_step(self).write(
            {
                "access_token": token,
                "token_until": token and fields.Datetime.now() + lifetime,
            }
        )
