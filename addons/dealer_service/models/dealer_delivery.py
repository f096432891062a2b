from odoo import fields, models
from odoo.tools import format_list


class DealerDelivery(models.Model):
    """Preparation and joint inspection when the car goes back (B5, B7, F14).

    Closed by the customer's signature.
    """

    _name = "dealer.delivery"
    _description = "Delivery sheet"
    _inherit = ["dealer.signed.mixin"]
    _rec_name = "id"
    _signed_on = "delivery_signed_on"
    _signed_company = "delivery_company_id"
    # Filled when the car is handed over, after the account is settled; a car whose
    # visit was called off gets its belongings back, too.
    _signed_ended = frozenset()

    order_ids = fields.One2many("dealer.repair.order", "delivery_id")
    delivery_company_id = fields.Many2one(
        "res.company",
        string="Store of the delivery sheet",
        index=True,
        default=lambda self: self.env.company,
        help="The store of the visit; kept here for the access rule.",
    )
    prep_washed = fields.Boolean(string="Washed")
    prep_cleaned = fields.Boolean(string="Interior cleaned, covers removed")
    prep_settings = fields.Boolean(string="Seat, mirrors and radio as before")
    prep_old_parts = fields.Boolean(string="Old parts packed")
    joint_inspection = fields.Boolean(string="Joint inspection")
    belongings_returned = fields.Boolean(string="Belongings handed back")
    old_parts_result = fields.Selection(
        [
            ("returned", "Handed back"),
            ("waived", "Waived by the customer"),
            ("none", "No part was replaced"),
        ],
        string="Old parts at delivery",
    )
    delivery_mileage = fields.Integer(
        string="Mileage at delivery (km)", help="Empty: as at intake."
    )
    delivery_signature = fields.Binary(string="Acceptance signature", copy=False)
    delivery_signed_by = fields.Char(string="Accepted by", copy=False)
    delivery_signed_on = fields.Datetime(
        string="Accepted on", copy=False, readonly=True
    )

    _delivery_mileage_positive = models.Constraint(
        "CHECK (delivery_mileage >= 0)",
        lambda env, _diag: env._("Mileage at delivery: cannot be negative."),
    )

    def write(self, vals):
        """Note the lines of the intake as handed back where all is declared so."""
        result = super().write(vals)
        if vals.get("belongings_returned"):
            items = self.order_ids.intake_id.item_ids._filtered_to_return()
            items.filtered(lambda item: not item.returned).returned = True
        return result

    def _signed_message(self):
        """Say that the accepted sheet is closed."""
        return self.env._(
            "The car was accepted by %(name)s; the delivery sheet is closed.",
            name=self.delivery_signed_by,
        )

    def _get_missing_preparation(self):
        """Return the points of the preparation checklist not ticked yet (B5, C9).

        :rtype: list of sentences
        """
        self.ensure_one()
        checks = [
            (self.prep_washed, self.env._("Preparation: wash the car.")),
            (self.prep_cleaned, self.env._("Preparation: clean the interior.")),
            (
                self.prep_settings,
                self.env._("Preparation: set seat and radio as before."),
            ),
            (self.prep_old_parts, self.env._("Preparation: pack the old parts.")),
        ]
        return [sentence for fulfilled, sentence in checks if not fulfilled]

    def _get_belongings_sentence(self):
        """Say which belongings and papers of the intake are still with us."""
        items = self.order_ids.intake_id.item_ids._filtered_to_return()
        if kept := items.filtered(lambda item: not item.returned):
            return self.env._(
                "Belongings: hand back %(names)s and tick it.",
                names=format_list(self.env, kept.mapped("name")),
            )
        return self.env._("Belongings: hand them back and tick it.")

    def _get_missing_delivery(self):
        """Return what the hand-over still needs (B7).

        :rtype: list of sentences
        """
        self.ensure_one()
        checks = [
            (
                self.joint_inspection,
                self.env._(
                    "Joint inspection: look at the car together with the customer."
                ),
            ),
            (
                self.belongings_returned,
                self._get_belongings_sentence(),
            ),
            (
                self.old_parts_result,
                self.env._(
                    "Old parts at delivery: hand them back, or note that they "
                    "are waived."
                ),
            ),
            (
                self.delivery_signature and self.delivery_signed_by,
                self.env._("Acceptance signature: the customer accepts the car."),
            ),
        ]
        return [sentence for fulfilled, sentence in checks if not fulfilled]
