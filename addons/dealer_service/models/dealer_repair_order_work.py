from odoo import fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command, Domain

from ..const import JOB_APPROVED_STATES
from ..utils import as_step
from .dealer_repair_order_flow import ADVISOR
from .dealer_service_package_suggest import POPULAR_MONTHS

# What `add_work` takes.
WORK_FIELDS = {"name", "method", "category_id", "job_id", "lines"}


class DealerRepairOrder(models.Model):
    """Work added quickly: by item, by the system at fault, by the symptom (C4)."""

    _inherit = "dealer.repair.order"

    def add_work(self, values):
        """Add labour and parts: as a new job, or to a draft job of the visit.

        :param dict values: ``lines``: dicts with ``product_id`` and optionally
            ``quantity`` and ``part_origin``; optionally ``name`` (the first labour by
            default), ``method`` (``item``, ``system``, ``symptom``), ``category_id``
            and ``job_id`` (the draft job to add to)
        :raises AccessError: if the user is no advisor
        :raises UserError: if the visit takes no new work or the job is no draft
        :raises ValidationError: if a key is unknown, or nothing is to be added
        :return: id of the `dealer.repair.job`
        :rtype: int
        """
        self.ensure_one()
        self._ensure_role((ADVISOR,))
        self.check_access("write")
        self._lock()
        self._ensure_takes_work()
        lines = self._read_work_lines(values)
        if job_id := values.get("job_id"):
            job = self.job_ids.filtered(lambda j: j.id == job_id)
            if job.state != "draft":
                raise UserError(
                    self.env._("Add to: choose a draft job of %s.", self.name)
                )
            job.write({"line_ids": [Command.create(vals) for vals in lines]})
            return job.id
        # Whether it is an add-on is said by the step, by no caller.
        jobs = as_step(self.env["dealer.repair.job"])
        return jobs.create(self._prepare_work_vals(values, lines)).id

    def _read_work_lines(self, values):
        """Return the values of the lines to add.

        :raises ValidationError: if a key is unknown, or there is no line
        :rtype: list of dicts
        """
        unknown = set(values) - WORK_FIELDS
        lines = values.get("lines") or []
        for line in lines:
            if not isinstance(line, dict) or not line.get("product_id"):
                raise ValidationError(
                    self.env._("Labour and parts: each line names its product.")
                )
            unknown |= set(line) - {"product_id", "quantity", "part_origin"}
        if unknown:
            raise ValidationError(
                self.env._(
                    "Work: unknown value %(names)s.", names=", ".join(sorted(unknown))
                )
            )
        if not lines:
            raise ValidationError(
                self.env._("Labour and parts: choose at least one to add.")
            )
        return [{key: val for key, val in line.items() if val} for line in lines]

    def _prepare_work_vals(self, values, lines):
        """Return the values of a new job with these lines.

        :rtype: dict
        """
        products = self.env["product.product"].browse(
            [line["product_id"] for line in lines]
        )
        lang = self.partner_id.lang or self.env.lang
        labour = products.filtered(lambda product: product.dealer_kind == "labour")
        named = (labour or products)[:1].with_context(lang=lang)
        category = values.get("category_id") or self._get_usual_category().id
        last = max(self.job_ids.mapped("sequence"), default=0)
        return {
            "order_id": self.id,
            "sequence": last + 1,
            "name": (values.get("name") or "").strip() or named.name,
            "method": values.get("method") or "item",
            "category_id": category,
            "line_ids": [Command.create(vals) for vals in lines],
            **self._prepare_later_vals(self.env._("The customer wishes it as well.")),
        }

    def _get_usual_category(self):
        """Return the category of the last job here, or the store's most frequent.

        :rtype: `dealer.repair.category`
        """
        self.ensure_one()
        if category := self.job_ids.category_id[-1:]:
            return category
        found = self.env["dealer.repair.job"]._read_group(
            Domain("company_id", "=", self.company_id.id)
            & Domain("category_id.active", "=", True)
            & Domain("package_id", "=", False)
            & Domain("create_date", ">=", self._get_popular_since()),
            ["category_id"],
            ["__count"],
            order="__count DESC, category_id",
            limit=1,
        )
        if found:
            return found[0][0]
        general = self.env.ref("dealer_service.dealer_repair_category_general", False)
        if general and general.active:
            return general
        return self.env["dealer.repair.category"].search([], limit=1)

    def _get_popular_since(self):
        """Return since when favourites are counted."""
        return fields.Date.add(self.env.company._dealer_today(), months=-POPULAR_MONTHS)

    def suggest_operations(self, text=False, system_id=False, limit=8):
        """Return labour and parts for a system of the car, or for a symptom.

        The words of the system, or of the systems that the text names, are looked
        for in the names of labour and parts; what this store sells most comes first.
        A symptom alone also proposes the diagnosis of the store.

        :param str text: what the customer says
        :param int system_id: id of a `dealer.fault.system`
        :param int limit: how many labour operations, and how many parts
        :return: ids of `product.product`, labour before parts
        :rtype: list
        """
        self.ensure_one()
        self._ensure_role((ADVISOR,))
        self.check_access("read")
        systems = self.env["dealer.fault.system"].browse(system_id or 0).exists()
        systems = systems or self._find_systems(text)
        found = self.env["product.product"]
        if text and not system_id:
            found |= self.company_id.dealer_diagnosis_product_id
        words = {word for system in systems for word in system._get_words()}
        if words:
            for kind in ("labour", "part"):
                found |= self._find_products(words, kind, limit)
        return found.ids

    def _find_systems(self, text):
        """Return the systems of the car that a text names."""
        return self.env["dealer.fault.system"]._find_in(text)

    def _find_products(self, words, kind, limit):
        """Return products of a kind that are called by one of the words.

        :rtype: `product.product`
        """
        products = self.env["product.product"].search(
            Domain("dealer_kind", "=", kind)
            & Domain("sale_ok", "=", True)
            & Domain("company_id", "in", [False, self.company_id.id])
            & Domain.OR(Domain("name", "ilike", word) for word in sorted(words))
        )
        sold = dict(
            self.env["dealer.repair.line"]._read_group(
                Domain("product_id", "in", products.ids)
                & Domain("company_id", "=", self.company_id.id)
                & Domain("job_id.state", "in", list(JOB_APPROVED_STATES))
                & Domain("create_date", ">=", self._get_popular_since()),
                ["product_id"],
                ["__count"],
            )
        )
        return products.sorted(lambda product: -sold.get(product, 0))[:limit]
