import { done, type Requirement } from "../row.js";

/** The configuration of a host: `host.toml` or `host.json`, the environment, and the command about it. */
export const HOST_CONFIG: readonly Requirement[] = [
  done(
    "HOSTCONF-001",
    "ours: host configuration",
    "The configuration is the defaults, over them host.toml or host.json, over it the environment, over it the options of the program; each value knows where it comes from, and nothing of it can be changed.",
  ),
  done(
    "HOSTCONF-002",
    "ours: host configuration",
    "Every value of a wrong type or out of range and every unknown key is refused, with its place and the key that was meant; a zero that would let nothing pass names the way to switch the limit off.",
  ),
  done(
    "HOSTCONF-003",
    "ours: host configuration",
    "A file that does not parse is told with line and column, two files with both their paths; what is no plain text file of at most 1 MiB is refused at once.",
  ),
  done("HOSTCONF-004", "ours: host configuration", "No message repeats a value of the configuration."),
  done(
    "HOSTCONF-005",
    "ours: host configuration",
    "Every key of a fixed table has a variable of the environment; one that is unknown or unusable changes nothing and is told.",
  ),
  done(
    "HOSTCONF-006",
    "seed 002: configuration",
    "The keys of RustyClaw's and rs-llmspell's [hooks] have their names and defaults; settings that exclude each other are refused, and a listener leaves the machine only when that is said.",
  ),
  done(
    "HOSTCONF-007",
    "ours: host configuration",
    "The JSON Schema of the configuration takes the values that the host takes, and no others, but for rules between keys.",
  ),
  done(
    "HOSTCONF-008",
    "ours: host configuration",
    "Two configurations are compared key by key, and each difference says if a running host takes it over.",
  ),
  done(
    "HOSTCONF-020",
    "ours: host configuration",
    "`synaps-ext host-config check` lists every mistake of the file and of the variables, and the names of hooks that nothing installed has.",
  ),
  done(
    "HOSTCONF-021",
    "ours: host configuration",
    "`synaps-ext host-config show` prints the whole configuration as a file that makes the same one, with --origin where each value comes from.",
  ),
  done(
    "HOSTCONF-022",
    "ours: documentation",
    "Every command of the page about the configuration of a host works, in a clean folder, and the page names every key.",
  ),
];
