"""States, transitions and choices of the visit, each written down once."""

ORDER_STATES = [
    ("booked", "Booked"),
    ("intake", "Intake"),
    ("diagnosis", "Diagnosis"),
    ("offered", "Offered"),
    ("accepted", "Accepted"),
    ("in_progress", "In progress"),
    ("inspection", "Inspection"),
    ("ready", "Ready"),
    ("settled", "Settled"),
    ("delivered", "Delivered"),
    ("left", "Left unrepaired"),
    ("cancelled", "Cancelled"),
]

# Source states of each verb, and the state it leads to. Everything that asks
# "may this visit move?" reads this table: the can_<verb> fields, the actions,
# the tests and the diagram of the architecture page.
ORDER_TRANSITIONS = {
    "arrive": ({"booked"}, "intake"),
    "start_diagnosis": ({"intake"}, "diagnosis"),
    "offer": ({"diagnosis"}, "offered"),
    "accept": ({"offered"}, "accepted"),
    "start_work": ({"accepted"}, "in_progress"),
    "request_inspection": ({"in_progress"}, "inspection"),
    "reopen_work": ({"inspection"}, "in_progress"),
    "ready": ({"inspection"}, "ready"),
    "settle": ({"ready"}, "settled"),
    "deliver": ({"settled"}, "delivered"),
    "leave": ({"intake", "diagnosis", "offered"}, "left"),
    "cancel": (
        {"booked", "intake", "diagnosis", "offered", "accepted"},
        "cancelled",
    ),
}

# The car stands in the workshop.
PRESENT_STATES = [
    "intake",
    "diagnosis",
    "offered",
    "accepted",
    "in_progress",
    "inspection",
    "ready",
    "settled",
]

# The account is closed, or there is none: what the visit was about stays.
ENDED_ORDER_STATES = {"settled", "delivered", "left", "cancelled"}

JOB_STATES = [
    ("draft", "Draft"),
    ("offered", "Offered"),
    ("approved", "Approved"),
    ("declined", "Declined"),
    ("deferred", "Deferred"),
    ("expired", "Expired"),
    ("in_progress", "In progress"),
    ("paused", "Paused"),
    ("self_checked", "Self-checked"),
    ("peer_checked", "Peer-checked"),
    ("rework", "Rework"),
    ("done", "Done"),
]

# target state: source states
JOB_TRANSITIONS = {
    "draft": {"offered", "approved", "expired"},
    "offered": {"draft"},
    "approved": {"offered"},
    "declined": {"offered"},
    "deferred": {"offered"},
    "expired": {"offered"},
    "in_progress": {"approved", "paused", "rework"},
    "paused": {"in_progress"},
    "self_checked": {"in_progress", "paused"},
    "peer_checked": {"self_checked"},
    "rework": {"self_checked", "peer_checked", "done"},
    "done": {"peer_checked"},
}

# The customer said yes, and the work is somewhere between planned and done.
JOB_APPROVED_STATES = {
    "approved",
    "in_progress",
    "paused",
    "self_checked",
    "peer_checked",
    "rework",
    "done",
}
# The customer said no, or did not answer: the same work may be offered anew.
CLOSED_JOB_STATES = ["declined", "deferred", "expired"]
# A clock may be started on a job in one of these.
JOB_WORKABLE_STATES = {"approved", "in_progress", "paused", "rework"}

PAYERS = [
    ("customer", "Self-paid"),
    ("insurance", "Insurance"),
    ("warranty", "Manufacturer warranty"),
    ("internal", "Internal"),
    ("goodwill", "Goodwill"),
]
# The store bears these itself: the lines are free of charge.
FREE_PAYERS = {"internal", "goodwill"}
# These pay instead of the client, and need a partner of their own.
THIRD_PARTY_PAYERS = {"insurance", "warranty"}

LINE_KINDS = [
    ("labour", "Labour"),
    ("part", "Part"),
    ("sublet", "Sublet"),
    ("fee", "Fee"),
]

PART_ORIGINS = [
    ("oem", "Original (OEM)"),
    ("equivalent", "Equivalent (aftermarket)"),
    ("remanufactured", "Remanufactured"),
    ("reused", "Reused"),
    ("customer", "Customer-supplied"),
]

PAUSE_REASONS = [
    ("parts", "Waiting for parts"),
    ("customer", "Waiting for the customer"),
    ("bay", "Waiting for a bay"),
    ("sublet", "At a subcontractor"),
    ("job", "Another job goes first"),
    ("break", "Break or end of shift"),
]
# Somebody works on the job, or will go on soon.
STARTED_STATES = {"in_progress", "paused"}
# What a paused job waits for; nothing any more, once its parts are here.
TO_RESUME = "resume"
JOB_PAUSES = [*PAUSE_REASONS, (TO_RESUME, "To be done: parts are here")]

OBJECTION_KINDS = [
    ("mismatch", "Car and order do not match"),
    ("objection", "Objection to the job"),
]

DANGER_LEVELS = [
    ("none", "No danger"),
    ("watch", "Keep an eye on it"),
    ("safety", "Safety"),
]

# Statutory guarantee floors (km, days) by class of repair; a company may
# promise more, never less.
GUARANTEE_FLOORS = {
    "complete": (20000, 100),
    "assembly": (20000, 100),
    "level2": (5000, 30),
    "level1": (2000, 10),
    "minor": (2000, 10),
    "special": (2000, 10),
}

STATUTORY_CLASSES = [
    ("complete", "Complete overhaul"),
    ("assembly", "Assembly overhaul"),
    ("level2", "Level-2 maintenance"),
    ("level1", "Level-1 maintenance"),
    ("minor", "Minor repair"),
    ("special", "Special repair"),
]

# Classes whose completion certificate the statute demands before the car leaves.
CERTIFICATE_CLASSES = {"complete", "assembly", "level2"}

# Events of a visit (`_raise_event`), and whether they are posted for the advisor by
# themselves; the others are for the board and for bridges.
EVENTS = {
    "progress_due": True,
    "delay_risk": True,
    "promise_changed": True,
    "parts_missing": True,
    "parts_arrived": True,
    "job_started": False,
    "job_paused": False,
    "job_finished": False,
    "job_pulled_forward": True,
    "clock_stopped": False,
    "objection": True,
}
# Transfers of a visit that are still to be done.
OPEN_MOVE_STATES = ("confirmed", "waiting", "partially_available", "assigned")
# Where the parts of an approved job are; `waiting` has nothing to hand out.
PARTS_STATES = [
    ("none", "No parts"),
    ("waiting", "Waiting for parts"),
    ("partial", "Partly on the shelf"),
    ("ready", "On the shelf"),
    ("issued", "Issued"),
]
PARTS_MISSING_STATES = ("waiting", "partial")

OLD_PART_RESULTS = [
    ("returned", "Handed back to the customer"),
    ("shop", "Left to the shop by the customer"),
    ("warranty", "Kept for the manufacturer (warranty)"),
    ("core", "Core returned to the supplier"),
    ("none", "No old part"),
]

RETURN_REASONS = [
    ("not_needed", "Not needed"),
    ("surplus", "Too many"),
    ("customer", "The customer does not want it"),
    ("wrong_part", "Wrong part"),
    ("defective", "Defective part"),
]
# The car still needs the part: another one is issued instead.
REPLACED_REASONS = {"wrong_part", "defective"}

# Whether a promise can still be kept.
RISKS = [("none", "On time"), ("soon", "Tight"), ("late", "Late")]
