"""Reads the configuration that the host sends in `initialize`: strings, except for the manifest's defaults."""

import math
from collections import namedtuple

try:
    from zoneinfo import ZoneInfo
except ImportError:  # Python 3.8
    ZoneInfo = None

DEFAULT_REFRESH_MINUTES = 15
TRUE = ("1", "true", "yes", "on")
FALSE = ("0", "false", "no", "off")

Settings = namedtuple("Settings", "project_root refresh_seconds zone zone_name git")


class SettingsError(Exception):
    """A value that cannot be used; the message names its key."""


def read_settings(config, log):
    """Converts and checks every key. Raises SettingsError for a value that cannot be meant."""
    zone_name = _text(config, "timezone")
    return Settings(
        project_root=_text(config, "project_root"),
        refresh_seconds=_minutes(config, "refresh_minutes", DEFAULT_REFRESH_MINUTES) * 60,
        zone=_zone(zone_name, log),
        # Without zoneinfo the system's zone is used, which the configured name would misname.
        zone_name=zone_name if ZoneInfo else None,
        git=_flag(config, "git", True),
    )


def _text(config, key):
    value = config.get(key)
    if value is None:
        return None
    if not isinstance(value, str):
        raise SettingsError("config key '%s' must be a text" % key)
    return value.strip() or None


def _minutes(config, key, default):
    value = config.get(key)
    if value is None:
        return default
    try:
        minutes = math.nan if isinstance(value, bool) else float(value)
    except (TypeError, ValueError):
        minutes = math.nan
    if not (math.isfinite(minutes) and minutes >= 0):
        raise SettingsError("config key '%s' must be a number of minutes, 0 or more" % key)
    return minutes


def _flag(config, key, default):
    value = config.get(key)
    if value is None or isinstance(value, bool):
        return default if value is None else value
    text = str(value).strip().lower()
    if text not in TRUE + FALSE:
        raise SettingsError("config key '%s' must be true or false" % key)
    return text in TRUE


def _zone(name, log):
    if name is None:
        return None
    if ZoneInfo is None:
        log("config key 'timezone' is ignored: it needs Python 3.9 or later")
        return None
    try:
        return ZoneInfo(name)
    except Exception:  # Depending on the name: not found, a ValueError, or an OSError for a folder such as "Europe".
        raise SettingsError("config key 'timezone': this system knows no time zone %r" % name[:64])
