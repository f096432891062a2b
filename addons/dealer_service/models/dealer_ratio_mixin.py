from odoo import models
from odoo.tools import SQL


class DealerRatioMixin(models.AbstractModel):
    """Figures that are the quotient of two sums, never an average of quotients.

    A report names them in ``_ratios``: figure → the column summed above and the one
    below the line. What a single row shows is the report's own affair.
    """

    _name = "dealer.ratio.mixin"
    _description = "Quotients of sums"

    _ratios = {}

    def _read_group_select(self, aggregate_spec, query):
        """Override of `base` to build each quotient from its two sums.

        An empty lower sum gives no value: neither zero nor a hundred percent.
        """
        name, _, aggregator = aggregate_spec.partition(":")
        if name not in self._ratios or aggregator != "avg":
            return super()._read_group_select(aggregate_spec, query)
        self._check_field_access(self._fields[name], "read")
        above, below = self._ratios[name]
        return SQL(
            "SUM(%s)::float8 / NULLIF(SUM(%s), 0)",
            self._field_to_sql(self._table, above, query),
            self._field_to_sql(self._table, below, query),
        )
