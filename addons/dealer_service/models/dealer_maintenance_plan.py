from odoo import api, fields, models


class DealerMaintenancePlan(models.Model):
    """What a car of a model needs, and how often (A3, C12).

    One plan for each model; a plan of a brand serves the models that have none.
    Plans are shared by all stores. Their numbers are the maker's or the group's own
    and only advise: nothing is sold by itself.
    """

    _name = "dealer.maintenance.plan"
    _description = "Maintenance plan"
    _order = "brand_id, model_id, id"
    _rec_names_search = ["model_id.name", "brand_id.name"]

    active = fields.Boolean(default=True)
    model_id = fields.Many2one("fleet.vehicle.model", ondelete="restrict", index=True)
    brand_id = fields.Many2one(
        "fleet.vehicle.model.brand",
        ondelete="restrict",
        index=True,
        help="For all models of the brand that have no plan of their own.",
    )
    item_ids = fields.One2many("dealer.maintenance.plan.item", "plan_id", string="Work")
    item_count = fields.Integer(string="Items", compute="_compute_item_count")

    _model_or_brand = models.Constraint(
        "CHECK ((model_id IS NULL) != (brand_id IS NULL))",
        lambda env, _diag: env._("Maintenance plan: choose either a model or a brand."),
    )
    _model_uniq = models.UniqueIndex(
        "(model_id) WHERE model_id IS NOT NULL AND active",
        lambda env, _diag: env._("Model: it has a maintenance plan already."),
    )
    _brand_uniq = models.UniqueIndex(
        "(brand_id) WHERE brand_id IS NOT NULL AND active",
        lambda env, _diag: env._("Brand: it has a maintenance plan already."),
    )

    @api.depends("model_id.display_name", "brand_id.display_name")
    def _compute_display_name(self):
        """Name a plan by its model or brand."""
        for plan in self:
            subject = plan.model_id or plan.brand_id
            plan.display_name = subject.display_name or plan.env._("New")

    @api.depends("item_ids")
    def _compute_item_count(self):
        """Count the work planned."""
        for plan in self:
            plan.item_count = len(plan.item_ids)

    @api.onchange("model_id")
    def _onchange_model_id(self):
        """A plan of a model is no plan of a brand."""
        if self.model_id:
            self.brand_id = False

    @api.onchange("brand_id")
    def _onchange_brand_id(self):
        """A plan of a brand is no plan of a model."""
        if self.brand_id:
            self.model_id = False

    @api.model
    def _get_plans(self, vehicles):
        """Return the plan of each car: its model's, else its brand's.

        :param vehicles: `dealer.vehicle` records
        :rtype: dict
        """
        car_models = vehicles.model_id
        plans = self.search(
            [
                "|",
                ("model_id", "in", car_models.ids),
                ("brand_id", "in", car_models.brand_id.ids),
            ]
        )
        by_subject = {plan.model_id or plan.brand_id: plan for plan in plans}
        return {
            vehicle: by_subject.get(vehicle.model_id)
            or by_subject.get(vehicle.model_id.brand_id)
            or self.browse()
            for vehicle in vehicles
        }
