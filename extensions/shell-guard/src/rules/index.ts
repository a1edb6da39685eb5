import { CLOUD } from "./cloud.js";
import { CONTAINERS } from "./containers.js";
import { COPIES } from "./copies.js";
import { DATA } from "./data.js";
import { DELETES } from "./deletes.js";
import { GIT } from "./git.js";
import { GUARD } from "./guard.js";
import { MACHINE } from "./machine.js";
import { NETWORK } from "./network.js";
import { PUBLISH } from "./publish.js";
import { never, type Rule } from "./rule.js";
import { SERVICE_RULES } from "./services.js";
import { WRITES } from "./writes.js";

/** Rules about text that cannot be looked at. */
const UNSEEN: readonly Rule[] = [
  {
    id: "remote-script",
    severity: "confirm",
    about: "running what a server sends: `curl | sh`, `bash <(curl ...)`",
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
    id: "unparsed",
    severity: "confirm",
    about: "a command that cannot be parsed and holds words that look dangerous",
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

/** Every rule. The first ones are the worst: their finding is shown first. */
export const RULES: readonly Rule[] = [
  ...DELETES,
  ...WRITES,
  ...COPIES,
  ...GUARD,
  ...MACHINE,
  ...SERVICE_RULES,
  ...GIT,
  ...DATA,
  ...CLOUD,
  ...CONTAINERS,
  ...NETWORK,
  ...PUBLISH,
  ...UNSEEN,
];

export const ruleById = (id: string): Rule | undefined => RULES.find((rule) => rule.id === id);
