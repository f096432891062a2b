"""Telephone numbers as people type them: functions on text only."""

import re
import unicodedata

# A shorter number is hidden but for its end.
LEAST_MASKED = 8
_COUNTRY_CODE = re.compile(r"^(?:00)?86(?=1\d{10}$)")

# The same in PostgreSQL, of a column `phone`; an index stands on it.
PHONE_DIGITS = (
    r"regexp_replace(phone, '^\s*(\+|00)?86(?=[ -]*1([ -]*\d){10}\s*$)|\D', '', 'g')"
)


def digits_of_phone(text):
    """Return the digits of a telephone number without the country code of China.

    :param str text: what was typed; may be empty
    :rtype: str
    """
    plain = unicodedata.normalize("NFKC", text or "")
    return _COUNTRY_CODE.sub("", re.sub(r"\D", "", plain))


def mask_phone(phone):
    """Return a number that shows whose it is to those who know it: 138****0001.

    :param str phone: as somebody wrote it; may be empty
    :rtype: str
    """
    digits = digits_of_phone(phone)
    if not digits:
        return phone and "****"
    if len(digits) < LEAST_MASKED:
        return f"****{digits[-2:]}"
    return f"{digits[:3]}****{digits[-4:]}"
