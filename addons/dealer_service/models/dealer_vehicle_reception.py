import re
import unicodedata

from odoo import api, models
from odoo.tools import SQL

from .. import arguments as arg
from ..const import PRESENT_STATES
from .phone import PHONE_DIGITS, digits_of_phone
from .plate import PROVINCES, normalise_plate
from .vin import VIN_LENGTH, normalise_vin

ADVISOR = "dealer_service.group_dealer_advisor"
ARCHIVIST = "dealer_service.group_dealer_archivist"
# Who may look at the reception desk; supervisors and managers are advisors too.
DESK_GROUPS = (ADVISOR, ARCHIVIST)

# Fewer typed characters would find half the town.
MIN_KEY = 3
MIN_NAME = 2
MIN_TAIL = 4
WHOLE_PHONE = 7
# Candidates of one kind that are looked at; a longer list is no answer.
CANDIDATES = 40
MAX_RESULTS = 20

_PHONE = re.compile(r"[\d\s+()\-]+")
_PLATE_PART = re.compile(rf"[A-Z0-9{PROVINCES}临挂学警港澳]+")
_FILE_BAG = re.compile(r"B\d{4,}")

_PARTNER_COLUMNS = ["name", "phone", "active", "partner_share"]

# Rank of each way to find a car, the surest first.
RANKS = {
    "plate": 0,
    "vin": 1,
    "phone": 2,
    "bag": 3,
    "former_plate": 4,
    "vin_tail": 5,
    "plate_part": 6,
    "name": 7,
    "phone_tail": 8,
}
# One car has it, so the desk opens the file at once.
EXACT = {"plate", "vin", "bag"}


def _escape(text):
    """Return text in which LIKE sees no wildcard."""
    return re.sub(r"([\\%_])", r"\\\1", text)


def _starts(text):
    """Return the LIKE pattern of what begins with ``text``."""
    return _escape(text) + "%"


def _ends(text):
    """Return the LIKE pattern, of the reversed column, of what ends in ``text``."""
    return _starts(text[::-1])


class DealerVehicle(models.Model):
    """Find a car by whatever the customer can say of it (A2, B1, C10).

    One statement asks every index that fits what was typed: plate, VIN, telephone
    of the owner, file bag, name. No index needs an extension of PostgreSQL.
    """

    _inherit = "dealer.vehicle"

    _plate_start_idx = models.Index("(license_plate text_pattern_ops)")
    # Nobody says the province: A12345.
    _plate_place_idx = models.Index("(substr(license_plate, 2) text_pattern_ops)")
    _plate_end_idx = models.Index("(reverse(license_plate) text_pattern_ops)")
    _vin_start_idx = models.Index("(vin text_pattern_ops)")
    _vin_end_idx = models.Index("(reverse(vin) text_pattern_ops)")

    @api.model
    @api.readonly
    @arg.typed(text=arg.text, limit=arg.integer)
    def reception_search(self, text, limit=8):
        """Find cars, and customers without a car, by one word typed or scanned.

        Plate in any spelling (also without the province, also its tail), VIN (also
        its tail), telephone of the owner (also its last four digits or more), file
        bag, name of the owner (its beginning).

        :param str text: what was typed; too little of it finds nothing
        :param int limit: at most so many results
        :raises AccessError: unless the user works at the desk
        :return: the surest first: ``vehicle_id`` (False for a customer without a
            car), ``plate``, ``vin``, ``model``, ``color``, ``active``,
            ``partner_id``, ``owner``, ``phone``, ``match`` (what was recognised),
            ``exact`` (one car only has it), ``order_id`` (open visit in a store of
            the user), ``state``, ``store`` (where the car stands)
        :rtype: list of dict
        """
        self._ensure_desk()
        limit = max(1, min(int(limit or 1), MAX_RESULTS))
        return self._run_reception_search(self._get_reception_candidates(text), limit)

    @api.model
    def _run_reception_search(self, candidates, limit):
        """Run the statements in one and return what the desk shows of the finds.

        :param list candidates: statements of `_get_reception_candidates`
        :param int limit: at most so many results
        :rtype: list of dict
        """
        if not candidates:
            return []
        self._flush_reception()
        rows = self.env.execute_query_dict(self._get_reception_sql(candidates, limit))
        return self._prepare_reception_results(rows)

    @api.model
    def _ensure_desk(self):
        """Refuse who does not work at the reception desk.

        :raises AccessError: naming the roles that do
        """
        self.env["dealer.repair.order"]._ensure_role(DESK_GROUPS)

    @api.model
    def _flush_reception(self):
        """Write what is pending, for the statement reads the tables."""
        self.flush_model()
        self.env["dealer.vehicle.plate"].flush_model()
        self.env["res.partner"].flush_model(_PARTNER_COLUMNS)
        self.env["dealer.repair.order"].flush_model(["vehicle_id", "state"])

    @api.model
    def _get_reception_candidates(self, text):
        """Return one statement for each meaning that the typed text can have.

        Each gives the id of a car or that of a customer, and the rank of the match.

        :param str text: what was typed
        :rtype: list of SQL
        """
        text = unicodedata.normalize("NFKC", text or "").strip()
        phone = digits_of_phone(text) if _PHONE.fullmatch(text) else ""
        return [
            *self._match_plates(normalise_plate(text)),
            *self._match_vins(normalise_vin(text)),
            *self._match_phones(phone),
            *self._match_names(text),
        ]

    @api.model
    def _match_cars(self, kind, condition):
        """Return a statement that finds cars by a condition on their table.

        :param str kind: a key of `RANKS`
        :param SQL condition: on `dealer_vehicle`
        """
        return SQL(
            "(SELECT id, NULL::int, %s FROM dealer_vehicle WHERE %s LIMIT %s)",
            RANKS[kind],
            condition,
            CANDIDATES,
        )

    @api.model
    def _match_owners(self, kind, condition):
        """Return a statement that finds customers by a condition on their table."""
        return SQL(
            "(SELECT NULL::int, id, %s FROM res_partner WHERE %s LIMIT %s)",
            RANKS[kind],
            condition,
            CANDIDATES,
        )

    @api.model
    def _match_plates(self, plate):
        """Return the statements that read the text as a plate or a file bag."""
        if len(plate) < MIN_KEY or not _PLATE_PART.fullmatch(plate):
            return []
        found = [
            self._match_cars("plate", SQL("license_plate = %s", plate)),
            self._match_cars(
                "plate_part", SQL("license_plate LIKE %s", _starts(plate))
            ),
            self._match_cars(
                "plate_part", SQL("substr(license_plate, 2) LIKE %s", _starts(plate))
            ),
            self._match_cars(
                "plate_part", SQL("reverse(license_plate) LIKE %s", _ends(plate))
            ),
            SQL(
                "(SELECT vehicle_id, NULL::int, %s FROM dealer_vehicle_plate "
                "WHERE plate = %s AND date_end IS NOT NULL LIMIT %s)",
                RANKS["former_plate"],
                plate,
                CANDIDATES,
            ),
        ]
        if _FILE_BAG.fullmatch(plate):
            found.append(self._match_cars("bag", SQL("bag_no = %s", plate)))
        return found

    @api.model
    def _match_vins(self, vin):
        """Return the statements that read the text as a VIN or its tail."""
        if not re.fullmatch(rf"[A-Z0-9]{{{MIN_TAIL},{VIN_LENGTH}}}", vin):
            return []
        if len(vin) == VIN_LENGTH:
            return [self._match_cars("vin", SQL("vin = %s", vin))]
        return [
            self._match_cars("vin_tail", SQL("reverse(vin) LIKE %s", _ends(vin))),
            self._match_cars("vin_tail", SQL("vin LIKE %s", _starts(vin))),
        ]

    @api.model
    def _match_phones(self, digits):
        """Return the statements that read the text as a telephone number."""
        if len(digits) < MIN_TAIL:
            return []
        kind = "phone" if len(digits) >= WHOLE_PHONE else "phone_tail"
        digits_sql = SQL("reverse(%s)", SQL(PHONE_DIGITS))
        return [self._match_owners(kind, SQL("%s LIKE %s", digits_sql, _ends(digits)))]

    @api.model
    def _match_names(self, text):
        """Return the statements that read the text as the beginning of a name."""
        if len(text) < MIN_NAME or not any(map(str.isalpha, text)):
            return []
        condition = SQL("lower(name) LIKE lower(%s)", _starts(text))
        return [self._match_owners("name", condition)]

    @api.model
    def _get_reception_sql(self, candidates, limit):
        """Return the statement that joins the candidates to what the desk shows.

        :param list candidates: statements of `_get_reception_candidates`
        :param int limit: at most so many rows
        :rtype: SQL
        """
        return SQL(
            """
            WITH found (vehicle_id, partner_id, rank) AS (%(candidates)s),
            hits AS (
                SELECT vehicle_id, NULL::int AS partner_id, min(rank) AS rank
                  FROM (SELECT vehicle_id, rank FROM found WHERE vehicle_id IS NOT NULL
                         UNION ALL
                        SELECT v.id, f.rank FROM found f
                          JOIN dealer_vehicle v ON v.owner_id = f.partner_id) AS cars
                 GROUP BY vehicle_id
                 UNION ALL
                SELECT NULL, f.partner_id, min(f.rank)
                  FROM found f
                 WHERE NOT EXISTS (SELECT 1 FROM dealer_vehicle v
                                    WHERE v.owner_id = f.partner_id)
                   AND f.partner_id IS NOT NULL
                 GROUP BY f.partner_id
            )
            SELECT v.id AS vehicle_id, p.id AS partner_id, h.rank,
                   v.license_plate AS plate, v.vin, v.color,
                   concat_ws(' ', b.name, m.name) AS model,
                   coalesce(v.active, p.active) AS active,
                   p.name AS owner, p.phone,
                   o.id AS order_id, o.state, o.company_id
              FROM hits h
              LEFT JOIN dealer_vehicle v ON v.id = h.vehicle_id
              LEFT JOIN res_partner p ON p.id = coalesce(h.partner_id, v.owner_id)
              LEFT JOIN fleet_vehicle_model m ON m.id = v.model_id
              LEFT JOIN fleet_vehicle_model_brand b ON b.id = m.brand_id
              LEFT JOIN dealer_repair_order o
                     ON o.vehicle_id = v.id AND o.state IN %(present)s
             WHERE v.id IS NOT NULL OR (p.active AND p.partner_share)
             ORDER BY h.rank, v.id IS NULL, coalesce(v.active, p.active) DESC, v.id DESC
             LIMIT %(limit)s
            """,
            candidates=SQL(" UNION ALL ").join(candidates),
            present=tuple(PRESENT_STATES),
            limit=limit,
        )

    @api.model
    def _prepare_reception_results(self, rows):
        """Return found rows as the desk shows them.

        Customers whom the user may not read are left out; a visit in another store
        is named by the store alone.

        :param list rows: dicts of `_get_reception_sql`
        :rtype: list of dict
        """
        carless = [row["partner_id"] for row in rows if not row["vehicle_id"]]
        readable = self.env["res.partner"].browse(carless)._filtered_access("read")
        orders = self.env["dealer.repair.order"]
        states = dict(orders._fields["state"]._description_selection(self.env))
        # The names of all stores; whose car stands where is no secret in the group.
        stores_sudo = self.env["res.company"].sudo()
        stores_sudo = stores_sudo.browse({row["company_id"] for row in rows} - {None})
        names = {store.id: store.name for store in stores_sudo}
        kinds = {rank: kind for kind, rank in RANKS.items()}
        results = []
        for row in rows:
            if not row["vehicle_id"] and row["partner_id"] not in readable.ids:
                continue
            store_id = row.pop("company_id")
            own = store_id in self.env.companies.ids
            match = kinds[row.pop("rank")]
            results.append(
                {key: value or False for key, value in row.items()}
                | {
                    "match": match,
                    "exact": match in EXACT,
                    "order_id": own and row["order_id"],
                    "state": own and states[row["state"]],
                    "store": names.get(store_id, False),
                }
            )
        return results
