import hashlib
import json

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..utils import as_step, is_step


class DealerIntake(models.Model):
    """Is the sheet complete, and is it still what the customer signed? (C6)

    The steps of the guided intake are those of ``_get_intake_checks``. The seal is
    taken when the signature is written: whatever changes on the sheet between the
    signature and its closing asks for a new signature.
    """

    _inherit = "dealer.intake"

    intake_seal = fields.Char(
        copy=False, readonly=True, help="SHA-256 of what the customer signed."
    )

    @api.model_create_multi
    def create(self, vals_list):
        """Override of this model to seal sheets that come with a drawn signature."""
        self._ensure_seal_not_written(vals_list)
        sheets = super().create(vals_list)
        sheets.filtered("intake_signature")._seal()
        return sheets

    def write(self, vals):
        """Override of this model to seal what the customer signs."""
        if not is_step(self):
            self._ensure_seal_not_written([vals])
        result = super().write(vals)
        if "intake_signature" in vals:
            self._seal()
        return result

    def _ensure_seal_not_written(self, vals_list):
        """Refuse a seal that a caller made up."""
        if any("intake_seal" in vals for vals in vals_list):
            order_model = self.env["dealer.repair.order"]
            raise UserError(order_model._guarded_message({"intake_seal"}))

    def _seal(self):
        """Remember what the sheets say at the moment of the signature."""
        for sheet in as_step(self):
            seal = sheet._get_seal() if sheet.intake_signature else False
            sheet.write({"intake_seal": seal})

    def _get_seal(self):
        """Return the fingerprint of all that the customer is shown and signs.

        :rtype: str
        """
        self.ensure_one()
        content = [
            [self[name] for name in self._get_sealed_fields()],
            self.item_ids.sorted("id").mapped(
                lambda item: [
                    item.kind,
                    item.name,
                    item.is_present,
                    item.condition or "",
                ]
            ),
            self.mark_ids.sorted("id").mapped(
                lambda mark: [
                    mark.view,
                    round(mark.x, 4),
                    round(mark.y, 4),
                    mark.kind,
                    mark.note or "",
                ]
            ),
            sorted(self.photo_ids.mapped(lambda photo: photo.sudo().checksum or "")),
        ]
        plain = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(plain.encode()).hexdigest()

    @api.model
    def _get_sealed_fields(self):
        """Return the names of the plain fields that belong to what is signed."""
        return [
            "mileage",
            "fuel_percent",
            "key_count",
            "key_box",
            "three_covers",
            "belongings_none",
            "valuables",
            "walkround_done",
            "walkround_note",
            "papers_listed",
            "old_part_wish",
            "is_waiting",
        ]

    def _get_intake_checks(self):
        """Return what the sheet asks for, step by step, in the order of the walk.

        Bridges add conditions by extending the result.

        :return: list of tuples: step, fulfilled, the sentence if it is not
        :rtype: list
        """
        self.ensure_one()
        env = self.env
        belongings = self.item_ids.filtered(
            lambda item: item.kind == "belonging" and item.is_present
        )
        faulty = self.item_ids.filtered(
            lambda item: (
                item.kind == "walkround"
                and not item.is_present
                and not (item.condition or "").strip()
            )
        )
        changed = self.intake_signature and self.intake_seal != self._get_seal()
        return [
            (
                "gate",
                self.mileage,
                env._("Mileage: enter the reading of the odometer."),
            ),
            (
                "gate",
                self.fuel_percent,
                env._("Fuel / charge: enter the level in percent, 1 if empty."),
            ),
            *(
                (
                    "points",
                    False,
                    env._("%(point)s: say what is not in order.", point=item.name),
                )
                for item in faulty
            ),
            (
                "points",
                self.walkround_done,
                env._("Walk-round: walk around the car and tick it."),
            ),
            (
                "belongings",
                belongings or self.belongings_none,
                env._("Belongings: tick what is in the car, or that there is nothing."),
            ),
            (
                "belongings",
                self.papers_listed,
                env._("Papers: list what was handed over and tick it."),
            ),
            (
                "sign",
                self.intake_signature and self.intake_signed_by,
                env._("Customer signature: the customer signs the intake sheet."),
            ),
            (
                "sign",
                not changed,
                env._(
                    "Customer signature: the sheet was changed after it was signed. "
                    "Let the customer sign again."
                ),
            ),
        ]
