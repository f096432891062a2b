"""Which screens are photographed, as whom, and how one gets there."""

SHOTS = {}
ORDER = "dealer.repair.order"
# When the pictures are taken, UTC: the day after the month, at eleven in the morning.
NOW = "2026-04-01T03:00:00"
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

    def read(self, model, record_id, name):
        """Return one value of a record."""
        return self.admin.call(model, "read", [record_id], [name])[0][name]


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


def _intake(lens, house, key, step, phone=False):
    """Open a step of the guided intake."""
    path = f"repair-orders/{house.visit(key)}/intake"
    page = lens.open("advisor1", path, phone)
    page.click(f".o_dealer_step[data-step={step}]")
    lens.wait(page)
    return page


# === RECEPTION === #

_list("reception-desk", "advisor1", "reception")
_list("phone-desk", "advisor1", "reception", phone=True)
_list("reception-board", "advisor1", "repair-orders")


@shot("reception-car")
def reception_car(lens, house):
    """An expected car, whose owner complains of work that is under guarantee."""
    car = house.read(ORDER, house.visit("E-20"), "vehicle_id")[0]
    page = lens.open("advisor1", f"reception/{car}")
    page.fill("#o_dealer_concern", "顺便看看：早上又打不着火，电瓶不是刚换的吗？")
    page.wait_for_selector(".o_dealer_desk_comeback")
    lens.wait(page)
    return page


@shot("intake-damage")
def intake_damage(lens, house):
    """The damages marked on the drawing of the car."""
    return _intake(lens, house, "T-12", "damage")


@shot("phone-intake")
def intake_phone(lens, house):
    """Belongings and papers, on a phone beside the car."""
    return _intake(lens, house, "T-12", "belongings", phone=True)


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

_list("workshop-board", "dispatcher1", "workshop-board")
_list("phone-my-jobs", "tech1", "my-jobs", phone=True)
_list("workshop-jobs", "dispatcher1", "jobs")
_list("technician-figures", "leader1", "technician-figures")


@shot("phone-check")
def check_phone(lens, house):
    """A final check as the inspector fills it."""
    order = house.visit("W-24")
    domain = [("order_id", "=", order), ("state", "=", "open")]
    check = house.first("dealer.quality.check", domain)
    return lens.open("inspector3", f"inspections/{check}", phone=True)


@shot("inspector-figures")
def figures(lens, house):
    """The month of an inspector: workload, accuracy, completeness, timeliness."""
    domain = [("month", "=", "2026-03-01"), ("inspection_count", ">", 0)]
    line = house.first("dealer.inspector.evaluation", domain)
    return lens.open("quality1", f"inspector-figures/{line}")


# === PARTS === #

_list("parts-to-issue", "parts1", "parts-to-issue")

# === SETTLEMENT === #


@shot("order-settlement")
def visit_settlement(lens, house):
    """What each payer owes and has paid."""
    return _visit(lens, house, "settlement1", "M-23", "settlement")


@shot("till")
def till(lens, _house):
    """Cash and card for one bill, and the change."""
    page = lens.open("settlement1", "to-settle")
    page.locator(".o_data_row button[name=action_open_till]").first.click()
    page.wait_for_selector(".modal .o_form_view")
    lens.wait(page)
    return page


_list("arrears", "supervisor1", "arrears")


@shot("phone-gate")
def gate(lens, house):
    """What the gate keeper's phone says of a release note."""
    domain = [("order_id", "=", house.visit("M-21")), ("kind", "=", "final")]
    note = house.first("dealer.release.note", domain)
    token = house.read("dealer.release.note", note, "token")
    return lens.visit("gate1", f"/dealer/gate/{token}", phone=True)


# === ARCHIVE === #


@shot("car-file")
def car_file(lens, house):
    """The file of a car with a history."""
    car = house.read(ORDER, house.visit("M-01"), "vehicle_id")[0]
    return lens.open("archivist1", f"cars/{car}")


# === THE HOUSE === #

_list("repair-analysis", "manager1", "repair-analysis")
_list("store-stock", "manager1", "store-stock")
_list("follow-ups", "followup1", "follow-ups")
_list("probation", "admin", "probation")
