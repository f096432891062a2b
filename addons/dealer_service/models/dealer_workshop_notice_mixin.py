import logging
from functools import partial

import psycopg2

from odoo import SUPERUSER_ID, api, models

_logger = logging.getLogger(__name__)

CHANNEL = "dealer_workshop"
NOTICE = "dealer_service/workshop_changed"
# Which stores this transaction has told already.
TOLD = "dealer.workshop.told"


class DealerWorkshopNoticeMixin(models.AbstractModel):
    """Tell the open boards of a store that something on them has changed (R1).

    One notice per store and transaction, however many records change. It is sent
    when the transaction has committed and says nothing but that there is news;
    whoever may look fetches the board again. Only staff of the store can listen,
    see `ir.websocket`.
    """

    _name = "dealer.workshop.notice.mixin"
    _description = "Workshop notices"

    # Fields whose change is news; None: every change.
    _workshop_fields = None

    @api.model_create_multi
    def create(self, vals_list):
        """Extend to tell the boards."""
        records = super().create(vals_list)
        records._notify_workshop()
        return records

    def write(self, vals):
        """Extend to tell the boards when a field they show changes."""
        news = self._workshop_fields is None or self._workshop_fields & vals.keys()
        result = super().write(vals)
        if news:
            self._notify_workshop()
        return result

    def unlink(self):
        """Extend to tell the boards."""
        self._notify_workshop()
        return super().unlink()

    def _notify_workshop(self):
        """Tell the boards of these records' stores when the transaction commits."""
        # The store's number is all that is read here.
        company_ids = self.sudo().company_id.ids
        postcommit = self.env.cr.postcommit
        if TOLD not in postcommit.data:
            postcommit.data[TOLD] = set()
            postcommit.add(partial(_tell, self.env.registry, postcommit.data))
        postcommit.data[TOLD].update(company_ids)


def _tell(registry, data):
    """Send one notice per store, in a transaction of its own."""
    company_ids = data.pop(TOLD)
    try:
        with registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            for company in env["res.company"].browse(company_ids):
                # A record with a name: no client can subscribe to it by itself.
                env["bus.bus"]._sendone(
                    (company, CHANNEL), NOTICE, {"company_id": company.id}
                )
    except psycopg2.Error:
        # What changed is committed; an open board is late, that is all.
        _logger.warning("Boards were not told of a change", exc_info=True)
