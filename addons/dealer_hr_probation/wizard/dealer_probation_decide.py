from odoo import fields, models


class DealerProbationDecide(models.TransientModel):
    """Ask for the reason an extension, objection or termination needs."""

    _name = "dealer.probation.decide"
    _description = "Decide on a probation"

    probation_id = fields.Many2one(
        "dealer.probation",
        required=True,
        ondelete="cascade",
        default=lambda self: self.env.context.get("active_id"),
    )
    operation = fields.Selection(
        [
            ("extend", "Extend"),
            ("object", "Object"),
            ("terminate", "Terminate"),
        ],
        required=True,
    )
    months = fields.Integer(string="Months on top", default=1)
    objector = fields.Selection(
        [("employee", "Employee"), ("company", "Company")],
        string="Who objects",
        default="company",
    )
    reason = fields.Text(required=True)
    date_end = fields.Date(related="probation_id.date_end")
    cap_reason = fields.Char(related="probation_id.cap_reason")

    def action_apply(self):
        """Hand the decision to the probation, which checks it.

        :raises UserError: when the probation refuses
        """
        self.ensure_one()
        probation = self.probation_id
        if self.operation == "extend":
            probation.action_extend(self.months, self.reason)
        elif self.operation == "object":
            probation.action_object(self.reason, self.objector)
        else:
            probation.action_terminate(self.reason)
        return {"type": "ir.actions.act_window_close"}
