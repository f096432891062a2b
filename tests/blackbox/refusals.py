"""What every refusal looks like, whoever asks for what."""

import re

import pytest

from tests.rpc import RpcError

NOT_FOR_PEOPLE = re.compile(r"Traceback|psycopg2|odoo\.|\bNone\b|ERROR:|violates|\.py")


def refuse(shop, sentence, login, model, method, *args, **kwargs):
    """Expect one clear sentence, and that nothing has changed.

    :param str sentence: regular expression that the answer matches
    """
    before = shop.snapshot()
    user = shop.admin if login == "admin" else shop.user(login)
    with pytest.raises(RpcError) as caught:
        user.call(model, method, *args, **kwargs)
    error = caught.value
    assert re.search(sentence, error.message), error.message
    assert error.name in ("UserError", "AccessError"), error
    assert not NOT_FOR_PEOPLE.search(error.message), error.message
    assert not error.debug
    if error.name == "UserError":
        assert len(error.message.strip().splitlines()) == 1, error.message
    assert shop.snapshot() == before
