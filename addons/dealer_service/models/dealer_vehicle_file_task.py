from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

# Days in which a new file is completed (A2).
FILE_DAYS = 2
# Files that one run of the alert tells of before it commits.
ALERT_BATCH = 200
# Overdue files that the desk shows; the archive lists all.
SHOWN_FILES = 12
ACTIVITY = "dealer_service.mail_activity_type_file"
SUPERVISOR = "dealer_service.group_dealer_supervisor"


class DealerVehicle(models.Model):
    """A file is complete within two days of the first visit (A2, C10).

    - The two days begin when the file is opened, or with the next visit of a car
      whose file is not complete. Custodian, else creator, has an activity for it.
    - It ends by itself when the file is complete, whoever completes it.
    - What is overdue stands in a list, and supervisors of the store are told once.
    """

    _inherit = "dealer.vehicle"

    file_due_date = fields.Date(
        string="File due",
        readonly=True,
        copy=False,
        help="Day until which the file has to be complete; empty once it is.",
    )
    file_alerted_on = fields.Date(
        string="Supervisor told on", readonly=True, copy=False
    )
    is_file_overdue = fields.Boolean(
        string="File overdue",
        compute="_compute_is_file_overdue",
        search="_search_is_file_overdue",
        help="The two days are over and the file is not complete.",
    )

    _file_due_idx = models.Index("(file_due_date) WHERE file_due_date IS NOT NULL")

    @api.depends("file_due_date")
    def _compute_is_file_overdue(self):
        """Compare with today."""
        today = self.env.company._dealer_today()
        for vehicle in self:
            due = vehicle.file_due_date
            vehicle.is_file_overdue = bool(due and due < today)

    def _search_is_file_overdue(self, operator, value):
        """Search files whose two days are over."""
        if operator != "in" or set(value) - {True}:
            return NotImplemented
        return [("file_due_date", "<", self.env.company._dealer_today())]

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        """Begin the two days of each new file."""
        vehicles = super().create(vals_list)
        vehicles._start_file_task()
        return vehicles

    def write(self, vals):
        """End the task of files that are complete now, follow the custodian."""
        result = super().write(vals)
        if not {"file_due_date", "file_alerted_on"} & set(vals):
            self._end_file_task()
            if "custodian_id" in vals:
                self._hand_over_file_task()
        return result

    # === BUSINESS METHODS === #

    def _start_file_task(self):
        """Begin the two days of files that are not complete and have no task yet."""
        vehicles = self.filtered(
            lambda vehicle: not vehicle.file_due_date and vehicle.completeness < 100
        )
        if not vehicles:
            return
        due = self.env.company._dealer_today() + timedelta(days=FILE_DAYS)
        # Whoever receives a car begins the task, also who may not write the file.
        vehicle_sudo = vehicles.sudo()
        vehicle_sudo.write({"file_due_date": due, "file_alerted_on": False})
        activity_sudo = self.env["mail.activity"].sudo()
        # The person who opens the file needs no message that a task is waiting.
        activity_sudo = activity_sudo.with_context(mail_activity_quick_update=True)
        activity_sudo.create(
            [vehicle._prepare_file_activity_vals(due) for vehicle in vehicle_sudo]
        )

    def _prepare_file_activity_vals(self, due):
        """Return the values of the activity of one file.

        :param date due: until when
        :rtype: dict
        """
        self.ensure_one()
        return {
            "activity_type_id": self.env.ref(ACTIVITY).id,
            "res_model_id": self.env["ir.model"]._get_id(self._name),
            "res_id": self.id,
            "user_id": self._get_file_keeper().id,
            "date_deadline": due,
            "summary": self.env._("Complete the car's file"),
        }

    def _get_file_keeper(self):
        """Return who completes the file: its custodian, else who opened it.

        :rtype: `res.users`
        """
        keeper = self.custodian_id or self.create_uid
        # Files that the system or somebody who left opened go to who is here now.
        return keeper if keeper.active and keeper._is_internal() else self.env.user

    def _get_file_activities(self):
        """Return the open activities of these files, elevated."""
        activity_sudo = self.env["mail.activity"].sudo()
        return activity_sudo.search(
            [
                ("res_model", "=", self._name),
                ("res_id", "in", self.ids),
                ("activity_type_id", "=", self.env.ref(ACTIVITY).id),
            ]
        )

    def _end_file_task(self):
        """End the tasks of files that are complete now."""
        done = self.filtered(
            lambda vehicle: vehicle.file_due_date and vehicle.completeness == 100
        )
        if not done:
            return
        # A customer's new address completes a file that its writer may not write.
        done_sudo = done.sudo()
        done_sudo._get_file_activities().action_done()
        done_sudo.write({"file_due_date": False, "file_alerted_on": False})

    def _hand_over_file_task(self):
        """Give the open task to the new custodian."""
        for keeper, vehicles in (
            self.filtered("file_due_date")
            .grouped(lambda vehicle: vehicle._get_file_keeper())
            .items()
        ):
            activities_sudo = vehicles._get_file_activities()
            activities_sudo.filtered(lambda a, k=keeper: a.user_id != k).write(
                {"user_id": keeper.id}
            )

    # === RECEPTION DESK === #

    @api.model
    def _prepare_overview_files(self):
        """Return the overdue files that people of the user's stores keep (A2).

        :rtype: list of dict
        """
        stores = self.env.companies.ids
        kept = Domain("custodian_id.company_id", "in", stores)
        opened = Domain("custodian_id", "=", False)
        opened &= Domain("create_uid.company_id", "in", stores)
        overdue = Domain("is_file_overdue", "=", True)
        files = self.search(
            overdue & (kept | opened), limit=SHOWN_FILES, order="file_due_date, id"
        )
        return [
            {
                "id": vehicle.id,
                "plate": vehicle.license_plate or vehicle.vin,
                "due_date": vehicle.file_due_date,
                "completeness": vehicle.completeness,
                "missing": vehicle.completeness_missing,
                "keeper": vehicle._get_file_keeper().sudo().name,
            }
            for vehicle in files
        ]

    # === CRON === #

    @api.model
    def _cron_alert_overdue_files(self):
        """Tell the supervisors of each store of its overdue files, once each (A2).

        A file belongs to the store of who keeps it. Each batch is told and marked
        in one transaction, so that a run that is cut off repeats nothing.
        """
        domain = self._get_overdue_files_domain()
        remaining = self.search_count(domain)
        while remaining:
            vehicles = self.search(domain, limit=ALERT_BATCH, order="id")
            vehicles._end_file_task()
            vehicles = vehicles.filtered("file_due_date")
            vehicles._alert_supervisors()
            for store, files in vehicles.grouped(
                lambda vehicle: vehicle._get_file_keeper().company_id
            ).items():
                files.write({"file_alerted_on": store._dealer_today()})
            remaining = self.search_count(domain)
            if not self.env["ir.cron"]._commit_progress(
                len(vehicles) or 1, remaining=remaining
            ):
                break

    @api.model
    def _get_overdue_files_domain(self):
        """Return which files are overdue in the store of their keeper, untold yet.

        :rtype: Domain
        """
        stores = self.env["res.company"]

        def is_over(keeper):
            return stores._dealer_today_domain(
                "file_due_date", "<", f"{keeper}.company_id"
            )

        by_custodian = Domain("custodian_id", "!=", False) & is_over("custodian_id")
        by_creator = Domain("custodian_id", "=", False) & is_over("create_uid")
        return Domain("file_alerted_on", "=", False) & (by_custodian | by_creator)

    def _alert_supervisors(self):
        """Send each supervisor one message with the overdue files of the store."""
        by_store = self.grouped(lambda vehicle: vehicle._get_file_keeper().company_id)
        for store, vehicles in by_store.items():
            told = self.env["res.users"]._get_dealer_staff(SUPERVISOR, store)
            if told:
                vehicles._send_file_alert(told)

    def _send_file_alert(self, users):
        """Send one message about these files.

        :param users: the `res.users` who are told
        """
        for lang, readers in users.grouped("lang").items():
            env = self.with_context(lang=lang).env
            self.env["mail.thread"].message_notify(
                subject=env._("Files overdue: %s", len(self)),
                body=self.with_env(env)._render_file_alert(),
                partner_ids=readers.partner_id.ids,
                email_layout_xmlid="mail.mail_notification_light",
            )

    def _render_file_alert(self):
        """Return the text of the message: each file with what it lacks."""
        return self.env["ir.qweb"]._render(
            "dealer_service.file_alert", {"vehicles": self}
        )
