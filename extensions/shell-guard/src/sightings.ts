import { never, type Rule } from "./rules/rule.js";

/** Rules that no single program breaks: the walk over the command finds them. */
export const SIGHTINGS: readonly Rule[] = [
  {
    id: "remote-script",
    severity: "confirm",
    about: "running what a server sends: `curl | sh`, `bash <(curl ...)`, a download that runs at once",
    remedy: "Download it to a file, read it, then run the file.",
    match: never,
  },
  {
    id: "opaque-script",
    severity: "confirm",
    about: "running text that is decoded on the way to the shell",
    remedy: "Write the commands out in the open.",
    match: never,
  },
  {
    id: "folder-unsure",
    severity: "confirm",
    about: "`cd x; rm -rf *`: a delete that hits the folder before if the change of folder fails",
    remedy: "Write `cd x && ...`, so that nothing runs if the folder is not there.",
    match: never,
  },
  {
    id: "interactive",
    severity: "confirm",
    about: "starting a shell or an interpreter where an agent can type into it unseen (Codex)",
    remedy: "Give the script in one command, as in `bash -c '...'` or `python -c '...'`.",
    match: never,
  },
  {
    id: "unparsed",
    severity: "confirm",
    about: "a command that cannot be parsed and holds words that look dangerous, or one with NUL characters",
    remedy: "Fix the quoting, or split it into simple commands.",
    match: never,
  },
  {
    id: "too-complex",
    severity: "confirm",
    about: "a command that is too long or nests too deep to be checked",
    remedy: "Put the script into a file, or split it.",
    match: never,
  },
];
