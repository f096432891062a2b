from odoo.tests import HttpCase, tagged

from .service_common import DealerServicePackageCommon


class EstimateTourCase(DealerServicePackageCommon, HttpCase):
    """The advisor makes an estimate, and books what is not done today."""

    def _decline(self):
        """Let the car remember a job that was too dear."""
        first = self._bring_to("offered")
        self._decide(first, "declined", reason="太贵")
        first.with_user(self.advisor).action_leave("下次再说")
        return self.vehicle.finding_ids

    def _play(self):
        """Offer a package and an earlier finding; book what is put off."""
        self._decline()
        order = self._create_repair_order(job_ids=[], mileage=31000)
        self._bring_to("diagnosis", order)
        self.start_tour(
            f"/odoo/repair-orders/{order.id}",
            "dealer_estimate_package_to_offer",
            login=self.advisor.login,
        )
        self.env.invalidate_all()
        self.assertEqual(order.state, "offered")
        self.assertEqual(
            sorted(order.job_ids.mapped("name")), ["前刹车片", "拖车费", "更换机油"]
        )
        self.assertEqual(set(order.job_ids.mapped("state")), {"offered"})
        self.start_tour(
            f"/odoo/repair-orders/{order.id}",
            "dealer_estimate_book_rest",
            login=self.advisor.login,
        )
        self.env.invalidate_all()
        self.assertEqual(order.state, "left")
        self.assertEqual(order.next_order_id.state, "booked")
        self.assertEqual(len(order.next_order_id.job_ids), 3)


@tagged("post_install", "-at_install")
class TestEstimateTour(EstimateTourCase):
    browser_size = "1440x900"

    def test_from_the_package_to_the_offer(self):
        self._play()

    def test_the_desk_offers_a_finding_again_with_the_car(self):
        finding = self._decline()
        self.start_tour(
            "/odoo/reception", "dealer_estimate_desk_revive", login=self.advisor.login
        )
        self.env.invalidate_all()
        order = self.vehicle.repair_order_ids.filtered(lambda o: o.state == "intake")
        self.assertEqual(order.job_ids.finding_id, finding)


@tagged("post_install", "-at_install")
class TestEstimateTabletTour(EstimateTourCase):
    browser_size = "820x1180"
    touch_enabled = True

    def test_from_the_package_to_the_offer_on_a_tablet(self):
        self._play()
