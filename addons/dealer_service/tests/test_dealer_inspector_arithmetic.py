from odoo.tests import tagged

from .workshop_common import DealerWorkshopCommon

FACTS = {
    "inspections": 0,
    "workload": 0,
    "days": 0,
    "target": 6,
    "missed_sheets": 0,
    "false_sheets": 0,
    "reported": 0,
    "false": 0,
    "missed": 0,
    "required": 0,
    "complete": 0,
    "on_time": 0,
}
# Worked out by hand: facts, then what follows; None stands for "N/A".
BY_HAND = [
    (
        "nothing to divide by: N/A, no grade",
        {},
        {
            "workload_index": None,
            "accuracy": None,
            "accuracy_defects": None,
            "completeness": None,
            "timeliness": None,
            "score": None,
            "grade": False,
        },
    ),
    (
        "present without a single inspection: a real zero, but no grade",
        {"days": 20},
        {"workload_index": 0, "accuracy": None, "score": None, "grade": False},
    ),
    (
        # 132 / (6 × 22) = 100; (40 − 2 − 1) / 40 = 92.5; d 10, k 1, b 2:
        # 9 / 11 = 81.8181…; 38 / 40 = 95; 36 / 40 = 90;
        # 0.2 × 100 + 0.4 × 92.5 + 0.2 × 95 + 0.2 × 90 = 20 + 37 + 19 + 18 = 94
        "a good month",
        {
            "inspections": 40,
            "workload": 132,
            "days": 22,
            "missed_sheets": 2,
            "false_sheets": 1,
            "reported": 10,
            "false": 1,
            "missed": 2,
            "required": 40,
            "complete": 38,
            "on_time": 36,
        },
        {
            "workload_index": 100,
            "accuracy": 92.5,
            "accuracy_defects": 81.8182,
            "completeness": 95,
            "timeliness": 90,
            "score": 94,
            "grade": "B",
        },
    ),
    (
        # 30 / (6 × 2) = 250, counts as 100; all else 100.
        "workload counts up to a hundred",
        {
            "inspections": 20,
            "workload": 30,
            "days": 2,
            "required": 20,
            "complete": 20,
            "on_time": 20,
        },
        {
            "workload_index": 250,
            "accuracy": 100,
            "accuracy_defects": None,
            "score": 100,
            "grade": "A",
        },
    ),
    (
        # No attended day: workload N/A; 0.4 × 80 + 0.2 × 100 + 0.2 × 50 = 62 of 80
        # parts: 77.5.
        "what does not apply leaves its part to the others",
        {
            "inspections": 10,
            "workload": 10,
            "missed_sheets": 2,
            "missed": 3,
            "required": 10,
            "complete": 10,
            "on_time": 5,
        },
        {
            "workload_index": None,
            "accuracy": 80,
            "accuracy_defects": 0,
            "score": 77.5,
            "grade": "C",
        },
    ),
    (
        # 3 / (6 × 5) = 10; 1 / 3 = 33.33; 2 / 4 = 50; 0;
        # 2 + 13.333 + 10 + 0 = 25.33
        "a bad month, one sheet never signed",
        {
            "inspections": 3,
            "workload": 3,
            "days": 5,
            "missed_sheets": 1,
            "false_sheets": 1,
            "reported": 1,
            "false": 1,
            "missed": 1,
            "required": 4,
            "complete": 2,
        },
        {
            "workload_index": 10,
            "accuracy": 33.3333,
            "accuracy_defects": 0,
            "completeness": 50,
            "timeliness": 0,
            "score": 25.33,
            "grade": "D",
        },
    ),
]


@tagged("post_install", "-at_install")
class TestInspectorArithmetic(DealerWorkshopCommon):
    """The formulas of section 4, each worked out by hand."""

    def test_figures_worked_out_by_hand(self):
        compute = self.env["dealer.inspector.evaluation"]._compute_figures_of
        for title, facts, expected in BY_HAND:
            found = compute({**FACTS, **facts})
            for name, value in expected.items():
                with self.subTest(title, figure=name):
                    if name == "grade":
                        self.assertEqual(found["grade"], value)
                    elif value is None:
                        self.assertFalse(found[f"has_{name}"])
                    else:
                        self.assertTrue(found[f"has_{name}"])
                        self.assertAlmostEqual(found[name], value, 3)

    def test_grades_begin_at_their_least_score(self):
        evaluations = self.env["dealer.inspector.evaluation"]
        for score, grade in (
            (95, "A"),
            (94.99, "B"),
            (85, "B"),
            (84.99, "C"),
            (70, "C"),
            (69.99, "D"),
        ):
            values = {
                f"has_{name}": name == "accuracy"
                for name in ("workload_index", "accuracy", "completeness", "timeliness")
            }
            values |= {"accuracy": score, "inspection_count": 1}
            with self.subTest(score=score):
                found = evaluations._compute_score(values)
                self.assertEqual((found["score"], found["grade"]), (score, grade))

    def test_the_sample_is_a_part_of_the_sheets_and_a_least_number(self):
        size = self.env["dealer.inspector.evaluation"]._get_sample_size
        for sheets, expected in ((0, 0), (2, 2), (3, 3), (60, 3), (61, 4), (200, 10)):
            with self.subTest(sheets=sheets):
                self.assertEqual(size(self.company, sheets), expected)
