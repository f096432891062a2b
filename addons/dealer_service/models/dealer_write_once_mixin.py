from psycopg2 import sql

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import SQL


class DealerWriteOnceMixin(models.AbstractModel):
    """Records that nobody changes or deletes once they are written.

    A correction is a new record that names the old one. The ORM answers with a
    sentence; a trigger in PostgreSQL holds the same rule against every other
    way in (scripts, psql, a bug of ours). A model that fills some columns later
    (a check that is finished, a clock that is stopped) names the condition
    under which its row is final in ``_write_once_when``.
    """

    _name = "dealer.write.once.mixin"
    _description = "Write-once record"

    # SQL condition on OLD under which the row is final.
    _write_once_when = "TRUE"

    def init(self):
        """Install the trigger that keeps final rows as they are."""
        super().init()
        if self._abstract or not self._auto:
            return
        self.env.cr.execute(
            SQL(
                """
                CREATE OR REPLACE FUNCTION dealer_write_once() RETURNS trigger AS $$
                BEGIN
                    RAISE EXCEPTION 'rows of %% are never changed or deleted',
                        TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
                END $$ LANGUAGE plpgsql
                """
            )
        )
        name = f"{self._table}_write_once"
        self.env.cr.execute(
            sql.SQL(
                """
                DROP TRIGGER IF EXISTS {name} ON {table};
                CREATE TRIGGER {name} BEFORE UPDATE OR DELETE ON {table}
                FOR EACH ROW WHEN ({condition})
                EXECUTE FUNCTION dealer_write_once()
                """
            )
            .format(
                name=sql.Identifier(name),
                table=sql.Identifier(self._table),
                condition=sql.SQL(self._write_once_when),
            )
            .as_string(self.env.cr._obj)
        )

    def _is_final(self):
        """Tell whether this record may no longer change."""
        self.ensure_one()
        return True

    def write(self, vals):
        """Refuse to change a final record."""
        if vals and any(record._is_final() for record in self):
            raise UserError(self._write_once_message())
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        """Refuse to delete a final record."""
        if any(record._is_final() for record in self):
            raise UserError(self._write_once_message())

    def _write_once_message(self):
        """Say why the record stays as it is, and what to do instead."""
        return self.env._(
            "%(document)s records are never changed or deleted. "
            "Record a correction as a new entry instead.",
            document=self.env["ir.model"]._get(self._name).name,
        )
