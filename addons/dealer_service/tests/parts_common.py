from odoo.fields import Command

from .workshop_common import DealerWorkshopCommon


class DealerPartsCommon(DealerWorkshopCommon):
    """A visit in the workshop whose jobs need parts."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.order = cls._take_in("in_progress")
        cls.job = cls.order.job_ids
        cls.requisition = cls.job.requisition_ids
        cls.line = cls.requisition.line_ids

    @classmethod
    def _take_in_tracked(cls, tracking, names):
        """Add an approved job for one tracked part, with its lots on stock."""
        product = cls.env["product.product"].create(
            {
                "name": f"发电机 {tracking}",
                "type": "consu",
                "is_storable": True,
                "dealer_kind": "part",
                "tracking": tracking,
                "list_price": 1450.0,
            }
        )
        lots = cls.env["stock.lot"].create(
            [{"name": name, "product_id": product.id} for name in names]
        )
        for lot in lots:
            cls._add_stock(product, 1 if tracking == "serial" else 5, lot)
        return product, lots

    @classmethod
    def _receive(cls, product, quantity):
        """Receive parts from a supplier, as a parts keeper does."""
        picking = cls.env["stock.picking"].with_user(cls.parts_keeper)
        picking = picking.create(
            {
                "picking_type_id": cls.warehouse.in_type_id.id,
                "location_id": cls.env.ref("stock.stock_location_suppliers").id,
                "location_dest_id": cls.warehouse.lot_stock_id.id,
                "move_ids": [
                    Command.create(
                        {
                            "product_id": product.id,
                            "product_uom_qty": quantity,
                            "location_id": cls.env.ref(
                                "stock.stock_location_suppliers"
                            ).id,
                            "location_dest_id": cls.warehouse.lot_stock_id.id,
                        }
                    )
                ],
            }
        )
        picking.action_confirm()
        picking.move_ids.quantity = quantity
        picking.move_ids.picked = True
        picking.button_validate()
        return picking

    @classmethod
    def _get_sale_line(cls, job):
        return job.line_ids.sale_line_ids.filtered(
            lambda line: line.product_id.dealer_kind == "part"
        )

    @classmethod
    def _get_inbox(cls, user):
        """Return what a user was told, newest first."""
        return cls.env["mail.message"].search(
            [("partner_ids", "in", user.partner_id.ids)], order="id desc"
        )
