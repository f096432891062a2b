"""Telephone numbers as people type them: functions on text only."""

import re
import unicodedata

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
