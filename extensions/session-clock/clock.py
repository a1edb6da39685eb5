"""What time it is, and how to say it without depending on the locale."""

import os
import re
from datetime import datetime

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
LOCALTIME = "/etc/localtime"
ZONE_FOLDERS = ("/usr/share/zoneinfo", "/usr/lib/zoneinfo", "/usr/share/lib/zoneinfo", "/etc/zoneinfo")
# A zone in the words of POSIX, such as CET-1CEST,M3.5.0,M10.5.0/3 and <+05>-5.
RULE = re.compile(r"(?:<[A-Za-z0-9+-]{3,}>|[A-Za-z]{3,})[+-]?\d{1,3}(?::\d\d){0,2}(?:$|[A-Za-z<,])")


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
    if wrong_zone() is not None:
        return "UTC"
    name = os.environ.get("TZ", "").lstrip(":")
    if not name:
        name = os.path.realpath(LOCALTIME).partition("/zoneinfo/")[2]
    printable = name.isascii() and name.isprintable() and len(name) <= 64
    # "CET-1CEST" and a file's path are valid in TZ as well, but are no names.
    return name if printable and "/" in name and not name.startswith("/") else None


def wrong_zone():
    """The value of TZ if it names no zone of this system, else None. The C library takes UTC for it and says nothing."""
    value = os.environ.get("TZ", "")
    name = value.lstrip(":")
    if name in ("", "UTC", "GMT", "Etc/UTC") or RULE.match(name):
        return None
    folders = [os.environ.get("TZDIR")] if os.environ.get("TZDIR") else ZONE_FOLDERS
    paths = [name] if name.startswith("/") else [os.path.join(folder, name) for folder in folders]
    try:
        return None if any(os.path.isfile(path) for path in paths) else value
    except ValueError:
        return value
