from odoo import fields, models


class StockMoveLine(models.Model):
    _inherit = "stock.move.line"

    dealer_job_id = fields.Many2one(related="move_id.dealer_job_id")
    dealer_car = fields.Char(related="move_id.dealer_car")

    def _format_pick(self):
        """Return in words where a reserved part lies, with its lot."""
        self.ensure_one()
        place = self.location_id.name
        if self.lot_id:
            return f"{place} · {self.lot_id.name}"
        return place
