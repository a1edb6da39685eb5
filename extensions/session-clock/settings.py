"""Reads the configuration that the host sends in `initialize`: strings, except for the manifest's defaults."""

import math
from collections import namedtuple

try:
    from zoneinfo import ZoneInfo
except ImportError:  # Python 3.8
    ZoneInfo = None

from untrusted import quoted

DEFAULT_REFRESH_MINUTES = 15
TRUE = ("1", "true", "yes", "on")
FALSE = ("0", "false", "no", "off")

Settings = namedtuple("Settings", "project_root refresh_seconds zone zone_name git mistakes")


def read_settings(config, log):
    """
    Converts and checks every key. A value that cannot be meant is replaced by the default and named in the log and in
    `mistakes`: a clock that does not start tells nobody anything.
    """
    reader = Reader(config, log)
    zone_name = reader.text("timezone")
    zone = reader.zone("timezone", zone_name)
    return Settings(
        project_root=reader.text("project_root"),
        refresh_seconds=reader.minutes("refresh_minutes", DEFAULT_REFRESH_MINUTES) * 60,
        zone=zone,
        zone_name=zone_name if zone else None,
        git=reader.flag("git", True),
        mistakes=tuple(reader.mistakes),
    )


class Reader:
    def __init__(self, config, log):
        self._config = config
        self._log = log
        self.mistakes = []

    def text(self, key):
        value = self._config.get(key)
        if value is None or isinstance(value, str):
            return (value or "").strip() or None
        return self._mistake("config key '%s' must be a text" % key, None)

    def minutes(self, key, default):
        value = self._config.get(key)
        if value is None:
            return default
        try:
            minutes = math.nan if isinstance(value, bool) else float(value)
        except (TypeError, ValueError, OverflowError):
            minutes = math.nan
        if math.isfinite(minutes) and minutes >= 0:
            return minutes
        return self._mistake("config key '%s' must be a number of minutes, 0 or more; %d counts" % (key, default), default)

    def flag(self, key, default):
        value = self._config.get(key)
        if value is None or isinstance(value, bool):
            return default if value is None else value
        text = str(value).strip().lower()
        if text in TRUE + FALSE:
            return text in TRUE
        return self._mistake("config key '%s' must be true or false; true counts" % key, default)

    def zone(self, key, name):
        if name is None:
            return None
        if ZoneInfo is None:
            return self._mistake("config key '%s' is ignored: it needs Python 3.9 or later" % key, None)
        try:
            return ZoneInfo(name)
        except Exception:  # Depending on the name: not found, a ValueError, or an OSError for a folder such as "Europe".
            shown = quoted(name, 64)
            return self._mistake(
                "config key '%s': this system knows no time zone %s; the system's zone counts" % (key, shown), None
            )

    def _mistake(self, text, default):
        self.mistakes.append(text)
        self._log("MISTAKE IN THE CONFIGURATION: %s" % text)
        return default
