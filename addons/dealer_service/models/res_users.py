import os

from odoo import models


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
