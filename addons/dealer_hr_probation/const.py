"""Fixed facts of the probation: the states and the statutory caps."""

# state -> states it may move to. Read by every ``can_<verb>`` field and by
# ``dealer.probation._update_state``.
PROBATION_TRANSITIONS = {
    "running": {"confirmed", "objected", "terminated"},
    "objected": {"confirmed", "terminated"},
    "confirmed": set(),
    "terminated": set(),
}

# A probation never lasts longer than half a year, whatever a company sets (D1).
MAX_PROBATION_MONTHS = 6

# Labour Contract Law, art. 19: the first row whose contract length (months) is
# reached gives the longest probation (months). Open-ended contracts take row one.
STATUTORY_CAPS = (
    (36, 6),
    (12, 2),
    (3, 1),
    (0, 0),
)

# A key that opens the guarded writes. Its value must be this very object, which
# no remote caller can put into a context.
FLOW = object()
