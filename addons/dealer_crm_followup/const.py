"""Fixed tables of the follow-up: its states and what a contact leads to."""

# state -> states it may move to.
FOLLOWUP_TRANSITIONS = {
    "to_call": {"done", "failed"},
    "failed": {"done"},
    "done": set(),
}

# Outcome of a contact -> state of the follow-up; the others leave it open.
OUTCOME_STATES = {
    "reached": "done",
    "refused": "failed",
    "wrong_number": "failed",
}

CHANNELS = [
    ("phone", "Phone"),
    ("letter", "Letter"),
]
OUTCOMES = [
    ("reached", "Reached"),
    ("no_answer", "No answer"),
    ("call_back", "Call back"),
    ("refused", "Refused"),
    ("wrong_number", "Wrong number"),
]
SATISFACTION = [
    ("1", "1 - Very dissatisfied"),
    ("2", "2 - Dissatisfied"),
    ("3", "3 - Neutral"),
    ("4", "4 - Satisfied"),
    ("5", "5 - Very satisfied"),
]
