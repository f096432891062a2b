import os

from odoo import api, models


class ResUsers(models.Model):
    _inherit = "res.users"

    def _register_hook(self):
        """Override of `base` to keep demo logins, whose password the README
        prints, out of production.

        :raises RuntimeError: if ``DEALER_ENV=production`` and an active demo user
            exists; the server then refuses to serve the database.
        """
        super()._register_hook()
        if os.environ.get("DEALER_ENV") != "production":
            return
        demo_users = self.env["ir.model.data"].search(
            [
                ("module", "=", "dealer_service"),
                ("model", "=", "res.users"),
                ("name", "=like", "demo\\_user\\_%"),
            ]
        )
        active = self.browse(demo_users.mapped("res_id")).exists().filtered("active")
        if active:
            raise RuntimeError(
                "This is a production server (DEALER_ENV=production) but the "
                f"database has {len(active)} demo users, e.g. {active[0].login}. "
                "Archive them or start from a database without demo data."
            )

    @api.model
    def _get_dealer_staff(self, group, company):
        """Return who has a role in a store, by another role or another group, too.

        :param str group: external id of a `res.groups`
        :param company: a `res.company`; people of several stores count in each
        :rtype: `res.users`
        """
        # Everybody may tell those who should know, not read who they are.
        group_sudo = self.env.ref(group).sudo()
        return group_sudo.all_user_ids.filtered(
            lambda user: (
                user.active
                and not user.share
                and not user._is_superuser()
                and company in user.company_ids
            )
        )
