from psycopg2.errors import UniqueViolation

from odoo import fields, models
from odoo.exceptions import ConcurrencyError
from odoo.tools import format_list

from ..const import FREE_PAYERS


class DealerRepairOrder(models.Model):
    """What a settlement list says (section 6, JT/T 1133-2017), as plain data.

    Amounts of the lines are those of the approved lines, rounded per line as on the
    sale order, and add up to the invoice to the cent.
    """

    _inherit = "dealer.repair.order"

    settlement_list_ids = fields.One2many(
        "dealer.settlement.list",
        "order_id",
        string="Settlement lists",
        groups="dealer_service.group_dealer_price",
    )

    def _get_settlement_list(self, payer="customer", partner=None):
        """Return the settlement list of one payer.

        Elevated: callers check that the reader may see prices.

        :param str payer: a key of `const.PAYERS`
        :param partner: who is billed, where several of that kind are; any by default
        :return: ``number``, ``repairer``, ``client``, ``vehicle``, ``visit``, ``jobs``,
            ``labour``, ``parts``, ``others`` (each a list of lines), ``totals``,
            ``deposits``, ``payments``, ``old_parts``, ``clauses``, ``currency``
        :rtype: dict
        """
        self.ensure_one()
        order_sudo = self.sudo()
        jobs = order_sudo._get_approved_jobs().filtered(
            lambda job: (
                job.payer == payer and (not partner or job.bill_partner_id == partner)
            )
        )
        partner = partner or jobs.bill_partner_id[:1] or order_sudo.partner_id
        record = order_sudo.settlement_list_ids.filtered(
            lambda item: item.payer == payer and item.partner_id == partner
        )[:1]
        currency = jobs.currency_id[:1] or order_sudo.currency_id
        lines = jobs.line_ids.sorted(lambda line: (line.job_id.id, line.sequence))
        tables = self._prepare_settlement_tables(lines)
        return {
            "number": record.name or "",
            "date": order_sudo.company_id._dealer_date(
                record.create_date or fields.Datetime.now()
            ),
            "payer": payer,
            "payer_name": dict(order_sudo._fields_payer_labels())[payer],
            "partner": order_sudo._prepare_party(partner),
            "currency": currency,
            **order_sudo._prepare_settlement_heading(),
            "old_parts": order_sudo._get_old_parts_sentence(jobs),
            "jobs": [job._prepare_settlement_job() for job in jobs],
            **tables,
            **order_sudo._prepare_settlement_money(payer, partner, tables, currency),
            "clauses": order_sudo._prepare_settlement_clauses(lines),
        }

    @staticmethod
    def _prepare_settlement_tables(lines):
        """Return the lines by the table of the list they belong to.

        :rtype: dict
        """
        tables = {"labour": [], "parts": [], "others": []}
        for line in lines:
            key = {"labour": "labour", "part": "parts"}.get(line.kind, "others")
            tables[key].append(line._prepare_settlement_line())
        return tables

    @staticmethod
    def _prepare_party(partner):
        """Return name, address and phone of a party.

        :rtype: dict
        """
        return {
            "name": partner.commercial_company_name or partner.name or "",
            "address": ", ".join(
                filter(None, (partner.city, partner.street, partner.street2))
            ),
            "phone": partner.phone or "",
            "tax_id": partner.vat or "",
        }

    def _prepare_settlement_heading(self):
        """Return who repaired whose car, when and why.

        :rtype: dict
        """
        vehicle, company = self.vehicle_id, self.company_id
        categories = self._get_approved_jobs().category_id
        return {
            "repairer": self._prepare_party(company.partner_id),
            "client": self._prepare_party(self.partner_id),
            "sender": {"name": self.sender_name, "phone": self.sender_phone or ""},
            "vehicle": {
                "plate": self.license_plate or "",
                "vin": self.vin or "",
                "engine_no": vehicle.engine_no or "",
                "brand": vehicle.model_id.brand_id.name or "",
                "model": vehicle.model_id.name or "",
                "color": vehicle.color or "",
                "kind": self._get_vehicle_kind(),
            },
            "hour_standard": dict(
                company._fields["dealer_hour_standard"]._description_selection(self.env)
            ).get(company.dealer_hour_standard, ""),
            "visit": {
                "number": self.name,
                "arrived_at": self.arrived_at,
                "ready_at": self.ready_at,
                "settled_at": self.settled_at,
                "mileage_in": self.mileage,
                "mileage_out": self._get_delivery_km(),
                "category": format_list(self.env, categories.mapped("name"))
                if categories
                else "",
                "fault": self.concern or "",
                "cause": self.cause or "",
                "advisor": self.advisor_id.name,
            },
        }

    def _get_vehicle_kind(self):
        """Return type and class of the car in words.

        :rtype: str
        """
        model = self.vehicle_id.model_id
        kinds = dict(model._fields["vehicle_type"]._description_selection(self.env))
        words = (kinds.get(model.vehicle_type), model.category_id.name)
        return " · ".join(filter(None, words))

    def _get_old_parts_sentence(self, jobs):
        """Say what becomes of the old parts of some jobs.

        Part by part as the parts keeper noted it; without any such note as agreed at
        delivery, or as wished.

        :param jobs: `dealer.repair.job` records of this visit
        :rtype: str
        """
        named = {}
        for row in self._get_old_parts(jobs):
            if row["result"]:
                part = f"{row['part']} × {row['quantity']:g}"
                named.setdefault(row["label"], []).append(part)
        if named:
            return "; ".join(
                f"{label}: {format_list(self.env, parts)}"
                for label, parts in named.items()
            )
        return self._get_old_parts_wish()

    def _get_old_parts_wish(self):
        """Return what was agreed at delivery about the old parts, or wished before.

        :rtype: str
        """
        if self.old_parts_result:
            field = self.delivery_id._fields["old_parts_result"]
            value = self.old_parts_result
        elif self.old_part_wish:
            field = self.intake_id._fields["old_part_wish"]
            value = self.old_part_wish
        else:
            return ""
        return dict(field._description_selection(self.env)).get(value, "")

    def _prepare_settlement_money(self, payer, partner, tables, currency):
        """Return subtotals, taxes, deposits and payments of one payer.

        :rtype: dict
        """
        invoices = self._get_settlement_invoices(payer, partner)
        payments = self._get_settlement_payments(payer, partner)
        lines = [line for table in tables.values() for line in table]
        total = currency.round(sum(line["amount"] for line in lines))
        untaxed = currency.round(sum(line["amount_untaxed"] for line in lines))
        due = sum(move.amount_residual * -move.direction_sign for move in invoices)
        deposits = payments.filtered("dealer_is_deposit")
        received = sum(
            payment.amount if payment.payment_type == "inbound" else -payment.amount
            for payment in payments
        )
        refunds = invoices.filtered(lambda move: move.move_type == "out_refund")
        return {
            "totals": {
                **{
                    key: currency.round(sum(line["amount"] for line in table))
                    for key, table in tables.items()
                },
                "hours": sum(line["quantity"] for line in tables["labour"]),
                "untaxed": untaxed,
                "tax": currency.round(total - untaxed),
                "total": total,
                "invoiced": self._sum_invoiced(invoices),
                "credited": -self._sum_invoiced(refunds),
                "received": received,
                "due": due if invoices else currency.round(total - received),
            },
            "taxes": self._sum_settlement_taxes(lines, currency),
            "invoices": invoices.mapped("name"),
            "deposits": [self._prepare_settlement_payment(pay) for pay in deposits],
            "payments": [
                self._prepare_settlement_payment(pay) for pay in payments - deposits
            ],
        }

    def _get_settlement_invoices(self, payer, partner):
        """Return the posted invoices and credit notes of one payer."""
        sales = self.sale_order_ids.filtered(
            lambda sale: (
                sale.state == "sale"
                and sale.dealer_payer == payer
                and sale.partner_id == partner
            )
        )
        return sales.invoice_ids.filtered(lambda move: move.state == "posted")

    def _get_settlement_payments(self, payer, partner):
        """Return the valid payments of one payer, the oldest first."""
        debtor = partner.commercial_partner_id
        return self.payment_ids.filtered(
            lambda payment: (
                payment.dealer_payer == payer
                and payment.partner_id.commercial_partner_id == debtor
                and payment.state in payment._valid_payment_states()
            )
        ).sorted("id")

    @staticmethod
    def _sum_invoiced(moves):
        """Return what was invoiced less what was credited, taxes included."""
        return sum(move.amount_total * -move.direction_sign for move in moves)

    @staticmethod
    def _sum_settlement_taxes(lines, currency):
        """Sum the tax by its name, largest first.

        :rtype: list
        """
        sums = {}
        for line in lines:
            if line["tax"]:
                sums[line["tax"]] = sums.get(line["tax"], 0.0) + line["amount_tax"]
        return [
            {"name": name, "amount": currency.round(amount)}
            for name, amount in sorted(sums.items(), key=lambda item: -item[1])
        ]

    @staticmethod
    def _prepare_settlement_payment(payment):
        """Return one payment: money given back counts below zero.

        :rtype: dict
        """
        sign = 1 if payment.payment_type == "inbound" else -1
        return {
            "date": payment.date,
            "number": payment.name or "",
            "method": payment.journal_id.name,
            "amount": sign * payment.amount,
            "currency": payment.currency_id,
        }

    def _prepare_settlement_clauses(self, lines):
        """Return what the standard asks to be said under the list.

        :rtype: list of sentences
        """
        clauses = [
            self.env._(
                "This list is made in two copies, one for each side, and is valid when "
                "both have signed it."
            )
        ]
        if any(line.part_origin == "customer" for line in lines):
            clauses.append(
                self.env._(
                    "Parts that the customer brought carry no guarantee of the "
                    "repairer."
                )
            )
        if any(line.part_origin in ("remanufactured", "reused") for line in lines):
            clauses.append(
                self.env._("Remanufactured and reused parts were fitted with consent.")
            )
        return clauses

    def _ensure_settlement_lists(self):
        """Give every payer of these visits a settlement list; harmless to repeat."""
        list_sudo = self.env["dealer.settlement.list"].sudo()
        for order in self:
            known = {
                (item.payer, item.partner_id) for item in order.settlement_list_ids
            }
            groups = order._get_approved_jobs().grouped(
                lambda job: (job.payer, job.bill_partner_id)
            )
            vals_list = [
                order._prepare_settlement_list_vals(payer, partner, jobs)
                for (payer, partner), jobs in groups.items()
                if (payer, partner) not in known
            ]
            try:
                with self.env.cr.savepoint():
                    list_sudo.create(vals_list)
            except UniqueViolation as error:
                # Another clerk was first; the request runs again on fresh data.
                raise ConcurrencyError(str(error)) from error

    def _prepare_settlement_list_vals(self, payer, partner, jobs):
        """Return the values of a payer's settlement list.

        :rtype: dict
        """
        self.ensure_one()
        return {
            "name": self.company_id._next_dealer_number("dealer.settlement.list"),
            "order_id": self.id,
            "company_id": self.company_id.id,
            "vehicle_id": self.vehicle_id.id,
            "license_plate": self.license_plate,
            "payer": payer,
            "partner_id": partner.id,
            "currency_id": jobs.currency_id[:1].id,
            "amount_total": 0.0
            if payer in FREE_PAYERS
            else sum(jobs.mapped("amount_total")),
        }

    def action_open_settlement_lists(self):
        """Open the settlement lists of the visit."""
        self.ensure_one()
        lists = self.settlement_list_ids
        return self._prepare_open_action(
            "dealer.settlement.list",
            lists,
            self.env._("Settlement list"),
            many=len(lists) != 1,
        )
