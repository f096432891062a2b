"""The first steps of a visit over JSON-2, the interface for new integrations."""

import http.cookiejar
import json
import urllib.error
import urllib.request

import pytest

from tests.blackbox.shop import ENGLISH, JOB, ORDER, PASSWORD, SIGNATURE
from tests.rpc import Json2Client

VEHICLE = "dealer.vehicle"
IDENTITY = "res.users.identitycheck"


class Browser:
    """A logged-in session of the web client, just enough to make an API key."""

    def __init__(self, server, login):
        self.url = server.url
        jar = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        self.opener = urllib.request.build_opener(jar)
        values = {"db": server.database, "login": login, "password": PASSWORD}
        self.post("web/session/authenticate", values)

    def post(self, path, params):
        """Call a route of the web client."""
        request = urllib.request.Request(
            f"{self.url}/{path}",
            data=json.dumps({"jsonrpc": "2.0", "params": params}).encode(),
            headers={"Content-Type": "application/json"},
        )
        with self.opener.open(request, timeout=60) as answer:
            return json.load(answer)["result"]

    def call(self, model, method, *args, **kwargs):
        """Call a method as the web client does."""
        params = {"model": model, "method": method, "args": args, "kwargs": kwargs}
        return self.post("web/dataset/call_kw", params)


def make_key(shop, login):
    """Let a user make an API key for a day, as the page of one's profile does."""
    browser = Browser(shop.server, login)
    model = "res.users.apikeys.description"
    wizard = browser.call(model, "create", [{"name": "ERP", "duration": "1"}])
    check = browser.call(model, "make_key", wizard)["res_id"]
    password = {"password": PASSWORD}
    answer = browser.call(IDENTITY, "run_check", [check], context=password)
    return answer["context"]["default_key"]


@pytest.fixture(scope="module")
def advisor(shop):
    """Return the advisor's API key as a client."""
    key = make_key(shop, "advisor1")
    return Json2Client(shop.server.url, shop.server.database, key)


@pytest.fixture(scope="module")
def technician(shop):
    """Return a technician's API key as a client."""
    key = make_key(shop, "tech1")
    return Json2Client(shop.server.url, shop.server.database, key)


def post(client, path, body, **headers):
    """Return status, content type and content of the answer to a POST."""
    request = urllib.request.Request(
        f"{client.url}/json/2/{path}",
        data=body if isinstance(body, bytes) else json.dumps(body).encode(),
        headers={
            "Authorization": f"bearer {client.key}",
            "Content-Type": "application/json",
            "X-Odoo-Database": client.database,
            **headers,
        },
    )
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return answer.status, answer.headers["Content-Type"], json.load(answer)
    except urllib.error.HTTPError as error:
        text = error.read()
        kind = error.headers["Content-Type"]
        return error.code, kind, json.loads(text) if "json" in kind else text.decode()


def refuse(client, status, sentence, model, method, **body):
    """Expect a status and, as JSON, the sentence that a user would read."""
    body.setdefault("context", ENGLISH)
    found, kind, answer = post(client, f"{model}/{method}", body)
    assert found == status, answer
    assert kind.startswith("application/json")
    assert sentence in answer["message"], answer["message"]
    assert "Traceback" not in answer["message"]
    assert "psycopg2" not in answer["message"]


def test_an_integration_takes_a_visit_to_the_first_decision(shop, advisor, technician):
    values = {"vin": shop.make_vin(), "plate": "沪D12345"}
    car = advisor.call(VEHICLE, "register", values=values)
    assert advisor.call(VEHICLE, "register", values=values) == car
    owner = advisor.call("res.partner", "create", vals_list=[{"name": "王小明"}])
    advisor.call(VEHICLE, "set_owner", [car], partner_id=owner[0])
    vals = shop.prepare_visit(vehicle_id=car, external_ref="JSON-1")
    ids = advisor.call(ORDER, "create", vals_list=[vals])
    assert advisor.call(ORDER, "create", vals_list=[vals]) == ids
    advisor.call(ORDER, "sign_intake", ids, signer="王", signature=SIGNATURE)
    advisor.call(ORDER, "action_start_diagnosis", ids)
    sheet = advisor.call(ORDER, "read", ids, fields=["diagnosis_id"])
    sheet_ids = [sheet[0]["diagnosis_id"][0]]
    found = {"findings": "机油变黑", "cause": "到期"}
    technician.call("dealer.diagnosis", "write", sheet_ids, vals=found)
    promised = advisor.call(ORDER, "propose_promise", ids)["promised_at"]
    vals = {"promised_at": promised}
    advisor.call(ORDER, "write", ids, vals=vals)
    advisor.call(ORDER, "action_offer", ids)
    answer = {
        "decisions": shop.prepare_answers(ids[0]),
        "signer": "王",
        "signature": SIGNATURE,
    }
    approvals = advisor.call(ORDER, "record_decisions", ids, **answer)
    assert advisor.call(ORDER, "record_decisions", ids, **answer) == approvals
    fields = ["state", "amount_total", "missing"]
    visit = advisor.call(ORDER, "read", ids, fields=fields)[0]
    assert visit["state"] == "accepted"
    assert visit["amount_total"] > 0
    domain = [("dealer_order_id", "in", ids)]
    assert shop.admin.count("sale.order", domain) == 1


def test_a_refusal_is_json_with_the_sentence(shop, advisor, technician):
    visit = shop.open_visit("offered")
    before = shop.snapshot()
    job = shop.jobs(visit)
    wrong = {"vin": "LSVNU2180N201234O"}
    refuse(advisor, 422, "no VIN contains O", VEHICLE, "register", values=wrong)
    state = {"ids": [visit], "vals": {"state": "delivered"}}
    refuse(advisor, 422, "use the steps", ORDER, "write", **state)
    ids = {"ids": [visit]}
    refuse(advisor, 422, "is not its next step", ORDER, "action_deliver", **ids)
    refuse(technician, 403, "This step is for", ORDER, "action_offer", **ids)
    price = {"ids": [visit], "fields": ["amount_total"]}
    refuse(technician, 403, "enough rights", ORDER, "read", **price)
    private = {"ids": job, "target": "approved"}
    refuse(advisor, 403, "rivate method", JOB, "_update_state", **private)
    line = {"ids": job, "vals": {"line_ids": [(0, 0, {"product_id": 0})]}}
    refuse(technician, 403, "not allowed", JOB, "write", **line)
    refuse(advisor, 404, "", "dealer.nonsense", "search", domain=[])
    assert shop.snapshot() == before


def test_a_price_below_zero_is_refused_by_name(shop, advisor):
    visit = shop.open_visit()
    line = shop.admin.search("dealer.repair.line", [("job_id", "in", shop.jobs(visit))])
    vals = {"ids": line[:1], "vals": {"price_unit": -1}}
    sentence = "a price cannot be negative"
    refuse(advisor, 422, sentence, "dealer.repair.line", "write", **vals)


def test_a_wrong_key_opens_nothing(shop, advisor):
    thief = Json2Client(advisor.url, advisor.database, "0" * 40)
    status, kind, answer = post(thief, f"{ORDER}/search", {"domain": []})
    assert status == 401
    assert kind.startswith("application/json")
    assert "Traceback" not in answer["message"]


@pytest.mark.parametrize(
    ("body", "headers", "status"),
    [
        (b"{not json", {}, 400),
        (b"domain=[]", {"Content-Type": "application/x-www-form-urlencoded"}, 415),
        (b'{"nonsense": 1}', {}, 422),
    ],
)
def test_a_malformed_request_is_the_callers_fault(advisor, body, headers, status):
    found, _kind, _answer = post(advisor, f"{ORDER}/action_offer", body, **headers)
    assert found == status
