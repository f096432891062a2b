"""Working time, free time and who fits where: plain Python, no records, no queries.

All moments are naive UTC, all spans half open, all lengths hours.
"""

from bisect import bisect_left, bisect_right
from contextlib import contextmanager
from datetime import timedelta


class Hours:
    """The working time of a bay, a technician or a store.

    :param list spans: sorted, disjoint ``(start, stop)``
    """

    def __init__(self, spans):
        self.spans = spans
        self._stops = [stop for _start, stop in spans]
        self._before = []
        total = timedelta()
        for start, stop in spans:
            self._before.append(total)
            total += stop - start

    def __and__(self, other):
        """Return the time when both work."""
        mine, theirs, common = self.spans, other.spans, []
        i = j = 0
        while i < len(mine) and j < len(theirs):
            start = max(mine[i][0], theirs[j][0])
            stop = min(mine[i][1], theirs[j][1])
            if start < stop:
                common.append((start, stop))
            if mine[i][1] < theirs[j][1]:
                i += 1
            else:
                j += 1
        return Hours(common)

    def first(self, moment):
        """Return the first working moment from ``moment`` on, or None."""
        index = bisect_right(self._stops, moment)
        if index == len(self.spans):
            return None
        return max(moment, self.spans[index][0])

    def finish(self, moment, hours):
        """Return when so many hours are worked off from ``moment`` on, or None."""
        index = bisect_right(self._stops, moment)
        if index == len(self.spans):
            return None
        start = max(moment, self.spans[index][0])
        goal = self._before[index] + (start - self.spans[index][0])
        goal += timedelta(hours=hours)
        index = max(index, bisect_left(self._before, goal) - 1)
        stop = self.spans[index][0] + (goal - self._before[index])
        return stop if stop <= self.spans[index][1] else None

    def between(self, start, stop):
        """Return how many hours are worked between two moments."""
        seconds = sum(
            max((min(stop, until) - max(start, since)).total_seconds(), 0)
            for since, until in self.spans
            if since < stop and until > start
        )
        return seconds / 3600


class Calendar:
    """What a bay or technician is already taken for: sorted, disjoint spans."""

    def __init__(self, spans=()):
        self._starts = []
        self._stops = []
        for start, stop in sorted(spans):
            self.add(start, stop)

    def add(self, start, stop):
        """Take a span that is free."""
        index = bisect_left(self._starts, start)
        self._starts.insert(index, start)
        self._stops.insert(index, stop)

    def occupy(self, start, stop):
        """Take what is free of a span, up to the next thing that is planned."""
        index = bisect_left(self._starts, start)
        if index:
            start = max(start, self._stops[index - 1])
        if index < len(self._starts):
            stop = min(stop, self._starts[index])
        if start < stop:
            self.add(start, stop)

    def release(self, start, stop):
        """Free a span that was taken; tell whether there was one."""
        index = bisect_left(self._starts, start)
        spans = list(zip(self._starts, self._stops, strict=True))
        if spans[index : index + 1] != [(start, stop)]:
            return False
        del self._starts[index], self._stops[index]
        return True

    def blocked_until(self, start, stop):
        """Return when the last thing in the way of a span ends, or None."""
        index = bisect_left(self._starts, stop) - 1
        if index >= 0 and self._stops[index] > start:
            return self._stops[index]
        return None


class Resource:
    """A bay or a technician: what it is fit for, when it works, when it is taken.

    :param set skills: ids; an empty set is fit for everything
    """

    def __init__(self, record_id, name, skills, hours, taken=()):
        self.id = record_id
        self.name = name
        self.skills = skills
        self.hours = hours
        self.taken = Calendar(taken)

    def fits(self, skill):
        """Tell whether it is fit for a skill; anything is fit for none."""
        return not skill or not self.skills or skill in self.skills


class Slot:
    """Where, by whom and when a piece of work is done."""

    def __init__(self, start, stop, bay=None, technician=None):
        self.start = start
        self.stop = stop
        self.bay = bay
        self.technician = technician


def find_span(hours, calendars, after, length):
    """Return the earliest free span of working time, or None.

    The span runs on through nights and breaks, as the car stays where it is.
    """
    moment = after
    while True:
        start = hours.first(moment)
        stop = start and hours.finish(start, length)
        if not stop:
            return None
        blocked = [calendar.blocked_until(start, stop) for calendar in calendars]
        blocked = [until for until in blocked if until]
        if not blocked:
            return start, stop
        moment = max(blocked)


class Workshop:
    """The bays and technicians of one store, and what is still free of them."""

    def __init__(self, bays, technicians, hours, begin, end):
        self.bays = bays
        self.technicians = technicians
        self.hours = hours
        self.begin = begin
        self.end = end
        self._common = {}

    def place(self, length, after, skill=None, technician_id=None, bay_id=None):
        """Return the earliest slot of a piece of work, or None; take nothing.

        A kind of resource that the store has not set up is left out of account.

        :param float length: hours
        :param after: not before this moment
        :param int skill: that bay and technician need
        :param int technician_id: only this technician
        :param int bay_id: only this bay
        """
        bays = self._rank(self._choose(self.bays, skill, bay_id), after, length)
        workers = self._choose(self.technicians, skill, technician_id)
        workers = self._rank(workers, after, length)
        best = None
        # Nobody is faster in company than alone: stop where that bound is worse.
        for worker_stop, worker in workers:
            if best and worker_stop >= best.stop:
                break
            for bay_stop, bay in bays:
                if best and max(bay_stop, worker_stop) >= best.stop:
                    break
                slot = self._meet(bay, worker, after, length)
                if slot and (not best or slot.stop < best.stop):
                    best = slot
        return best

    def take(self, slot):
        """Take the bay and technician of a slot."""
        for resource in (slot.bay, slot.technician):
            if resource:
                resource.taken.add(slot.start, slot.stop)

    def find(self, bay_id=False, technician_id=False):
        """Return a bay and a technician as resources; those it does not know are out.

        :rtype: list
        """
        return [
            resource
            for resources, wanted in (
                (self.bays, bay_id),
                (self.technicians, technician_id),
            )
            for resource in resources
            if wanted and resource.id == wanted
        ]

    @contextmanager
    def released(self, spans):
        """Leave some reservations out of account for a while.

        :param list spans: ``(resource, start, stop)``
        """
        freed = [span for span in spans if span[0].taken.release(*span[1:])]
        try:
            yield
        finally:
            for resource, start, stop in freed:
                resource.taken.add(start, stop)

    def _choose(self, resources, skill, only_id):
        """Return who is fit; all of none (None) where nobody is set up."""
        if only_id:
            return [resource for resource in resources if resource.id == only_id]
        return [resource for resource in resources if resource.fits(skill)] or [None]

    def _rank(self, resources, after, length):
        """Return ``(stop, resource)`` by how soon each could be done alone."""
        ranked = []
        for resource in resources:
            hours = resource.hours if resource else self.hours
            calendars = [resource.taken] if resource else []
            if span := find_span(hours, calendars, after, length):
                ranked.append((span[1], resource))
        return sorted(ranked, key=lambda pair: pair[0])

    def _meet(self, bay, worker, after, length):
        """Return the earliest slot of one bay and one technician together."""
        resources = [resource for resource in (bay, worker) if resource]
        key = tuple(id(resource.hours) for resource in resources)
        if key not in self._common:
            hours = resources[0].hours if resources else self.hours
            for resource in resources[1:]:
                hours &= resource.hours
            self._common[key] = hours
        calendars = [resource.taken for resource in resources]
        span = find_span(self._common[key], calendars, after, length)
        return Slot(*span, bay, worker) if span else None
