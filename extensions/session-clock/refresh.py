"""Remembers when each session was last told the time."""

from collections import OrderedDict

# A session costs about 200 bytes, and its end is not reported to this extension.
MAX_SESSIONS = 256


class Refresh:
    def __init__(self, seconds):
        self._seconds = seconds
        self._last = OrderedDict()

    def is_due(self, session, now):
        """
        Whether the session should hear the time again. Compares wall clock times, because a monotonic clock may
        stand still while a laptop sleeps; a clock that was set back counts as due.
        """
        last = self._last.get(session)
        if last is None:
            return True
        passed = (now - last).total_seconds()
        return passed < 0 or passed >= self._seconds

    def same_day(self, session, now):
        last = self._last.get(session)
        return last is not None and last.date() == now.date()

    def injected(self, session, now):
        self._last[session] = now
        self._last.move_to_end(session)
        if len(self._last) > MAX_SESSIONS:
            self._last.popitem(last=False)
