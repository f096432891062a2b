from odoo import api, fields, models


class DealerFaultSystem(models.Model):
    """A system of the car and the words by which people name it.

    A come-back is often told in other words than the repair: "squeals" for the
    brake pads. Two texts that name the same system are about the same fault. Words
    of a store stand beside those of all stores.
    """

    _name = "dealer.fault.system"
    _description = "System of the car"
    _inherit = ["dealer.shared.list.mixin"]
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    keywords = fields.Text(
        required=True,
        help="Words that customers and technicians use, separated by commas or spaces; "
        "simplified, traditional and English ones side by side.",
    )
    company_id = fields.Many2one(
        "res.company",
        string="Store",
        index=True,
        default=lambda self: self._default_list_company(),
        help="Empty: all stores.",
    )
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)

    def _get_words(self):
        """Return the words of this system, lower case.

        :rtype: set
        """
        self.ensure_one()
        text = (self.keywords or "").lower()
        for separator in ",，、;；\n":
            text = text.replace(separator, " ")
        return set(text.split())

    @api.model
    def _find_in(self, text):
        """Return the systems that a text names.

        :param str text: what somebody said or wrote
        :rtype: `dealer.fault.system`
        """
        return self.search([])._named_in(text) if text else self.browse()

    def _named_in(self, text):
        """Return which of these systems a text names; asks nothing of the database.

        :param str text: what somebody said or wrote
        :rtype: `dealer.fault.system`
        """
        text = (text or "").lower()
        return self.filtered(
            lambda system: any(word in text for word in system._get_words())
        )
