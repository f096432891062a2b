"""Arguments of public methods, read before anything happens.

A remote caller may send anything. A method names what it takes::

    @typed(payer=choice(PAYERS), due_date=date, reason=text)
    def approve_credit(self, payer, due_date, reason):

What cannot be read is refused by one sentence that names the argument; what can is
handed over as the method expects it: a number that came as text as a number, a date
as a date. Whether a value is missing or makes sense is for the method to say.
"""

import datetime
import functools
import inspect
import math

from odoo import fields
from odoo.exceptions import UserError

# Beyond these nobody means what they sent.
FIRST_YEAR, LAST_YEAR = 1950, 2199
LARGEST_NUMBER = 1e12
LARGEST_INTEGER = 2**31 - 1
# So much of a wrong value is repeated to the caller.
SHOWN_CHARACTERS = 40


def typed(**kinds):
    """Read the arguments of a public method by kind before it runs.

    :param kinds: a kind of this module by name of the argument
    """

    def decorate(method):
        signature = inspect.signature(method)

        @functools.wraps(method)
        def checked(self, *args, **kwargs):
            try:
                bound = signature.bind(self, *args, **kwargs)
            except TypeError as error:
                names = ", ".join(list(signature.parameters)[1:])
                raise UserError(
                    self.env._(
                        "%(method)s takes: %(names)s.",
                        method=method.__name__,
                        names=names,
                    )
                ) from error
            for name in kinds:
                if name in bound.arguments:
                    value = bound.arguments[name]
                    bound.arguments[name] = kinds[name](self.env, name, value)
            return method(*bound.args, **bound.kwargs)

        return checked

    return decorate


def _is_empty(value):
    """Tell whether a caller left a value out, by any of the ways there are."""
    return value is None or value is False or value == ""


def _refuse(env, name, value, wanted):
    """Refuse a value.

    :param str wanted: a sentence on what to send instead
    :raises UserError: naming the argument, the value and what is wanted
    """
    shown = str(value)
    if len(shown) > SHOWN_CHARACTERS:
        shown = shown[:SHOWN_CHARACTERS] + "…"
    raise UserError(
        env._(
            "%(name)s: “%(value)s” cannot be read. %(wanted)s",
            name=name,
            value=" ".join(shown.split()),
            wanted=wanted,
        )
    )


def text(env, name, value):
    """Read a text."""
    # A drawn signature comes as base64: as text from a client, as bytes from a form.
    if _is_empty(value) or isinstance(value, (str, bytes)):
        return value
    return _refuse(env, name, value, env._("Send a text."))


def flag(env, name, value):
    """Read a yes or no."""
    if value is None or isinstance(value, (bool, int)):
        return value
    return _refuse(env, name, value, env._("Send true or false."))


def number(env, name, value):
    """Read a number; one that is written in digits is a number too."""
    if _is_empty(value):
        return value
    try:
        result = math.nan if isinstance(value, (bool, list, dict)) else float(value)
    except (TypeError, ValueError):
        result = math.nan
    if math.isfinite(result) and abs(result) <= LARGEST_NUMBER:
        return value if isinstance(value, int) else result
    return _refuse(env, name, value, env._("Send a number."))


def integer(env, name, value):
    """Read a whole number."""
    result = number(env, name, value)
    if _is_empty(result):
        return result
    if result == int(result) and abs(result) <= LARGEST_INTEGER:
        return int(result)
    return _refuse(env, name, value, env._("Send a whole number."))


def _read_moment(env, name, value, convert, wanted):
    """Read a date or time by one of Odoo's converters."""
    if _is_empty(value):
        return False
    result = False
    if isinstance(value, (str, datetime.date)):
        try:
            result = convert(value)
        except ValueError:
            result = False
    if result and FIRST_YEAR <= result.year <= LAST_YEAR:
        return result
    return _refuse(env, name, value, wanted)


def date(env, name, value):
    """Read a date."""
    wanted = env._("Send a date as YYYY-MM-DD.")
    return _read_moment(env, name, value, fields.Date.to_date, wanted)


def moment(env, name, value):
    """Read a time in UTC."""
    wanted = env._("Send a time in UTC as YYYY-MM-DD HH:MM:SS.")
    return _read_moment(env, name, value, fields.Datetime.to_datetime, wanted)


def choice(selection):
    """Read one of a selection's keys.

    :param selection: keys, or pairs of key and label
    """
    keys = [one if isinstance(one, str) else one[0] for one in selection]

    def read(env, name, value):
        if _is_empty(value) or (isinstance(value, str) and value in keys):
            return value
        known = ", ".join(keys)
        wanted = env._("Send one of %(known)s.", known=known)
        return _refuse(env, name, value, wanted)

    return read


def record(model):
    """Read the id of a record of a model that exists.

    :param str model: name of the model
    """
    read_all = records(model)

    def read(env, name, value):
        return read_all(env, name, [value])[0]

    return read


def records(model):
    """Read a list of ids of records of a model that exist, all by one query.

    :param str model: name of the model
    """

    def read(env, name, value):
        if _is_empty(value):
            return []
        if not isinstance(value, (list, tuple)):
            return _refuse(env, name, value, env._("Send a list of ids."))
        ids = [False if _is_empty(one) else integer(env, name, one) for one in value]
        given = [one for one in ids if one is not False]
        # Whether the caller may see a record is for the method to ask.
        model_sudo = env[model].sudo()
        found = model_sudo.browse(one for one in given if one > 0).exists()
        known = set(found.ids)
        for one in given:
            if one not in known:
                wanted = env._(
                    "Send the id of a record of %(model)s that exists.",
                    model=env["ir.model"]._get(model).name,
                )
                return _refuse(env, name, one, wanted)
        return ids

    return read


def mapping(_required=(), **kinds):
    """Read a dictionary; keys that are not named here are left to the method.

    :param _required: keys that must be there
    :param kinds: a kind by key
    """

    def read(env, name, value):
        if not isinstance(value, dict):
            return _refuse(env, name, value, env._("Send a dictionary."))
        for key in _required:
            if _is_empty(value.get(key)):
                raise UserError(
                    env._("%(name)s: “%(key)s” is missing.", name=name, key=key)
                )
        return {
            key: kinds[key](env, key, one) if key in kinds else one
            for key, one in value.items()
        }

    return read


def rows(_required=(), **kinds):
    """Read a list of dictionaries, each as `mapping` reads one."""
    read_one = mapping(_required, **kinds)

    def read(env, name, value):
        if _is_empty(value):
            return []
        if not isinstance(value, (list, tuple)):
            wanted = env._("Send a list of dictionaries.")
            return _refuse(env, name, value, wanted)
        return [read_one(env, name, one) for one in value]

    return read
