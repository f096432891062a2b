"""Vehicle identification numbers (GB 16735, ISO 3779): functions on text only."""

import unicodedata

VIN_LENGTH = 17
# Value of each character in the sum of the check digit; I, O and Q do not exist.
VIN_VALUES = {str(digit): digit for digit in range(10)} | dict(
    zip("ABCDEFGHJKLMNPRSTUVWXYZ", map(int, "12345678123457923456789"), strict=True)
)
VIN_WEIGHTS = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)
# Zero-based position of the check digit.
CHECK_POSITION = 8


def normalise_vin(text):
    """Return the VIN as it is stored: half-width capitals without blanks.

    :param str text: what was typed, pasted or scanned; may be empty
    :return: the VIN, or an empty string
    :rtype: str
    """
    return "".join(unicodedata.normalize("NFKC", text or "").upper().split())


def foreign_characters(vin):
    """Return the characters that no VIN contains, each once, in reading order.

    :param str vin: a normalised VIN
    :rtype: str
    """
    return "".join(dict.fromkeys(char for char in vin if char not in VIN_VALUES))


def check_digit(vin):
    """Return the check digit that position 9 ought to have.

    Some imported cars do not use it, so a wrong one is no error.

    :param str vin: a normalised VIN of 17 allowed characters
    :rtype: str
    """
    total = sum(
        VIN_VALUES[char] * weight for char, weight in zip(vin, VIN_WEIGHTS, strict=True)
    )
    remainder = total % 11
    return "X" if remainder == 10 else str(remainder)


def is_well_formed(vin):
    """Tell whether a normalised VIN has 17 characters, all of them allowed."""
    return len(vin) == VIN_LENGTH and not foreign_characters(vin)
