"""Play a month of three stores through the public interface, each step by its role.

    python -m tests.story.play --database NAME [--port N] [--today | --until TIME]

Starts a server on the database in the story's time, plays every step of
`data/steps.csv` in order over XML-RPC and stops the server. What was played before is
left as it is, so the command may be repeated after an interruption. A refused step
prints visit, step and the server's sentence, and ends with code 1.

With `--today` the month ends yesterday, and what has happened today until now is played
too: the desk and the workshop board are full when somebody looks at them. `--until`
plays that day without moving the month.
"""

import argparse
import datetime
import sys
import time
from collections import Counter

from tests.rpc import RpcError
from tests.story import (
    clock_server,
    hand_over,
    incidents,
    reception,
    resume,
    script,
    workshop,
)
from tests.story.desk import Desk
from tests.story.house import Clock, House
from tests.story.script import END, START, ZONE, Script, utc
from tests.story.visit import ORDER, Visit

STEPS = reception.STEPS | workshop.STEPS | hand_over.STEPS | incidents.STEPS


class StoryError(Exception):
    """A step was refused; says which, and in the server's words why."""


class Player:
    """Plays the steps of the story on one server.

    :param str url: of the server
    :param str database: holds the demo data of our addons
    :param int clock_port: where the server's clock listens
    :param say: called with each line of progress
    :param datetime until: local time of the story up to which the day after is
        played too; the month alone by default
    """

    def __init__(self, url, database, clock_port, say=print, until=None):
        self.script = Script(with_today=bool(until))
        self.until = f"{until:%Y-%m-%d %H:%M}" if until else "9999"
        self.house = House(url, database)
        self.clock = Clock(clock_port)
        self.desk = Desk(self.house, self.script, self.clock)
        self.say = say
        self.visits = {
            key: Visit(self.house, self.script, key) for key in self.script.visits
        }
        self.played = Counter()
        self.skipped = 0

    def play(self):
        """Play all steps that were not played yet, and check where visits stand.

        :return: number of visits by state
        :rtype: dict
        """
        start = time.monotonic()
        done = self._find_done()
        day = None
        for step in self.script.steps:
            if step["at"] > self.until:
                break
            self.desk.play_until(step["at"])
            if step["at"][:10] != day:
                day = step["at"][:10]
                played = sum(self.played.values())
                self.say(f"{day}: {played} of {len(self.script.steps)} steps played")
            self._play_step(step, done)
        self.desk.play_until(self.until)
        self.clock.move_to(script.moment(END).replace("T", " "))
        states = self._check_ends()
        self.say(
            f"{len(self.visits)} visits, {sum(self.played.values())} steps played,"
            f" {self.skipped} found done, {time.monotonic() - start:.0f} s"
        )
        return states

    def _find_done(self):
        """Return how many steps of each visit an earlier run has played."""
        done = {key: resume.count_done(visit) for key, visit in self.visits.items()}
        for key, count in done.items():
            self.visits[key].resumed = count > 0
        return done

    def _play_step(self, step, done):
        """Play one step in its time, unless it was played before."""
        visit = self.visits[step["visit"]]
        if done[visit.key]:
            done[visit.key] -= 1
            self.skipped += 1
            return
        self.clock.move_to(utc(step["at"]))
        resumed, visit.resumed = visit.resumed, False
        try:
            STEPS[step["step"]](visit, step)
        except (RpcError, AssertionError, LookupError) as error:
            if resumed and step["step"] == "issue":
                return  # Parts that were handed out leave no trace to read.
            words = ("step", "job", "by", "at")
            where = ", ".join(f"{word} {step[word]}" for word in words if step[word])
            raise StoryError(f"visit {visit.key}, {where}: {error}") from error
        self.played[step["step"]] += 1

    def _check_ends(self):
        """Compare the state of every visit with the one the story ends in."""
        rows = []
        for login in ("manager1", "manager2", "manager3"):
            domain = [("external_ref", "=like", "STORY-%")]
            user = self.house.user(login)
            rows += user.search_read(ORDER, domain, "external_ref", "state")
        found = {row["external_ref"]: row["state"] for row in rows}
        wrong = [
            f"{visit.key} is {found.get(visit.reference)}, not {visit.row['ends_in']}"
            for visit in self.visits.values()
            if visit.row["ends_in"]
            and found.get(visit.reference) != visit.row["ends_in"]
        ]
        if wrong:
            raise StoryError("; ".join(wrong))
        return dict(Counter(found.values()))


def main():
    """Start a server in the story's time and play."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--database", required=True)
    parser.add_argument("--port", type=int, help="of the server; a free one by default")
    parser.add_argument("--today", action="store_true", help="end today, not in March")
    parser.add_argument(
        "--until",
        type=datetime.datetime.fromisoformat,
        help="local time of the day after, such as 2026-04-01T11:00, to play up to",
    )
    options = parser.parse_args()
    until = options.until
    if options.today:
        now = datetime.datetime.now(ZONE).replace(tzinfo=None)
        script.move_to(now.date())
        until = datetime.datetime.combine(script.TODAY, now.time())
    start = script.moment(START)
    with clock_server.serve(options.database, start, options.port) as served:
        server, clock_port = served
        player = Player(server.url, options.database, clock_port, until=until)
        try:
            states = player.play()
        except StoryError as error:
            print(f"Refused: {error}", file=sys.stderr)
            return 1
    for state, count in sorted(states.items()):
        print(f"  {state}: {count}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
