"""Play a month of three stores through the public interface, each step by its role.

    python -m tests.story.play --database NAME [--port N]

Starts a server on the database in the story's time, plays every step of
`data/steps.csv` in order over XML-RPC and stops the server. What was played before is
left as it is, so the command may be repeated after an interruption. A refused step
prints visit, step and the server's sentence, and ends with code 1.
"""

import argparse
import sys
import time
from collections import Counter

from tests.rpc import RpcError
from tests.story import clock_server, hand_over, reception, resume, workshop
from tests.story.house import Clock, House
from tests.story.script import END, START, Script, utc
from tests.story.visit import ORDER, Visit

STEPS = reception.STEPS | workshop.STEPS | hand_over.STEPS


class StoryError(Exception):
    """A step was refused; says which, and in the server's words why."""


class Player:
    """Plays the steps of the story on one server.

    :param str url: of the server
    :param str database: holds the demo data of our addons
    :param int clock_port: where the server's clock listens
    :param say: called with each line of progress
    """

    def __init__(self, url, database, clock_port, say=print):
        self.script = Script()
        self.house = House(url, database)
        self.clock = Clock(clock_port)
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
            if step["at"][:10] != day:
                day = step["at"][:10]
                played = sum(self.played.values())
                self.say(f"{day}: {played} of {len(self.script.steps)} steps played")
            self._play_step(step, done)
        self.clock.move_to(END.replace("T", " "))
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
            if found.get(visit.reference) != visit.row["ends_in"]
        ]
        if wrong:
            raise StoryError("; ".join(wrong))
        return dict(Counter(found.values()))


def main():
    """Start a server in the story's time and play."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--database", required=True)
    parser.add_argument("--port", type=int, help="of the server; a free one by default")
    options = parser.parse_args()
    serving = clock_server.serve(options.database, START, options.port)
    with serving as (server, clock_port):
        player = Player(server.url, options.database, clock_port)
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
