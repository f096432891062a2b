from odoo.tests import BaseCase

from ..models.vin import check_digit, foreign_characters, is_well_formed, normalise_vin

VALID_VINS = [
    "LSVNU2180N2012345",
    "LGBH52E06NY123456",
    "LFV2A21K1L3345678",
    "LGXC76C4XP0567890",
]


class TestVin(BaseCase):
    """GB 16735, section 6."""

    def test_every_way_of_typing_gives_one_spelling(self):
        for typed in (
            " lsvnu2180n2012345 ",
            "LSVNU 2180 N201 2345",
            "ＬＳＶＮＵ２１８０Ｎ２０１２３４５",
        ):
            with self.subTest(typed=typed):
                self.assertEqual(normalise_vin(typed), "LSVNU2180N2012345")

    def test_nothing_typed_is_no_vin(self):
        self.assertEqual(normalise_vin(False), "")
        self.assertEqual(normalise_vin("  "), "")

    def test_i_o_and_q_are_in_no_vin(self):
        self.assertEqual(foreign_characters("LSVNU2180N2O1Q3OI"), "OQI")
        self.assertEqual(foreign_characters("LSVNU2180N2012345"), "")

    def test_a_vin_has_seventeen_characters(self):
        self.assertTrue(is_well_formed("LSVNU2180N2012345"))
        self.assertFalse(is_well_formed("LSVNU2180N201234"))
        self.assertFalse(is_well_formed("LSVNU2180N20123456"))

    def test_position_nine_is_the_check_digit(self):
        for vin in VALID_VINS:
            with self.subTest(vin=vin):
                self.assertEqual(check_digit(vin), vin[8])

    def test_ten_is_written_as_x(self):
        self.assertEqual(check_digit("LGXC76C40P0567890"), "X")
