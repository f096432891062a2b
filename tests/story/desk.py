"""What happens at the desk and in the archive beside the visits.

Each row of `desk.csv` is done once: a person without repair is known by name and
wish, a bag by its car and what it is taken for, a new file by its plate.
"""

from tests.story.script import utc

LOG = "dealer.reception.log"
LOAN = "dealer.file.loan"
VEHICLE = "dealer.vehicle"


class Desk:
    """Plays the rows of `desk.csv` whose time has come.

    :param House house: who logs in
    :param Script script: the whole story
    :param Clock clock: of the server
    """

    def __init__(self, house, script, clock):
        self.house, self.script, self.clock = house, script, clock
        self._rows = list(script.desk)

    def play_until(self, local):
        """Play what happens until a moment.

        :param str local: such as ``2026-03-02 08:20``
        """
        while self._rows and self._rows[0]["at"] <= local:
            row = self._rows.pop(0)
            self.clock.move_to(utc(row["at"]))
            ACTS[row["what"]](self, self.house.user(row["by"]), row)

    def find_car(self, user, row):
        """Return the file of the car that a row names by its key or plate."""
        if not row["car"]:
            return False
        car = self.script.cars.get(row["car"])
        plate = car["plate"] if car else row["car"]
        found = user.search(VEHICLE, [("license_plate", "=", plate)], limit=1)
        return found[0] if found else False

    def note_visitor(self, user, row):
        """Note somebody who came or called, and left without a repair."""
        values = {
            "vehicle_id": self.find_car(user, row),
            "purpose": row["purpose"],
            "channel": row["channel"],
            "demand": row["text"],
            "answer": row["answer"],
        }
        if row["person"]:
            values |= {"person": row["person"], "phone": row["phone"]}
        domain = [("demand", "=", row["text"]), ("user_id", "=", user.uid)]
        if not user.search(LOG, domain):
            user.create(LOG, **values)

    def open_file(self, user, row):
        """Open the file of a car of which not all is known yet."""
        if self.find_car(user, row):
            return
        values = {
            "plate": row["car"],
            "model_id": self.house.model(row["by"], row["text"]),
            "owner_name": row["person"],
            "owner_phone": row["phone"],
        }
        user.call(VEHICLE, "reception_register", values)

    def take_bag(self, user, row):
        """Take the paper file of a car out of its cabinet."""
        values = {"vehicle_id": self.find_car(user, row), "purpose": row["text"]}
        domain = [(name, "=", value) for name, value in values.items()]
        if not user.search(LOAN, domain):
            user.create(LOAN, **values)

    def return_bag(self, user, row):
        """Put it back."""
        domain = [
            ("vehicle_id", "=", self.find_car(user, row)),
            ("date_in", "=", False),
            ("date_out", "<", utc(row["at"])),
        ]
        user.call(LOAN, "action_return", user.search(LOAN, domain))

    def compute_figures(self, user, _row):
        """Have the inspectors' month computed, as the quality head."""
        user.call("dealer.inspector.evaluation", "action_generate", [])


ACTS = {
    "visitor": Desk.note_visitor,
    "register": Desk.open_file,
    "take_bag": Desk.take_bag,
    "return_bag": Desk.return_bag,
    "figures": Desk.compute_figures,
}
