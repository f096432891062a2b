from odoo.fields import Command

from .two_stores_common import DealerTwoStoresCommon


class DealerServicePackageCommon(DealerTwoStoresCommon):
    """Two packages without taxes: an oil service for 430, front brakes for 400."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # Whatever the database brings along is not what these tests offer.
        cls.env["dealer.service.package"].search([]).active = False
        cls.env["dealer.maintenance.plan"].search([]).active = False
        (cls.labour | cls.labour2 | cls.oil | cls.pads).taxes_id = False
        cls.oil_service = cls._create_package(
            "oil", "机油保养", {cls.labour: 0.5, cls.oil: 1}
        )
        cls.brakes = cls._create_package(
            "brakes", "前刹车片", {cls.labour2: 0.8, cls.pads: 1}
        )

    @classmethod
    def _create_package(cls, code, name, content, **values):
        """Create a package that all stores sell.

        :param dict content: quantity by product
        """
        return cls.env["dealer.service.package"].create(
            {
                "code": code,
                "name": name,
                "category_id": cls.category.id,
                "line_ids": [
                    Command.create({"product_id": product.id, "quantity": quantity})
                    for product, quantity in content.items()
                ],
                **values,
            }
        )

    def _add(self, package, order=None):
        """Add a package to a visit and return its job."""
        order = order or self._create_repair_order(job_ids=[])
        order = order.with_user(self.advisor)
        return order.job_ids.browse(order.add_packages(package.ids))

    def _suggest(self, vehicle=None, user=None, **values):
        model = self.env["dealer.service.package"].with_user(user or self.advisor)
        return model.suggest((vehicle or self.vehicle).id, **values)
