from odoo import models


class ResPartner(models.Model):
    """Numbers of private customers are masked for who does not call them."""

    _name = "res.partner"
    _inherit = ["res.partner", "dealer.personal.data.mixin"]

    _masked_phone_fields = ("phone", "phone_sanitized")
    _masked_search_fields = ("phone_mobile_search",)

    def _get_phones_masked(self):
        """Override to leave colleagues, companies and suppliers reachable."""
        # Whose number it is decides, not what else the reader may see of him.
        partners_sudo = self.sudo()
        own = self.env.user.partner_id
        masked_sudo = partners_sudo.filtered(
            lambda partner: (
                partner.partner_share
                and not partner.is_company
                and not partner.commercial_partner_id.supplier_rank
                and partner != own
            )
        )
        return masked_sudo.sudo(False)
