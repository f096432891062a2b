from datetime import timedelta

from odoo import fields, models
from odoo.tools import format_date, format_list

from ..const import OPEN_MOVE_STATES


class DealerRepairJob(models.Model):
    """When the parts of jobs will be there (C5)."""

    _inherit = "dealer.repair.job"

    def _get_parts_arrival(self):
        """Tell from when on the parts of each job are there.

        Jobs take what is on stock, then what is on its way, in the order of
        ``self``; for the rest the supplier's lead time counts, or the store's.
        The jobs belong to one store.

        :return: by job id ``(moment, sentence)`` of jobs that have to wait
        :rtype: dict
        """
        # Advisors promise with stock that they need not see.
        needs = self.sudo()._get_part_needs()
        products_sudo = self.env["product.product"].sudo()
        products_sudo = products_sudo.browse({product for _job, product, _q in needs})
        if not needs:
            return {}
        # Written into the queries below, and run with them.
        warehouse = products_sudo.env["stock.warehouse"]._search(
            [("company_id", "=", self.company_id[:1].id)], limit=1
        )
        free = self._get_free(products_sudo, warehouse)
        incoming, late = None, {}
        for job_id, product_id, quantity in needs:
            used = min(free.get(product_id, 0), quantity)
            free[product_id] = free.get(product_id, 0) - used
            if quantity - used > 0:
                if incoming is None:
                    incoming = self._get_incoming(products_sudo, warehouse)
                product = products_sudo.browse(product_id)
                coming = incoming.get(product_id, [])
                moment = self._take_incoming(coming, product, quantity - used)
                late.setdefault(job_id, []).append((moment, product))
        return {
            job_id: (max(when for when, _product in parts), self._say_late(parts))
            for job_id, parts in late.items()
        }

    def _get_part_needs(self):
        """Return what is neither issued to these jobs nor reserved for them.

        :return: list of ``(job id, product id, quantity in the product's unit)``
        :rtype: list
        """
        needs = []
        for job in self:
            for line in job.line_ids:
                product = line.product_id
                if (
                    line.kind != "part"
                    or line.part_origin == "customer"
                    or not product.is_storable
                ):
                    continue
                quantity = line.product_uom_id._compute_quantity(
                    line.quantity, product.uom_id, round=False
                )
                for move in line.sale_line_id.move_ids:
                    if move.state == "done" or move.state in OPEN_MOVE_STATES:
                        sign = -1 if move.picking_code == "incoming" else 1
                        quantity -= sign * move.quantity
                if quantity > 0:
                    needs.append((job.id, product.id, quantity))
        return needs

    def _get_free(self, products_sudo, warehouse):
        """Return what is on the shelves of a store and reserved for nobody.

        One query where `free_qty` takes three: the moves to come do not matter here.

        :param warehouse: query of the store's warehouse
        :return: quantity in the product's unit by product id
        :rtype: dict
        """
        stock = products_sudo.env["stock.quant"]._read_group(
            [
                ("product_id", "in", products_sudo.ids),
                ("location_id.warehouse_id", "in", warehouse),
            ],
            ["product_id"],
            ["quantity:sum", "reserved_quantity:sum"],
        )
        return {
            product.id: max(quantity - reserved, 0)
            for product, quantity, reserved in stock
        }

    def _get_incoming(self, products_sudo, warehouse):
        """Return what is on its way to a store: ``[moment, quantity]`` by product.

        :param warehouse: query of the store's warehouse
        """
        moves_sudo = products_sudo.env["stock.move"].search_read(
            [
                ("product_id", "in", products_sudo.ids),
                ("picking_type_id.code", "=", "incoming"),
                ("picking_type_id.warehouse_id", "in", warehouse),
                ("state", "in", OPEN_MOVE_STATES),
            ],
            ["product_id", "product_qty", "date"],
            order="date, id",
            load=None,
        )
        # What is overdue comes tomorrow at the earliest.
        tomorrow = fields.Datetime.now() + timedelta(days=1)
        incoming = {}
        for move in moves_sudo:
            late = move["date"] < fields.Datetime.now()
            coming = [tomorrow if late else move["date"], move["product_qty"]]
            incoming.setdefault(move["product_id"], []).append(coming)
        return incoming

    def _take_incoming(self, incoming, product_sudo, quantity):
        """Take a quantity off what is on its way; return when it is all there."""
        for coming in incoming:
            used = min(coming[1], quantity)
            coming[1] -= used
            quantity -= used
            if quantity <= 0:
                return coming[0]
        company = self.company_id[:1]
        sellers = product_sudo.seller_ids.filtered(
            lambda seller: not seller.company_id or seller.company_id == company
        )
        days = sellers[:1].delay if sellers else company.sudo().dealer_parts_lead_days
        return fields.Datetime.now() + timedelta(days=days)

    def _say_late(self, parts):
        """Say which parts a job waits for, and until when."""
        when = self.company_id[:1]._dealer_date(max(when for when, _p in parts))
        return self.env._(
            "Parts: %(parts)s arrive on %(date)s.",
            parts=format_list(
                self.env, [product.display_name for _when, product in parts]
            ),
            date=format_date(self.env, when),
        )
