"""Every Python example of docs/api.md runs, in the order of the page."""

import re

import pytest

from tests.blackbox.shop import SIGNATURE, Shop
from tests.blackbox.test_json2 import make_key
from tools.common import ROOT

PAGE = ROOT / "docs" / "api.md"
EXAMPLES = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.S)


@pytest.fixture(scope="module")
def names(demo_server):
    """Return the names that the page's examples share."""
    return {
        "url": demo_server.url,
        "database": demo_server.database,
        "signature": SIGNATURE,
        "api_key": make_key(Shop(demo_server), "advisor1"),
    }


def test_the_page_has_examples():
    assert len(EXAMPLES) >= 10


@pytest.mark.parametrize("number", range(len(EXAMPLES)))
def test_example(names, number):
    exec(compile(EXAMPLES[number], f"{PAGE.name} example {number}", "exec"), names)
