from odoo import api, fields, models
from odoo.exceptions import UserError

# Code of the sequence: beginning of its numbers. Each store counts on its own.
STORE_SEQUENCES = {
    "dealer.repair.order": "RO",
    "dealer.settlement.list": "SL",
    "dealer.release.note": "RN",
    "dealer.compliance.record": "EH",
}


class ResCompany(models.Model):
    """Each store numbers its documents itself: RO/<store code>/<year>/00001."""

    _inherit = "res.company"

    dealer_store_code = fields.Char(
        string="Store code",
        copy=False,
        size=8,
        help="A few letters that all numbers of this store's repair orders, "
        "settlement lists and release notes carry. Numbers already given stay.",
    )

    _dealer_store_code_uniq = models.UniqueIndex(
        "(dealer_store_code) WHERE dealer_store_code IS NOT NULL",
        lambda env, _diag: env._("Store code: another store has this code."),
    )

    @api.model_create_multi
    def create(self, vals_list):
        """Override of `base` to give each new store its sequences."""
        companies = super().create(vals_list)
        companies._create_dealer_sequences()
        return companies

    def write(self, vals):
        """Override of `base` to let the next numbers carry a changed store code."""
        if vals.get("dealer_store_code") == "":
            vals = dict(vals, dealer_store_code=False)
        result = super().write(vals)
        if "dealer_store_code" in vals:
            self._create_dealer_sequences()
            self._rename_dealer_sequences()
        return result

    def _get_dealer_prefix(self, code):
        """Return how a store's numbers of one kind begin."""
        self.ensure_one()
        return f"{STORE_SEQUENCES[code]}/{self.dealer_store_code}/%(year)s/"

    @api.model
    def _create_all_dealer_sequences(self):
        """Give the stores that were there before us their sequences."""
        self.sudo().with_context(active_test=False).search(
            []
        )._create_dealer_sequences()

    def _create_dealer_sequences(self):
        """Create the sequences that a store does not have yet; harmless to repeat."""
        for company in self.filtered(lambda company: not company.dealer_store_code):
            company.dealer_store_code = f"S{company.id}"
        # A new store is created by people who manage no sequences.
        sequence_sudo = self.env["ir.sequence"].sudo()
        known = {
            (sequence.company_id, sequence.code)
            for sequence in sequence_sudo.search(
                [
                    ("company_id", "in", self.ids),
                    ("code", "in", list(STORE_SEQUENCES)),
                ]
            )
        }
        sequence_sudo.create(
            [
                company._prepare_dealer_sequence_vals(code)
                for company in self
                for code in STORE_SEQUENCES
                if (company, code) not in known
            ]
        )

    def _prepare_dealer_sequence_vals(self, code):
        """Return the values of one sequence of a store.

        :rtype: dict
        """
        self.ensure_one()
        return {
            "name": f"{STORE_SEQUENCES[code]} {self.name}",
            "code": code,
            "prefix": self._get_dealer_prefix(code),
            "padding": 5,
            "company_id": self.id,
        }

    def _rename_dealer_sequences(self):
        """Let the numbers to come begin with the present store code."""
        sequence_sudo = self.env["ir.sequence"].sudo()
        for sequence in sequence_sudo.search(
            [("company_id", "in", self.ids), ("code", "in", list(STORE_SEQUENCES))]
        ):
            sequence.prefix = sequence.company_id._get_dealer_prefix(sequence.code)

    def _next_dealer_number(self, code):
        """Return the next number of a kind of document in this store.

        :param str code: a key of `STORE_SEQUENCES`
        :rtype: str
        """
        return self._next_dealer_numbers(code, 1)[0]

    def _next_dealer_numbers(self, code, count):
        """Return the next numbers of a kind of document in this store.

        Looks the sequence up once, where `next_by_code` does so for each number.

        :param str code: the code of a sequence, of this store or of the group
        :raises UserError: if there is no such sequence
        :rtype: list of str
        """
        self.ensure_one()
        # Everybody who makes a document takes a number, and changes no sequence.
        sequence_sudo = self.env["ir.sequence"].sudo()
        sequence_sudo = sequence_sudo.with_company(self).search_fetch(
            [("code", "=", code), ("company_id", "in", [self.id, False])],
            order="company_id",
            limit=1,
        )
        if not sequence_sudo:
            raise UserError(
                self.env._(
                    "%(store)s has no number sequence %(code)s. Ask the administrator "
                    "to add one.",
                    store=self.name,
                    code=code,
                )
            )
        return [sequence_sudo._next() for _number in range(count)]
