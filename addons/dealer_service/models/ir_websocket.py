from odoo import models

from .dealer_workshop_board import STAFF
from .dealer_workshop_notice_mixin import CHANNEL


class IrWebsocket(models.AbstractModel):
    _inherit = "ir.websocket"

    def _build_bus_channel_list(self, channels):
        """Override of `bus` to let staff listen to the workshop of their stores.

        The client asks for ``dealer_workshop_<store id>``.
        """
        prefix = f"{CHANNEL}_"
        asked = {
            channel.removeprefix(prefix)
            for channel in channels
            if isinstance(channel, str) and channel.startswith(prefix)
        }
        others = [
            channel
            for channel in channels
            if not (isinstance(channel, str) and channel.startswith(prefix))
        ]
        if asked and self.env.user.has_group(STAFF):
            others += [
                (company, CHANNEL)
                for company in self.env.user.company_ids
                if str(company.id) in asked
            ]
        return super()._build_bus_channel_list(others)
