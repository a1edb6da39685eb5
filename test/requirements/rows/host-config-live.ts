import { done, type Requirement } from "../row.js";

/** The configuration file of a host, while the host runs. */
export const HOST_CONFIG_LIVE: readonly Requirement[] = [
  done(
    "HOSTCONF-010",
    "ours: configuration",
    "Options of the program count more than the environment, that more than the file, that more than the defaults.",
  ),
  done(
    "HOSTCONF-011",
    "seed 002: enabling hooks",
    "A switch for all hooks, one for each, and an order, a deadline and a breaker for each take effect with the next event.",
  ),
  done(
    "HOSTCONF-012",
    "ours: configuration",
    "A file that comes, changes or goes while the host runs is taken over by itself.",
  ),
  done(
    "HOSTCONF-013",
    "seed 002: configuration reload",
    "A broken file changes nothing: the old configuration stays, and the host says why, once.",
  ),
  done(
    "HOSTCONF-014",
    "seed 002: ConfigReload",
    "A new configuration is raised as an event with what has changed.",
  ),
  done(
    "HOSTCONF-015",
    "seed 002: audit log hook",
    "The audit is switched on and off in the file while the host runs.",
  ),
  done(
    "HOSTCONF-017",
    "seeds 002, 004: rate limit",
    "The built-in rate limit is switched on, changed and off in the file; a change elsewhere fills no bucket.",
  ),
  done(
    "HOSTCONF-018",
    "seed 002: enabling hooks",
    "The families of RustyClaw's metrics hook are switched in the file, and are on without a word in it.",
  ),
  done(
    "HOSTCONF-019",
    "seed 004: logging and debugging hooks",
    "Log lines and the ring of what was asked come and go with the file, mask secrets, and change no decision.",
  ),
  done(
    "HOSTCONF-016",
    "ours: configuration",
    "However often the file changes under load, each event sees one configuration whole, and none is lost.",
  ),
];
