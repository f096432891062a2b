from odoo import fields, models

DATE = "%Y%m%d"


class DealerRepairOrder(models.Model):
    """What a visit reports to the authority: thirteen elements (section 6).

    Parts are those that stayed on the car.
    """

    _inherit = "dealer.repair.order"

    compliance_ids = fields.One2many(
        "dealer.compliance.record",
        "order_id",
        string="Electronic records",
        groups="dealer_service.group_dealer_user",
    )

    def _action_post_settle(self):
        """Queue the electronic records of settled visits."""
        result = super()._action_post_settle()
        self.env["dealer.compliance.record"]._create_for_orders(self.sudo())
        return result

    def _prepare_compliance_payload(self):
        """Return the record of a visit, and what is missing in it.

        :return: the record as plain data; list of sentences
        :rtype: tuple
        """
        self.ensure_one()
        jobs = self._get_approved_jobs()
        payload = {
            "basicInfo": self._prepare_compliance_basics(),
            "repairprojectlist": [
                {
                    "repairproject": line.name,
                    "workinghours": round(line.quantity, 2),
                }
                for line in jobs.line_ids.filtered(lambda line: line.kind == "labour")
            ],
            "vehiclepartslist": [
                {
                    "partsname": line.name,
                    "partsquantity": round(kept, 2),
                    "partscode": line.product_id.default_code or "",
                }
                for line in jobs.line_ids.filtered(lambda line: line.kind == "part")
                if (kept := line._get_kept_quantity()) > 0
            ],
        }
        if not payload["repairprojectlist"]:
            # Sublet work and fees are repairs too, without hours of ours.
            payload["repairprojectlist"] = [
                {"repairproject": job.name, "workinghours": 0.0} for job in jobs
            ]
        return payload, self._get_compliance_problems(payload)

    def _prepare_compliance_basics(self):
        """Return the eight elements that describe car, store and visit.

        :rtype: dict
        """
        settled_at = self.settled_at or fields.Datetime.now()
        return {
            "vehicleplatenumber": self.license_plate or "",
            "companyname": self.company_id.name,
            "vin": self.vin or "",
            "repairdate": self._format_store_date(self.arrived_at),
            "repairmileage": self.mileage or 0,
            "settledate": self._format_store_date(settled_at),
            "faultdescription": self.concern or self.symptom or self.findings or "",
            "costlistcode": self.settlement_list_ids.sorted("id")[:1].name or "",
        }

    def _format_store_date(self, moment):
        """Return the day of a moment at the store, as YYYYMMDD."""
        return self.company_id._dealer_date(moment).strftime(DATE)

    def _get_compliance_problems(self, payload):
        """Say in words what the authority would refuse.

        :rtype: list of sentences
        """
        basics = payload["basicInfo"]
        needed = {
            "vehicleplatenumber": self.env._("Plate: enter it in the car's file."),
            "vin": self.env._("VIN: enter it in the car's file."),
            "repairmileage": self.env._("Mileage: it is missing on the intake sheet."),
            "faultdescription": self.env._("Customer's words: say what was wrong."),
            "costlistcode": self.env._("Settlement list: it has no number yet."),
        }
        problems = [text for key, text in needed.items() if not basics[key]]
        if basics["vin"] and len(basics["vin"]) != 17:
            problems.append(
                self.env._("VIN: it has 17 characters; correct the car's file.")
            )
        if basics["settledate"] < basics["repairdate"]:
            problems.append(
                self.env._("Dates: the visit was settled before the car arrived.")
            )
        if not payload["repairprojectlist"]:
            problems.append(self.env._("Jobs: no work was approved."))
        for part in payload["vehiclepartslist"]:
            if not part["partscode"]:
                problems.append(
                    self.env._(
                        "%(part)s: enter the part number (internal reference).",
                        part=part["partsname"],
                    )
                )
        return problems
