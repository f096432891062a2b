from odoo import api, fields, models
from odoo.exceptions import UserError

from ..utils import as_step


class DealerFileLoan(models.Model):
    """Who has the paper file of a car, and since when (C10).

    A bag is with one person at a time; PostgreSQL refuses a second one.
    """

    _name = "dealer.file.loan"
    _description = "File taken from the cabinet"
    _order = "date_out desc, id desc"
    _rec_name = "vehicle_id"
    _is_guarded_on_create = True

    vehicle_id = fields.Many2one(
        "dealer.vehicle", string="Car", required=True, index=True, ondelete="restrict"
    )
    bag_no = fields.Char(related="vehicle_id.bag_no", string="File bag")
    cabinet_no = fields.Char(related="vehicle_id.cabinet_no", string="Cabinet")
    user_id = fields.Many2one(
        "res.users",
        string="Taken by",
        required=True,
        index=True,
        default=lambda self: self.env.user,
    )
    purpose = fields.Char(string="What for")
    date_out = fields.Datetime(
        string="Taken", required=True, default=fields.Datetime.now
    )
    date_in = fields.Datetime(string="Returned", readonly=True, copy=False)

    _open_uniq = models.UniqueIndex(
        "(vehicle_id) WHERE date_in IS NULL",
        lambda env, _diag: env._("This file bag is already out of its cabinet."),
    )

    @api.model_create_multi
    def create(self, vals_list):
        """Write pending returns first: the database compares row by row."""
        self.flush_model(["date_in"])
        return super().create(vals_list)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        """Keep the log (C10)."""
        raise UserError(self.env._("The log of file bags is kept. Return the bag."))

    def action_return(self):
        """Put the bags back into their cabinets; repeating it changes nothing.

        :raises AccessError: if the user may not write the log
        :return: True
        """
        self.check_access("write")
        out = self.filtered(lambda loan: not loan.date_in)
        as_step(out).write({"date_in": fields.Datetime.now()})
        return True
