from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import float_round

from .dealer_pricing import Ask


class DealerServicePackage(models.Model):
    """Work that is sold as one thing: labour and parts with their quantities (C4).

    - A package holds no price. Labour and parts cost what the price list of who pays
      says (rule 7), less the package's own discount if it has one.
    - It fits the models and brands named, or every car when none is named.
    - A package without a store is sold by all of them.
    - Packages are archived, never deleted: jobs and plans name them.
    """

    _name = "dealer.service.package"
    _description = "Service package"
    _inherit = ["dealer.shared.list.mixin"]
    _order = "sequence, id"
    _check_company_auto = True
    _rec_names_search = ["name", "code"]

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True, copy=False)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company",
        string="Store",
        index=True,
        default=lambda self: self._default_list_company(),
        help="Empty: sold by all stores.",
    )
    category_id = fields.Many2one(
        "dealer.repair.category",
        string="Repair category",
        required=True,
        ondelete="restrict",
        help="Gives the job its statutory class, guarantee and payer.",
    )
    drive = fields.Selection(
        [
            ("all", "All cars"),
            ("engine", "Cars with an engine"),
            ("electric", "Battery-electric cars"),
        ],
        string="For",
        required=True,
        default="all",
    )
    model_ids = fields.Many2many(
        "fleet.vehicle.model", string="Models", help="Empty: all models."
    )
    brand_ids = fields.Many2many(
        "fleet.vehicle.model.brand", string="Brands", help="Empty: all brands."
    )
    note = fields.Text(string="What is done", translate=True)
    line_ids = fields.One2many(
        "dealer.service.package.line", "package_id", string="Labour and parts"
    )
    included_ids = fields.Many2many(
        "dealer.service.package",
        "dealer_service_package_included_rel",
        "package_id",
        "included_id",
        string="Counts also as",
        help="Smaller packages that need not be done any more when this one is, e.g. "
        "the oil service within the level-1 maintenance.",
    )
    included_in_ids = fields.Many2many(
        "dealer.service.package",
        "dealer_service_package_included_rel",
        "included_id",
        "package_id",
        string="Included in",
    )
    hours = fields.Float(
        string="Standard hours", compute="_compute_hours", store=True, aggregator=False
    )
    discount = fields.Float(
        string="Discount (%)",
        digits="Discount",
        aggregator=False,
        groups="dealer_service.group_dealer_price",
        help="What the package is cheaper than its labour and parts one by one.",
    )
    currency_id = fields.Many2one("res.currency", compute="_compute_price")
    price = fields.Monetary(
        compute="_compute_price",
        groups="dealer_service.group_dealer_price",
        help="Taxes included, in this store and for a customer without a price "
        "list of his own.",
    )

    _code_uniq = models.UniqueIndex(
        "(code, COALESCE(company_id, 0))",
        lambda env, _diag: env._("Code: another service package has this code."),
    )
    _discount_range = models.Constraint(
        "CHECK (discount IS NULL OR discount BETWEEN 0 AND 100)",
        lambda env, _diag: env._("Discount: enter 0 to 100 percent."),
    )

    # === COMPUTE METHODS === #

    @api.depends("line_ids.quantity", "line_ids.kind")
    def _compute_hours(self):
        """Sum the hours of the labour."""
        for package in self:
            labour = package.line_ids.filtered(lambda line: line.kind == "labour")
            package.hours = sum(labour.mapped("quantity"))

    @api.depends("line_ids.quantity", "line_ids.product_id", "discount")
    @api.depends_context("company")
    def _compute_price(self):
        """Show what the package costs somebody without terms of his own."""
        company = self.env.company
        prices = self._get_prices(self.env["res.partner"], company)
        terms = self.env["dealer.pricing"]._get_terms(self.env["res.partner"], company)
        for package in self:
            package.currency_id = terms.currency
            package.price = prices[package]

    # === BUSINESS METHODS === #

    def _get_prices(self, partner, company):
        """Return what each package costs a partner in a store, taxes included.

        :param partner: the `res.partner` who pays; empty for nobody in particular
        :param company: the store, a `res.company`
        :rtype: dict
        """
        pricing = self.env["dealer.pricing"]
        terms = pricing._get_terms(partner, company)
        # Discounts are hidden from roles that see no price; they get none here.
        lines_sudo = self.sudo().line_ids
        asks, discounts = {}, {}
        for line in lines_sudo.filtered("product_id"):
            asks[line] = Ask(
                line.product_id.sudo(False),
                line.quantity,
                line.product_id.uom_id,
                terms,
            )
            discounts[line] = line.package_id.discount
        totals = pricing._get_totals(asks, discounts)
        prices = dict.fromkeys(self, 0.0)
        for package in self:
            amounts = [totals.get(line, 0.0) for line in package.sudo().line_ids]
            prices[package] = float_round(
                sum(amounts), precision_rounding=terms.currency.rounding
            )
        return prices

    @api.model
    def _get_fitting_domain(self, vehicle, company):
        """Return the domain of the packages that fit a car in a store.

        :param vehicle: a `dealer.vehicle`
        :param company: a `res.company`
        :rtype: Domain
        """
        model = vehicle.model_id
        domain = Domain("company_id", "in", [False, company.id])
        domain &= Domain("line_ids", "!=", False)
        if drive := self._get_drive(vehicle):
            domain &= Domain("drive", "in", ["all", drive])
        unbound = Domain("model_ids", "=", False) & Domain("brand_ids", "=", False)
        if not model:
            return domain & unbound
        return domain & (
            unbound
            | Domain("model_ids", "in", model.ids)
            | Domain("brand_ids", "in", model.brand_id.ids)
        )

    def _get_labour(self):
        """Return the ids of the labour products that the package consists of.

        :rtype: frozenset
        """
        self.ensure_one()
        labour = self.line_ids.filtered(lambda line: line.kind == "labour")
        return frozenset(labour.product_id.ids)

    @api.model
    def _get_drive(self, vehicle):
        """Return whether a car has an engine or is electric; False if unknown."""
        energy = vehicle.energy or vehicle.model_id.default_fuel_type
        if not energy:
            return False
        return "electric" if energy == "electric" else "engine"

    def _prepare_job_vals(self, order, sequence):
        """Return the values of the job that sells this package on a visit.

        :param order: a `dealer.repair.order`
        :param int sequence: the job's place on the visit
        :rtype: dict
        """
        self.ensure_one()
        package = self.with_context(lang=order.partner_id.lang or self.env.lang)
        payer = package.category_id.default_payer
        if payer not in ("internal", "goodwill"):
            payer = "customer"
        return {
            "order_id": order.id,
            "sequence": sequence,
            "name": package.name,
            "correction": package.note,
            "category_id": package.category_id.id,
            "method": "item",
            "payer": payer,
            "package_id": package.id,
            "line_ids": [
                fields.Command.create(line._prepare_repair_line_vals(payer))
                for line in package.line_ids
            ],
        }

    def _ensure_sold(self, company):
        """Refuse packages that a store does not sell (any more).

        :param company: a `res.company`
        :raises UserError: naming the package
        """
        for package in self:
            stores = package.sudo().company_id
            if not package.active or (stores and stores != company):
                raise UserError(
                    package.env._(
                        "%(package)s is not sold in %(store)s (any more). Choose "
                        "another service package.",
                        package=package.sudo().name,
                        store=company.name,
                    )
                )
            if not package.line_ids:
                raise UserError(
                    package.env._(
                        "%(package)s has no labour and no parts yet. Complete it "
                        "under Configuration, Service packages.",
                        package=package.name,
                    )
                )
