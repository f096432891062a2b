from odoo import models


class DealerRepairOrder(models.Model):
    """Parts of a visit: what holds it up, what is told, what is paid, old parts."""

    _inherit = "dealer.repair.order"

    # === GATES === #

    def _get_missing_for_request_inspection(self):
        """Extend: no part on its way back may be left open (F10)."""
        missing = super()._get_missing_for_request_inspection()
        for part_return in self._get_open_returns():
            missing.append(part_return._get_open_sentence())
        return missing

    def _get_open_returns(self):
        """Return what the workshop brings back and nobody has taken yet."""
        jobs = self._get_approved_jobs()
        return jobs.requisition_ids.return_ids.filtered(
            lambda part_return: part_return.state in ("asked", "checked")
        )

    # === MONEY === #

    def _get_billable_sales(self):
        """Extend to what was billed, even when all of it came back since."""
        sales = super()._get_billable_sales()
        return sales | self.sale_order_ids.filtered(
            lambda sale: (
                sale.state == "sale"
                and sale.invoice_status == "to invoice"
                and sale.invoice_ids
            )
        )

    # === OLD PARTS === #

    def _get_old_parts(self, jobs=None):
        """Return what became of the old part of every new one (F10, F13).

        :param jobs: some of the visit's jobs; all that are approved by default
        :return: dicts with ``part``, ``quantity``, ``result`` (a key of
            `const.OLD_PART_RESULTS`, or False) and ``label``
        :rtype: list
        """
        self.ensure_one()
        labels = dict(
            self.env["dealer.parts.requisition.line"]
            ._fields["old_part"]
            ._description_selection(self.env)
        )
        if jobs is None:
            jobs = self._get_approved_jobs()
        lines = jobs.requisition_ids.line_ids
        return [
            {
                "part": line.repair_line_id.name,
                "quantity": line.quantity_sold or line.quantity_approved,
                "result": line.old_part,
                "label": labels.get(line.old_part, ""),
            }
            for line in lines
            if line.state != "released"
        ]

    def _action_post_deliver(self):
        """Extend: what the customer waived in writing is left to the shop."""
        result = super()._action_post_deliver()
        waived = self.filtered(lambda order: order.old_parts_result == "waived")
        lines_sudo = waived.sudo().job_ids.requisition_ids.line_ids
        lines_sudo.filtered(lambda line: line.old_part == "returned").old_part = "shop"
        return result

    # === TELLING === #

    def _notify_users(self, users, body):
        """Put a sentence into the inbox of some users.

        :param res.users users: who should know
        :param str body: the sentence
        """
        self.ensure_one()
        partners = (users - self.env.user).filtered("active").partner_id
        if partners:
            self.sudo().message_notify(
                body=body, subject=self.display_name, partner_ids=partners.ids
            )
