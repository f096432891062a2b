from odoo import api, models
from odoo.exceptions import UserError, ValidationError

from .vin import VIN_LENGTH, foreign_characters, normalise_vin


class DealerVehicle(models.Model):
    """VIN of a car: its spelling, that it is unique, who may change it (rule 1)."""

    _inherit = "dealer.vehicle"

    @api.model
    def _normalise_vals(self, vals):
        """Return values with VIN and plate in their stored spelling.

        :param dict vals: values of a create or write
        :raises ValidationError: if VIN or plate is malformed
        :rtype: dict
        """
        vals = dict(vals)
        if "vin" in vals:
            vals["vin"] = self._normalise_vin(vals["vin"])
        if "license_plate" in vals:
            plates = self.env["dealer.vehicle.plate"]
            vals["license_plate"] = plates._normalise(vals["license_plate"])
        return vals

    @api.model
    def _normalise_vin(self, text):
        """Return a VIN in its stored spelling, or False if there is none.

        :param str text: the VIN as typed
        :raises ValidationError: if it is no VIN, naming the fault and the way out
        """
        vin = normalise_vin(text)
        if not vin:
            return False
        if wrong := foreign_characters(vin):
            raise ValidationError(
                self.env._(
                    "VIN %(vin)s: no VIN contains %(characters)s. It has digits and "
                    "the letters A to Z without I, O and Q; compare it with the "
                    "registration certificate.",
                    vin=vin,
                    characters=", ".join(wrong),
                )
            )
        if len(vin) != VIN_LENGTH:
            raise ValidationError(
                self.env._(
                    "VIN %(vin)s: it has %(count)s characters, a VIN has %(length)s. "
                    "Compare it with the registration certificate.",
                    vin=vin,
                    count=len(vin),
                    length=VIN_LENGTH,
                )
            )
        return vin

    def _check_vins_free(self, vins):
        """Refuse a VIN that has a file already, and name that file.

        The unique constraint is the judge; this gives the sentence.

        :param list vins: normalised VINs that are about to be written
        :raises ValidationError: if one is given twice or has a file
        """
        if not vins:
            return
        vehicle_sudo = self.sudo().with_context(active_test=False)
        known_sudo = vehicle_sudo.search([("vin", "in", vins)], limit=1) - self
        if known_sudo:
            raise ValidationError(
                self.env._(
                    "VIN %(vin)s already has a file: %(car)s (file bag %(bag)s). "
                    "Open that file, and restore it if it is archived.",
                    vin=known_sudo.vin,
                    car=known_sudo.display_name,
                    bag=known_sudo.bag_no,
                )
            )
        twice = {vin for vin in vins if vins.count(vin) > 1} if len(vins) > 1 else set()
        if twice:
            raise ValidationError(
                self.env._(
                    "VIN %(vin)s is given to several cars. Each car has its own.",
                    vin=min(twice),
                )
            )

    def _ensure_vin_changeable(self):
        """Keep a VIN under which work was done; the archivist may correct it.

        :raises UserError: if a visit exists and the user is not the archivist
        """
        if self.env.su or self.env.user.has_group(
            "dealer_service.group_dealer_archivist"
        ):
            return
        # Visits of other stores count too.
        worked_sudo = self.sudo().filtered("vin").filtered("repair_order_ids")
        if worked_sudo:
            raise UserError(
                self.env._(
                    "VIN %(vin)s stands on repair orders and cannot be changed. Ask "
                    "the archivist or the store manager to correct it.",
                    vin=worked_sudo[0].vin,
                )
            )
