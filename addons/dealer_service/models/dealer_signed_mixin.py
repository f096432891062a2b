from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..const import ENDED_ORDER_STATES
from ..utils import VISIT, drop_defaults, is_step


class DealerSignedMixin(models.AbstractModel):
    """A sheet of a visit, which never changes once somebody has signed it.

    - It is born with its visit and stays in the visit's store.
    - The time of the signature is set by the step that closes the sheet, never by
      a caller: nobody dates a signature back.
    - From then on no field changes but those named in ``_signed_open``, which have
      guards of their own. A trigger in PostgreSQL keeps every value that was
      signed against all other ways in, and neither drawing nor photo of a signed
      sheet can be exchanged (`ir.attachment`).
    """

    _name = "dealer.signed.mixin"
    _description = "Signed sheet"

    # Name of the field with the time of the signature, and of the sheet's store.
    _signed_on = None
    _signed_company = None
    # Fields that change afterwards, guarded elsewhere.
    _signed_open = frozenset({"order_ids"})
    # States of the visit from which on nothing is added, signed or not.
    _signed_ended = frozenset(ENDED_ORDER_STATES)
    # Many2many fields of photos that belong to what was signed.
    _signed_photos = ()

    def init(self):
        """Install the trigger that keeps what was signed.

        A column that an upgrade adds may still be filled: only what had a value
        is compared.
        """
        super().init()
        if self._abstract or not self._auto:
            return
        self.env.cr.execute(
            SQL(
                """
                CREATE OR REPLACE FUNCTION dealer_signed_sheet() RETURNS trigger AS $$
                BEGIN
                    IF TG_OP = 'UPDATE' AND to_jsonb(NEW) @> (jsonb_strip_nulls(
                        to_jsonb(OLD)) - '{write_date,write_uid}'::text[])
                    THEN
                        RETURN NEW;
                    END IF;
                    RAISE EXCEPTION 'signed rows of %% are never changed or deleted',
                        TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
                END $$ LANGUAGE plpgsql
                """
            )
        )
        trigger = SQL.identifier(f"{self._table}_signed")
        self.env.cr.execute(
            SQL(
                """
                DROP TRIGGER IF EXISTS %(trigger)s ON %(table)s;
                CREATE TRIGGER %(trigger)s BEFORE UPDATE OR DELETE ON %(table)s
                FOR EACH ROW WHEN (%(signed_on)s IS NOT NULL)
                EXECUTE FUNCTION dealer_signed_sheet()
                """,
                trigger=trigger,
                table=SQL.identifier(self._table),
                signed_on=SQL.identifier("old", self._signed_on),
            )
        )

    @api.model_create_multi
    def create(self, vals_list):
        """Create sheets with their visit only, unsigned.

        :raises UserError: if the sheet belongs to no visit, or comes signed
        """
        if self.env.context.get("dealer_visit") is not VISIT:
            raise UserError(
                self.env._(
                    "%(sheet)s: it is created with its repair order. Open a repair "
                    "order instead.",
                    sheet=self.env["ir.model"]._get(self._name).name,
                )
            )
        self._ensure_time_not_written(vals_list)
        unsigned = drop_defaults(self, {self._signed_on})
        return super(DealerSignedMixin, unsigned).create(vals_list)

    def write(self, vals):
        """Keep a signed sheet as it is, and each sheet in its visit's store.

        :raises UserError: if the sheet is signed, or a guarded field was given
        """
        order_model = self.env["dealer.repair.order"]
        if self._signed_company in vals:
            # The store is the visit's; another one would see the sheet.
            raise UserError(order_model._guarded_message({self._signed_company}))
        if not is_step(self):
            self._ensure_time_not_written([vals])
        if set(vals) - self._signed_open:
            if signed := self._filtered_signed():
                raise UserError(signed[0]._signed_message())
            self._ensure_visit_open()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_signed(self):
        """Keep signed sheets."""
        if signed := self._filtered_signed():
            raise UserError(signed[0]._signed_message())

    def _ensure_time_not_written(self, vals_list):
        """Refuse a time of signature that a caller made up."""
        if any(self._signed_on in vals for vals in vals_list):
            order_model = self.env["dealer.repair.order"]
            raise UserError(order_model._guarded_message({self._signed_on}))

    def _filtered_signed(self):
        """Return those of these sheets that are signed."""
        return self.filtered(self._signed_on)

    def _ensure_unsigned(self):
        """Refuse to change what belongs to a signed sheet.

        :raises UserError: naming who signed, or the visit that has ended
        """
        if signed := self._filtered_signed():
            raise UserError(signed[0]._signed_message())
        self._ensure_visit_open()

    def _ensure_visit_open(self):
        """Refuse to fill a sheet after its visit has ended.

        :raises UserError: naming the visit
        """
        # Whoever fills the sheet, the visit's state is what counts.
        orders_sudo = self.sudo().order_ids
        ended = orders_sudo.filtered(lambda order: order.state in self._signed_ended)
        if ended and not self.env.su:
            raise UserError(
                self.env._(
                    "%(order)s has ended; its sheets stay as they are. Write a note "
                    "instead.",
                    order=ended[0].name,
                )
            )

    def _signed_message(self):
        """Say that the sheet is closed, and what to do instead. To be overridden."""
        return self.env._("The sheet is signed and can no longer be changed.")
