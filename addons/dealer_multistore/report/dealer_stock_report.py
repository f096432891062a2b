from odoo import fields, models
from odoo.tools import SQL


class DealerStockReport(models.Model):
    """Stock of all stores: one row per product and store (E1).

    - Shows quantities and nothing else: no cost, no value, no margin. That is why
      it is the one document of the stock that every role reads across stores, and
      why the model carries no company rule.
    - On hand and reserved come from the quants in internal locations; free is the
      difference and may be negative. Incoming is what open moves bring into
      internal locations from outside.
    - Quantities are in the product's own unit of measure.
    - Nothing is stored: each search reads the quants of the moment. The key of a
      row is computed from product and store, and the texts to search for are
      columns, so that a filter reaches the indexes of products and quants.
    """

    _name = "dealer.stock.report"
    _description = "Stock of all stores"
    _auto = False
    _rec_name = "product_id"
    _order = "default_code, store_name, id"
    _depends = {
        "product.product": ["active", "barcode", "default_code", "product_tmpl_id"],
        "product.template": ["categ_id", "name", "uom_id"],
        "res.company": ["name"],
        "stock.location": ["company_id", "usage"],
        "stock.move": [
            "location_dest_id",
            "location_id",
            "product_id",
            "product_qty",
            "state",
        ],
        "stock.quant": ["location_id", "product_id", "quantity", "reserved_quantity"],
    }

    product_id = fields.Many2one("product.product", string="Part", readonly=True)
    product_tmpl_id = fields.Many2one(
        "product.template", string="Product", readonly=True
    )
    product_name = fields.Char(string="Part name", readonly=True)
    default_code = fields.Char(string="Part number", readonly=True)
    barcode = fields.Char(readonly=True)
    categ_id = fields.Many2one("product.category", string="Category", readonly=True)
    product_uom_id = fields.Many2one("uom.uom", string="Unit", readonly=True)
    company_id = fields.Many2one("res.company", string="Store", readonly=True)
    store_name = fields.Char(string="Store name", readonly=True)
    quantity = fields.Float(
        string="On hand", digits="Product Unit", readonly=True, aggregator="sum"
    )
    reserved_quantity = fields.Float(
        string="Reserved", digits="Product Unit", readonly=True, aggregator="sum"
    )
    free_quantity = fields.Float(
        string="Free", digits="Product Unit", readonly=True, aggregator="sum"
    )
    incoming_quantity = fields.Float(
        string="Incoming", digits="Product Unit", readonly=True, aggregator="sum"
    )

    @property
    def _table_query(self):
        """Return the rows; the grouping columns take the filters of a search."""
        return SQL(
            "%s %s %s", self._get_select(), self._get_from(), self._get_group_by()
        )

    def _get_select(self):
        """Return the columns."""
        return SQL(
            """
            SELECT stock.product_id::bigint * 65536 + location.company_id AS id,
                   stock.product_id,
                   product.product_tmpl_id,
                   COALESCE(template.name->>%(lang)s, template.name->>'en_US')
                       AS product_name,
                   product.default_code,
                   product.barcode,
                   template.categ_id,
                   template.uom_id AS product_uom_id,
                   location.company_id,
                   company.name AS store_name,
                   SUM(stock.quantity) AS quantity,
                   SUM(stock.reserved) AS reserved_quantity,
                   SUM(stock.quantity - stock.reserved) AS free_quantity,
                   SUM(stock.incoming) AS incoming_quantity
            """,
            lang=self.env.lang or "en_US",
        )

    def _get_from(self):
        """Return quants and incoming moves at the internal locations of stores.

        Both branches of the union read one table each, without a join: only then
        does PostgreSQL look up one product by index instead of reading all.
        """
        return SQL(
            """
            FROM (
                SELECT product_id,
                       location_id,
                       NULL::integer AS source_id,
                       COALESCE(quantity, 0)::numeric AS quantity,
                       COALESCE(reserved_quantity, 0)::numeric AS reserved,
                       0::numeric AS incoming
                  FROM stock_quant
                 UNION ALL
                SELECT product_id,
                       location_dest_id,
                       location_id,
                       0::numeric,
                       0::numeric,
                       COALESCE(product_qty, 0)::numeric
                  FROM stock_move
                 WHERE state IN
                       ('waiting', 'confirmed', 'partially_available', 'assigned')
            ) AS stock
            JOIN stock_location AS location
              ON location.id = stock.location_id
             AND location.usage = 'internal'
             AND location.company_id IS NOT NULL
            LEFT JOIN stock_location AS source ON source.id = stock.source_id
            JOIN res_company AS company ON company.id = location.company_id
            JOIN product_product AS product
              ON product.id = stock.product_id AND product.active
            JOIN product_template AS template ON template.id = product.product_tmpl_id
            WHERE source.id IS NULL OR source.usage != 'internal'
            """
        )

    def _get_group_by(self):
        """Return the grouping; product, template and store decide all the rest."""
        return SQL(
            """
            GROUP BY stock.product_id,
                     location.company_id,
                     product.id,
                     template.id,
                     company.id
            """
        )
