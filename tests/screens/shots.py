"""Which screens are photographed, as whom, and how one gets there."""

SHOTS = {}
ORDER = "dealer.repair.order"
# New staff for the probation list, which the story leaves empty: name, contract.
NEWCOMERS = [
    ("马晓峰", "2026-01-12", "2029-01-11"),
    ("宋雨桐", "2026-02-02", "2028-02-01"),
    ("罗子涵", "2026-03-16", False),
]


class House:
    """What the pictures need to know of the database.

    :param admin: client of an administrator
    :param str lang: language all users get
    """

    def __init__(self, admin, lang):
        self.admin = admin
        users = admin.call("res.users", "search", [("share", "=", False)])
        admin.call("res.users", "write", users, {"lang": lang})
        self._fill_probations()

    def _fill_probations(self):
        """Start the probation of a few newcomers, once."""
        call = self.admin.call
        if call("dealer.probation", "search_count", []):
            return
        for name, start, end in NEWCOMERS:
            contract = {
                "name": name,
                "date_version": start,
                "contract_date_start": start,
                "contract_date_end": end,
            }
            employee = call("hr.employee", "create", contract)
            call("dealer.probation", "create", {"employee_id": employee})

    def visit(self, key):
        """Return the id of a visit by its key in the story."""
        domain = [("external_ref", "=", f"STORY-{key}")]
        return self.admin.call(ORDER, "search", domain, limit=1)[0]

    def first(self, model, domain, order="id"):
        """Return the id of the first record found."""
        return self.admin.call(model, "search", domain, order=order, limit=1)[0]


def shot(name):
    """Register a function that opens a screen and returns its page."""

    def register(function):
        SHOTS[name] = function
        return function

    return register


def _list(name, login, path, phone=False):
    SHOTS[name] = lambda lens, house: lens.open(login, path, phone)


def _visit(lens, house, login, key, page_name=None):
    page = lens.open(login, f"repair-orders/{house.visit(key)}")
    if page_name:
        page.click(f".o_notebook .nav-link[name={page_name}]")
        lens.wait(page)
    return page


# === RECEPTION === #

_list("reception-board", "advisor1", "repair-orders")


@shot("order-intake")
def visit_intake(lens, house):
    """The intake sheet before the customer signs."""
    return _visit(lens, house, "advisor1", "M-26")


@shot("order-diagnosis")
def visit_diagnosis(lens, house):
    """The diagnosis sheet within the visit."""
    return _visit(lens, house, "advisor1", "M-25")


@shot("order-jobs")
def visit_jobs(lens, house):
    """The jobs of a visit in the workshop."""
    return _visit(lens, house, "advisor1", "M-22", "jobs")


@shot("customer-answer")
def visit_answer(lens, house):
    """The dialog that files the customer's answer."""
    page = _visit(lens, house, "advisor1", "M-24")
    page.get_by_role("button", name="Customer's answer").click()
    page.wait_for_selector(".modal .o_form_view")
    lens.wait(page)
    return page


@shot("order-job")
def visit_job(lens, house):
    """One job with its labour and parts."""
    job = house.first("dealer.repair.job", [("order_id", "=", house.visit("M-24"))])
    return lens.open("advisor1", f"jobs/{job}")


@shot("order-delivery")
def visit_delivery(lens, house):
    """The delivery sheet of a settled visit."""
    return _visit(lens, house, "advisor1", "M-21", "delivery")


_list("findings", "advisor1", "car-findings")

# === WORKSHOP === #

_list("phone-my-jobs", "tech3", "my-jobs", phone=True)
_list("workshop-jobs", "dispatcher1", "jobs")
_list("workshop-plan", "dispatcher1", "reservations")
_list("clocked-hours", "leader1", "clocked-hours")


@shot("phone-check")
def check_phone(lens, house):
    """A final check as the inspector fills it."""
    order = house.visit("W-24")
    domain = [("order_id", "=", order), ("state", "=", "open")]
    check = house.first("dealer.quality.check", domain)
    return lens.open("inspector3", f"inspections/{check}", phone=True)


# === SETTLEMENT === #


@shot("order-settlement")
def visit_settlement(lens, house):
    """What each payer owes and has paid."""
    return _visit(lens, house, "settlement1", "M-23", "settlement")


_list("arrears", "supervisor1", "arrears")

# === ARCHIVE === #


@shot("car-file")
def car_file(lens, house):
    """The file of a car with a history."""
    order = house.visit("M-01")
    car = house.admin.call(ORDER, "read", [order], ["vehicle_id"])[0]["vehicle_id"][0]
    return lens.open("archivist1", f"cars/{car}")


# === THE HOUSE === #

_list("store-stock", "manager1", "store-stock")
_list("follow-ups", "followup1", "follow-ups")
_list("probation", "admin", "probation")
