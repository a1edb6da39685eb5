"""What time it is, and how to say it without depending on the locale."""

import os
from datetime import datetime

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
LOCALTIME = "/etc/localtime"


class Clock:
    def __init__(self, zone, zone_name):
        self._zone = zone
        self._zone_name = zone_name

    def now(self):
        """The current time with its offset: in the configured zone, else in the system's."""
        return datetime.now(self._zone) if self._zone else datetime.now().astimezone()

    def full(self, now):
        """Weekday, date, time, offset and, where known, the zone's name."""
        zone = self._zone_name or now.tzname()
        return "%s, %s, %s, time zone %s" % (WEEKDAYS[now.weekday()], now.date().isoformat(), self.time(now), zone)

    def time(self, now):
        return "%s (UTC%s)" % (now.strftime("%H:%M"), offset(now))


def offset(now):
    minutes = int(now.utcoffset().total_seconds() // 60)
    sign = "-" if minutes < 0 else "+"
    return "%s%02d:%02d" % ((sign,) + divmod(abs(minutes), 60))


def system_zone_name():
    """The IANA name of the system's zone, or None: abbreviations such as IST stand for several zones."""
    name = os.environ.get("TZ", "").lstrip(":")
    if not name:
        name = os.path.realpath(LOCALTIME).partition("/zoneinfo/")[2]
    printable = name.isascii() and name.isprintable() and len(name) <= 64
    # "CET-1CEST" and a file's path are valid in TZ as well, but are no names.
    return name if printable and "/" in name and not name.startswith("/") else None
