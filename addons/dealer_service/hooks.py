"""What Odoo does not take away by itself."""

from odoo.tools import SQL

from .models.dealer_parts_return_stock import DEFECTIVE_SHELF
from .models.res_company_number import STORE_SEQUENCES

# Functions of our triggers; dropping them drops the triggers.
TRIGGER_FUNCTIONS = ("dealer_write_once", "dealer_signed_sheet")


def uninstall_hook(env):
    """Take away what has no external id: triggers, sequences, empty shelves.

    A shelf that holds parts, or that parts have passed, belongs to the books of the
    stock and stays.
    """
    for name in TRIGGER_FUNCTIONS:
        function = SQL.identifier(name)
        env.cr.execute(SQL("DROP FUNCTION IF EXISTS %s() CASCADE", function))
    codes = list(STORE_SEQUENCES)
    env["ir.sequence"].search([("code", "in", codes)]).unlink()
    shelves = env["stock.location"].search(
        [("name", "=", DEFECTIVE_SHELF), ("usage", "=", "internal")]
    )
    used = set()
    for model in ("stock.quant", "stock.move.line", "stock.move"):
        for name in {"location_id", "location_dest_id"} & env[model]._fields.keys():
            domain = [(name, "in", shelves.ids)]
            groups = env[model]._read_group(domain, [name])
            used.update(location.id for (location,) in groups)
    shelves.filtered(lambda shelf: shelf.id not in used).unlink()
