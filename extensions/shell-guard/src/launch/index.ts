import { joinWords, literal, type Field } from "../model.js";
import { createScope } from "../scope.js";
import { SOME_PROJECT } from "../paths.js";
import type { Walk } from "../walk.js";
import { readCarrier, type Carried, type Carrier } from "./carrier.js";
import { ELSEWHERE } from "./elsewhere.js";
import { RUNNERS } from "./packages.js";
import { inContainer, inRoot } from "./containers.js";
import { inCode } from "./code.js";
import { parallel, xargs } from "./fed.js";
import { startedByFd, startedByFind } from "./find.js";
import { startedByGit } from "./git.js";
import type { Launch } from "./launch.js";
import { byName } from "./runners.js";
import { inBuiltin, inMakefile, inShell, SHELLS } from "./shells.js";
import { inTerminal } from "./terminals.js";
import { WRAPPERS } from "./wrappers.js";

/** What a program starts, and whether its own output is that of what it starts. */
export interface Launches {
  readonly list: readonly Launch[];
  readonly isTransparent: boolean;
}

/** Everything that a program starts, from its name and words: by wrappers, shells, searches, containers and code. */
export function launchesOf(name: string, args: readonly Field[], walk: Walk): Launches {
  const carried = ofCarriers(name, args, walk);
  if (carried) return { list: carried, isTransparent: true };
  if (SHELLS.includes(name)) return { list: inShell(args, walk), isTransparent: true };
  if (name === "xargs" || name === "gxargs") return { list: xargs(args, walk), isTransparent: true };
  if (name === "parallel" || name === "sem") return { list: parallel(args, walk), isTransparent: true };
  const inside = inContainer(name, args, walk);
  if (inside) return { list: inside, isTransparent: true };
  return { list: others(name, args, walk), isTransparent: name === "eval" };
}

function others(name: string, args: readonly Field[], walk: Walk): readonly Launch[] {
  const builtin = inBuiltin(name, args, walk);
  if (builtin) return builtin;
  switch (name) {
    case "find":
    case "gfind":
      return startedByFind(args);
    case "fd":
    case "fdfind":
      return startedByFd(args);
    case "git":
      return startedByGit(args);
    case "tmux":
    case "screen":
      return inTerminal(name, args);
    case "make":
    case "gmake":
      return inMakefile(args, walk);
    default:
      return [...byName(name, args), ...inCode(name, args, walk)];
  }
}

function ofCarriers(name: string, args: readonly Field[], walk: Walk): Launch[] | undefined {
  if (name === "command" && /^-[vV]/.test(args[0]?.text ?? "")) return [];
  for (const table of [WRAPPERS, RUNNERS, ELSEWHERE]) {
    if (!Object.hasOwn(table, name)) continue;
    for (const carrier of table[name] ?? []) {
      const carried = readCarrier(args, carrier);
      const list = carried && launched(name, carrier, carried, walk);
      if (list && list.length > 0) return list;
    }
  }
  return undefined;
}

function launched(name: string, carrier: Carrier, carried: Carried, walk: Walk): Launch[] {
  const changes = name === "chroot" ? changesOfRoot(carried, walk) : changesOf(carrier, walk);
  const scripts = carried.values
    .filter(([flag]) => carrier.scripts?.includes(flag))
    .map(([, script]) => ({ script, ...changes }));
  const proxy = carried.values.flatMap(([flag, { text }]) => (flag === "-o" ? proxyCommand(text) : []));
  return [...scripts, ...proxy, ...ofWords(name, carrier, carried, walk, changes)];
}

function ofWords(
  name: string,
  carrier: Carrier,
  carried: Carried,
  walk: Walk,
  changes: Pick<Launch, "changes">,
): Launch[] {
  const { words, flags } = carried;
  if (carrier.scriptsOnly) return [];
  if (words.length === 0) {
    // A shell on the other side, or that of another user, reads what is piped in.
    const readsInput =
      carrier.machine !== undefined
        ? carrier.joined === true && carried.own.length > 0
        : /^(?:sudo|doas)$/.test(name) && (flags.has("-s") || flags.has("-i"));
    return readsInput ? [{ script: walk.input, ...changes }] : [];
  }
  if (name === "env" && carried.values.some(([flag]) => /^(?:-S|--split-string)$/.test(flag)))
    return envScript(carried);
  if (carrier.texts) return words.slice(0, 16).map((script) => ({ script, ...changes }));
  const isShellMode = name === "pnpm" && (flags.has("-c") || flags.has("--shell-mode"));
  if (carrier.joined || isShellMode) return [{ script: joinWords(words), ...changes }];
  return [{ words, ...changes }];
}

/** `env -S 'rm -rf' /`: the rest of the words follows the text. */
function envScript({ values, words }: Carried): Launch[] {
  const texts = values.filter(([flag]) => /^(?:-S|--split-string)$/.test(flag)).map(([, value]) => value);
  return [{ script: joinWords([...texts, ...words]) }];
}

function changesOf({ machine }: Carrier, walk: Walk): Pick<Launch, "changes"> {
  if (machine === undefined) return {};
  return {
    changes: {
      machine: walk.machine === "container" ? walk.machine : machine,
      mounts: [],
      kept: undefined,
      scope: createScope(SOME_PROJECT),
    },
  };
}

/** `chroot /mnt`: in a container, what is mounted below the folder stands elsewhere from then on. */
function changesOfRoot({ own }: Carried, walk: Walk): Pick<Launch, "changes"> {
  const [root] = own;
  if (walk.machine !== "container" || !root) return {};
  return { changes: { ...inRoot(root.text, walk), scope: { ...walk.scope, cwd: "/", otherCwd: undefined } } };
}

/** Options of `ssh` that run something on this machine. */
function proxyCommand(text: string): Launch[] {
  const script = /^(?:ProxyCommand|LocalCommand|KnownHostsCommand)[= ](.*)$/is.exec(text)?.[1];
  return script === undefined ? [] : [{ script: literal(script) }];
}

const NEVER_HELP = new Set(["kill", "pkill", "killall", "echo", "printf", ""]);

/** True if the words only ask for help or for the version, so that nothing else happens. */
export function isHelp(name: string, args: readonly Field[]): boolean {
  if (NEVER_HELP.has(name) || args.length === 0) return false;
  const end = args.findIndex((arg) => arg.text === "--");
  const own = end < 0 ? args : args.slice(0, end);
  if (own.some((arg) => arg.text === "--help" || (arg.text === "-help" && name !== "find"))) return true;
  // The last word of `aws` asks for help as a flag does elsewhere.
  if ((name === "aws" || name === "awslocal") && own[own.length - 1]?.text === "help") return true;
  const [only] = own;
  if (args.length !== 1 || !only) return false;
  return (
    only.text === "--version" || (only.text === "-h" && !/^(?:shutdown|halt|poweroff|reboot)$/.test(name))
  );
}
