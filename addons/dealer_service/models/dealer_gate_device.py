import hashlib
import secrets
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from .qr import draw_qr_html

CODE_HOURS = 24
# So that a phone in use does not write at each scan.
SEEN_EVERY = timedelta(minutes=10)


def digest(secret):
    """Return what is stored of a secret."""
    return hashlib.sha256(secret.encode()).hexdigest()


class DealerGateDevice(models.Model):
    """A phone at the gate that reads release notes without a login.

    The manager makes it known: the phone opens a link once, within a day, and keeps
    a secret of its own, of which only the digest is stored. It sees go or stop for
    the cars of its store and stamps that they left; nothing else. Archiving the
    record shuts the phone out at once.
    """

    _name = "dealer.gate.device"
    _description = "Gate phone"
    _order = "company_id, name"
    _check_company_auto = True
    _is_guarded_on_create = True

    name = fields.Char(required=True, help="What the phone is called, e.g. East gate.")
    company_id = fields.Many2one(
        "res.company",
        string="Store",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    active = fields.Boolean(default=True)
    lang = fields.Selection(
        lambda self: self.env["res.lang"].get_installed(),
        string="Language",
        required=True,
        default=lambda self: self.env.lang or "en_US",
    )
    code = fields.Char(
        copy=False, readonly=True, groups="dealer_service.group_dealer_store_manager"
    )
    code_until = fields.Datetime(string="Link valid until", copy=False, readonly=True)
    link = fields.Char(
        string="Link to open on the phone",
        compute="_compute_link",
        groups="dealer_service.group_dealer_store_manager",
    )
    qr_image = fields.Html(
        string="Code to scan with the phone",
        compute="_compute_link",
        sanitize=False,
        groups="dealer_service.group_dealer_store_manager",
    )
    secret_digest = fields.Char(copy=False, readonly=True, groups="base.group_system")
    paired_at = fields.Datetime(string="Paired on", copy=False, readonly=True)
    seen_at = fields.Datetime(string="Last seen", copy=False, readonly=True)

    _code_uniq = models.UniqueIndex("(code) WHERE code IS NOT NULL")
    _secret_uniq = models.UniqueIndex("(secret_digest) WHERE secret_digest IS NOT NULL")

    @api.depends("code")
    def _compute_link(self):
        """Show the link while it may be opened."""
        for device in self:
            device.link = device.qr_image = False
            if device.code:
                url = f"{device.get_base_url()}/dealer/gate/pair/{device.code}"
                device.link = url
                device.qr_image = draw_qr_html(url)

    def action_invite(self):
        """Make a link that one phone may open once; the former phone is shut out."""
        self.check_access("write")
        for device in self:
            # The secret is the system's; no manager reads it.
            device_sudo = device.sudo()
            device_sudo.write(
                {
                    "code": secrets.token_urlsafe(24),
                    "code_until": fields.Datetime.now() + timedelta(hours=CODE_HOURS),
                    "secret_digest": False,
                    "paired_at": False,
                }
            )
        return True

    @api.model
    def _pair(self, code):
        """Exchange a link's code for the phone's own secret.

        Elevated: the caller has shown no login.

        :raises UserError: if the code is unknown, used or too old
        :return: the device and its secret
        :rtype: tuple
        """
        device_sudo = self.sudo().search([("code", "=", code)], limit=1)
        if device_sudo:
            device_sudo.lock_for_update()
        if not device_sudo.code or device_sudo.code_until < fields.Datetime.now():
            raise UserError(
                self.env._(
                    "This link was used or is too old. Ask the manager for a new one."
                )
            )
        secret = secrets.token_urlsafe(32)
        device_sudo.write(
            {
                "code": False,
                "code_until": False,
                "secret_digest": digest(secret),
                "paired_at": fields.Datetime.now(),
                "seen_at": fields.Datetime.now(),
            }
        )
        return device_sudo, secret

    @api.model
    def _find_by_secret(self, secret):
        """Return the active device that holds a secret, elevated, or none.

        Found by digest: the time that takes tells nothing about a secret.
        """
        if not secret:
            return self.sudo().browse()
        return self.sudo().search([("secret_digest", "=", digest(secret))], limit=1)

    def _note_seen(self):
        """Remember that the phone is in use."""
        self.ensure_one()
        now = fields.Datetime.now()
        if not self.seen_at or self.seen_at < now - SEEN_EVERY:
            self.seen_at = now

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        """Keep who let cars out."""
        raise UserError(self.env._("Archive the gate phone instead of deleting it."))
