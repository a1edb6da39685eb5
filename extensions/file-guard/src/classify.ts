import { basename } from "node:path";
import {
  guardOwner,
  holdsSecrets,
  isAgentScratch,
  isBelow,
  isDevice,
  isHomeFolder,
  isSecretPath,
  isSystemFile,
  isVital,
  placeOfPath,
  TEMP,
} from "@synaps/guards/paths";
import { changes, type Operation } from "./model.js";
import { SOME_PROJECT, type Place } from "./place.js";
import type { RuleId } from "./rules.js";

/** A rule that speaks against one path, with the reason. */
export interface Reason {
  readonly rule: RuleId;
  readonly why: string;
}

/** Texts that people write in `.git` by hand, and that nothing runs. */
const GIT_NOTES =
  /\/\.git\/(?:.*\/)?(?:info\/exclude|description|(?:COMMIT_EDIT|MERGE_|SQUASH_|TAG_EDIT)MSG)$/;
const GIT = /\/\.git(?:\/|$)|\/[^/]+\.git\/(?:hooks|objects|refs|config|HEAD|packed-refs)(?:\/|$)/i;
/** Where writing means throwing away. */
const SINK = /^\/dev\/(?:null|stdout|stderr|stdin|tty|zero|fd\/\d+)$/;
/** Where the links of macOS lead. */
const OF_MACOS = /^\/private(?=\/(?:tmp|var|etc)(?:\/|$))/;
/** Folders that hold the files of agents, for what changes them as a whole. */
const AGENT_FOLDER = /\/\.(?:claude|codex|gemini|qwen|cursor|copilot|pi|opencode|kiro|windsurf|cline)$/i;

/**
 * The rules that speak against an operation on one path, the worst first. `isReal`: links were followed, so that the place
 * of the path counts as well as its name. `isNew`: nothing stands there yet.
 */
export function classify(
  operation: Operation,
  named: string,
  place: Place,
  { isReal, isNew }: { readonly isReal: boolean; readonly isNew: boolean },
): Reason[] {
  const path = named.replace(OF_MACOS, "");
  if (changes(operation)) {
    const named = changedName(operation, path, place, isNew);
    return isReal ? [...named, ...changedPlace(operation, path, place)] : named;
  }
  if (operation === "list") return [];
  if ([null, ...place.homes].some((home) => isSecretPath(path, home)))
    return [operation === "search" ? { rule: "secret-read", why: "secrets are kept there" } : SECRET_READ];
  const isWide = operation === "search" && [null, ...place.homes].some((home) => holdsSecrets(path, home));
  return isWide ? [WIDE_SEARCH] : [];
}

const HOLDS = "it holds secrets by its name or place";
const SECRET_READ: Reason = { rule: "secret-read", why: HOLDS };
const WIDE_SEARCH: Reason = {
  rule: "search-wide",
  why: "keys and passwords of the user and of programs lie below it",
};

function changedName(operation: Operation, path: string, place: Place, isNew: boolean): Reason[] {
  const owners = [place.home, ...place.homes].map((home) => guardOwner(path, { ...place, home }));
  const isSecret = [null, ...place.homes].some((home) => isSecretPath(path, home));
  const reasons: (Reason | false)[] = [
    owners.includes("host") && {
      rule: "guard-files",
      why: "it belongs to the host of the guards, or to a guard",
    },
    operation === "delete" &&
      isHolding(path, place) && {
        rule: "delete-tree",
        why: "the machine, the user or the project would be lost with it",
      },
    GIT.test(path) &&
      !GIT_NOTES.test(path) && {
        rule: "git-internals",
        why: "git keeps its own files there, and runs some of them later",
      },
    (isVital(path) || isDevice(path)) && {
      rule: "system-files",
      why: "the machine or its logins depend on it",
    },
    (owners.includes("agent") || AGENT_FOLDER.test(path)) && {
      rule: "agent-settings",
      why: "it decides which hooks, tools and servers an agent has",
    },
    (owners.includes("project") || place.extensions.some((one) => one === path || isBelow(path, one))) && {
      rule: "agent-settings",
      why: "it decides which extensions guard a project, or what they do",
    },
    // A new file in the project has no secret to lose, and nothing of it is shown to the model.
    isSecret &&
      !(isNew && operation === "write" && isInside(path, place)) && { rule: "secret-write", why: HOLDS },
  ];
  return reasons.filter((one) => one !== false);
}

/** The place of a path whose links were followed. */
function changedPlace(operation: Operation, path: string, place: Place): Reason[] {
  if (SINK.test(path) || isInside(path, place)) return [];
  const where = placeOfPath(path, place.home);
  if (where === "temp" || (where === "temp-root" && operation === "write")) return [];
  if (place.homes.some((home) => isAgentScratch(path, home))) return [];
  return isSystemFile(path) || where === "system" || where === "root"
    ? [{ rule: "system-write", why: "it belongs to the system, and other programs rely on it" }]
    : [{ rule: "write-outside", why: "it is outside of the project" }];
}

/** True for what would take the machine, a home or the project along. */
function isHolding(path: string, place: Place): boolean {
  const where = placeOfPath(path, place.home);
  if (where === "root" || where === "home" || TEMP.includes(path)) return true;
  if (/^\/[^/]+$/.test(path) && where === "system") return true;
  const kept = [...place.projects, ...place.homes, place.base, place.own];
  return kept.some((folder) => folder !== null && (folder === path || isBelow(folder, path)));
}

/** True for what is in the project; where there is none, for plain files below the folder of the call. */
function isInside(path: string, place: Place): boolean {
  if (place.projects.some((project) => path === project || isBelow(path, project))) return true;
  if (place.projects.length > 0 || !isHomeFolder(place.folder, place.home))
    return isBelow(path, SOME_PROJECT);
  return (
    isBelow(path, place.folder) && !/\/\./.test(path.slice(place.folder.length)) && basename(path) !== ""
  );
}
