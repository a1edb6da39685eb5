import { holdsSecrets } from "@synaps/guards/paths";
import { readArgs, texts } from "../args.js";
import { readCarrier } from "../launch/carrier.js";
import { WRAPPERS } from "../launch/wrappers.js";
import { baseName, type Field, type Invocation } from "../model.js";
import { guardedKindOf, type Place } from "../paths.js";
import { line, type Rule } from "./rule.js";
import { CACHES, READERS, READS } from "./tables/reads.js";
import { absolute } from "./targets.js";
import { lossIn } from "./words.js";

const readsOnly = lossIn(READS);
/** They start a shell, edit, ask for the password in the pipe, or stay behind. */
const RISKY = [
  "-s",
  "-i",
  "-e",
  "-S",
  "-b",
  "-R",
  "--shell",
  "--login",
  "--edit",
  "--stdin",
  "--background",
  "--chroot",
];

/** True for a command that only looks at the machine, or empties a cache of packages, so that no question is due. */
function isHarmless(invocation: Invocation, place: Place): boolean {
  const carried = readCarrier(invocation.args, WRAPPERS[invocation.name]?.[0] ?? {});
  const [command, ...args] = carried?.words ?? [];
  if (!carried || !command || RISKY.some((flag) => carried.flags.has(flag))) return false;
  // Variables such as `LD_PRELOAD` change what runs.
  if (invocation.args.some(({ text }) => /^\w+=/.test(text)) || command.dynamic) return false;
  const name = baseName(command.text);
  const inner = { ...invocation, name, command, args };
  const { operands, flags } = readArgs(args, ["-n", "-c", "-e", "-m", "-A", "-B", "-C"]);
  const paths = operands.map((field) => absolute(field, inner, place));
  if (READERS.test(name)) {
    // Of all files below a folder, some may be secret.
    const isDeep = name.endsWith("grep") && paths.some((path) => holdsSecrets(path, place.home));
    return !isDeep && !operands.some(isUnclear) && !paths.some((path) => isKept(path, place));
  }
  if (name === "rm")
    return paths.length > 0 && !operands.some(isUnclear) && paths.every((path) => CACHES.test(path));
  if (name === "kill") return asksOnly(texts(args));
  if (name === "find") return !texts(args).some((word) => /^-(?:exec|ok|delete|fprint|fls)/.test(word));
  return readsOnly(inner) !== undefined && !flags.has("--vacuum-time");
}

const isUnclear = ({ dynamic, text }: Field): boolean => dynamic || text === "";
const isKept = (path: string, place: Place): boolean =>
  guardedKindOf(path, place) !== undefined || /^\/(?:dev|proc\/\d+|proc\/self)(?:\/|$)/.test(path);

/** Signal 0 asks whether there is such a process. */
const asksOnly = ([first = "", second = ""]: readonly string[]): boolean =>
  first === "-0" || /^(?:-l|-L)$/.test(first) || (/^(?:-s|-n|--signal)$/.test(first) && second === "0");

export const ELEVATED: Rule = {
  id: "elevated",
  severity: "confirm",
  about: "`sudo`, `doas`, `su`, `pkexec`, but for a command that only looks",
  remedy: "Find a way that needs no administrator, or ask the user to run it.",
  isAbout: (name) => /^(?:sudo|doas|pkexec|su|runuser|run0)$/.test(name),
  match(invocation, place) {
    const { name, machine } = invocation;
    if (machine !== "here") return undefined;
    if (/^(?:-l|-v|-k|-K|-V|--version|--help|-h|-n true)$/.test(line(invocation))) return undefined;
    return /^(?:sudo|doas)$/.test(name) && isHarmless(invocation, place)
      ? undefined
      : "it runs with the rights of another user";
  },
};
