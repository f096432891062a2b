"""Licence plates of the PRC (GA 36): functions on text only."""

import re
import unicodedata

PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
# Plates carry simplified characters; people type both spellings.
SIMPLIFIED = str.maketrans(
    "滬雲遼魯蘇贛晉陝閩貴粵寧瓊掛學臨", "沪云辽鲁苏赣晋陕闽贵粤宁琼挂学临"
)
SEPARATORS = str.maketrans("", "", "·•・‧∙⋅.-‐‑–—−_")

_ORDINARY = rf"[{PROVINCES}][A-HJ-Z][A-HJ-NP-Z0-9]{{4}}[A-HJ-NP-Z0-9挂学警港澳]"
_NEW_ENERGY = (
    rf"[{PROVINCES}][A-HJ-Z](?:[0-9]{{5}}[A-HJK]|[A-HJK][A-HJ-NP-Z0-9][0-9]{{4}})"
)
# The mark 临 stands in front, behind the place or at the end.
_TEMPORARY = rf"(?=[^临]*临[^临]*$)临?[{PROVINCES}][A-HJ-Z]临?[A-HJ-NP-Z0-9]{{4,6}}临?"
PLATE_REGEX = re.compile(rf"(?:{_ORDINARY}|{_NEW_ENERGY}|{_TEMPORARY})")


def normalise_plate(text):
    """Return the plate as it is stored.

    Half-width capitals, simplified characters, no blanks and no separators, so
    that every way of typing one plate gives the same text.

    :param str text: what was typed, pasted or scanned; may be empty
    :return: the plate, or an empty string
    :rtype: str
    """
    plate = "".join(unicodedata.normalize("NFKC", text or "").upper().split())
    return plate.translate(SEPARATORS).translate(SIMPLIFIED)


def is_valid_plate(plate):
    """Tell whether a normalised plate is ordinary, new-energy or temporary."""
    return bool(PLATE_REGEX.fullmatch(plate))
