import { readArgs, texts } from "../args.js";
import { baseName, literal, type Field, type Invocation } from "../model.js";
import { guardedKindOf, SOME_PROJECT, type Place } from "../paths.js";
import { isBelow, placeOfPath } from "@synaps/guards/paths";
import { keptByName, lastKeptOfBoth } from "../remembered.js";
import type { Rule } from "./rule.js";
import { absolute, deletedFiles, deletedTrees } from "./targets.js";
import { isTrial, lossIn } from "./words.js";
import { writtenFiles } from "./written.js";

const PERMISSIONS = /^(?:chmod|chown|chgrp|setfacl|chattr|chflags|xattr)$/;
/** Names under which a folder of an agent holds its hooks, for a folder that goes as a whole. */
const INNER = ["", "/settings.json", "/hooks.json", "/config.toml", "/plugins/x"];

/** Files that a command writes, moves, deletes, links over, or changes the permissions of. */
function touched(invocation: Invocation): readonly Field[] {
  const { name, args } = invocation;
  const permitted = PERMISSIONS.test(name) ? readArgs(args).operands : [];
  const created = /^(?:touch|mkdir|mkfifo|patch|ed|ex)$/.test(name) ? readArgs(args).operands : [];
  const unpacked = /^(?:tar|gtar|bsdtar|unzip)$/.test(name) ? intoOf(args) : [];
  // Another name for a file is another way to it.
  const renamed =
    name === "ln" ||
    (name === "mount" && isBind(args)) ||
    (name === "cp" && LINKS.test(texts(args).join(" ")))
      ? readArgs(args, ["-t", "-S"]).operands
      : [];
  return [
    ...renamed,
    ...writtenFiles(invocation).map(({ file }) => file),
    ...deletedFiles(invocation),
    ...deletedTrees(invocation),
    ...permitted,
    ...created,
    ...unpacked,
    ...changedByGit(invocation),
  ];
}

/** The working tree that git changes as a whole. */
function changedByGit({ name, args }: Invocation): Field[] {
  const words = texts(args);
  const changes = /^(?:checkout|restore|reset|clean|pull|apply|am|stash|rm|mv|merge|rebase|switch|revert)$/;
  if (name !== "git" || !words.some((word) => changes.test(word))) return [];
  const named = args.find((_, index) => words[index - 1] === "-C");
  return [named ?? literal(".")];
}

const LINKS = /(?:^| )(?:-[a-zA-Z]*[ls][a-zA-Z]*|--link|--symbolic-link)(?: |$)/;
const isBind = (args: readonly Field[]): boolean =>
  texts(args).some((word) => /^(?:--r?bind|-B|bind)$|(?:^|,)r?bind/.test(word));

const intoOf = (args: readonly Field[]): Field[] =>
  args.filter((_, index) => /^(?:-[a-zA-Z]*C|-d|--directory)$/.test(args[index - 1]?.text ?? ""));

/** A file or folder of the guard that a command changes, by its name or by where it leads, and whether it is the project's own. */
const guardedFile = lastKeptOfBoth((invocation: Invocation, place: Place) => {
  if (invocation.machine !== "here") return undefined;
  const fields = touched(invocation);
  if (fields.length === 0) return undefined;
  const gone = new Set([...deletedTrees(invocation), ...deletedFiles(invocation)]);
  const found = fields.flatMap((field) => {
    const named = absolute(field, invocation, place);
    const paths = [...new Set([named, place.follow?.(named) ?? named])];
    return paths.flatMap((path) => {
      const owner = ownerOf(path, gone.has(field), place);
      return owner === undefined ? [] : [{ path: field.text, isOfProject: owner === "project" }];
    });
  });
  return found.find(({ isOfProject }) => !isOfProject) ?? found[0];
});

/** Whose a file of the guard is. `isGone`: it goes with all that it holds. Undefined for any other file. */
function ownerOf(path: string, isGone: boolean, place: Place): "project" | "user" | undefined {
  const project = place.project ?? SOME_PROJECT;
  const names = isGone ? INNER.map((inner) => `${path}${inner}`) : [path];
  if (!names.some((name) => guardedKindOf(name, place) === "guard")) return undefined;
  const hosts = [place.base, place.own].filter((folder) => folder !== undefined && folder !== null);
  const isOfHost =
    /\/\.synaps-cli(?:\/|$)/.test(path) || hosts.some((folder) => path === folder || isBelow(path, folder));
  const isOfProject = isBelow(path, project) && !isOfHost;
  // The manifest of an extension that is being written is a source like any other.
  if (isOfProject && /\/\.synaps-plugin(?:\/|$)/.test(path) && !/\/\.synaps\//.test(path)) return undefined;
  if (!isBelow(path, project) && !isOfHost && placeOfPath(path, place.home) === "temp") return undefined;
  return isOfProject ? "project" : "user";
}

const AGENTS =
  /^(?:claude|claude-code|codex|gemini|gemini-cli|cursor-agent|copilot|pi|opencode|qwen|amp|aider|goose|crush|synaps|synaps-ext)$/;
const PACKAGES = /(?:^|\/)(?:claude-code|codex|gemini-cli|copilot|synaps-ext|opencode-ai|qwen-code)(?:@.*)?$/;
const SWITCHES =
  /^(?:SYNAPS_(?!EXTENSIONS_TRACE\b)\w+|CLAUDE_CONFIG_DIR|CLAUDE_CODE_SIMPLE|CODEX_HOME|GEMINI_CLI_HOME|GEMINI_CLI_SYSTEM_SETTINGS_PATH|COPILOT_HOME|OPENCODE_CONFIG\w*|PI_CODING_AGENT_DIR)=/;
const OWN_SWITCH = /^SYNAPS_(?:EXTENSION_|HOST_|BASE_DIR|DISABLE_)\w*=/;

const namesAgent = keptByName((word) => AGENTS.test(baseName(word)) || PACKAGES.test(word));
const definesForAll = keptByName((name) => /^(?:export|declare|typeset|setx|setenv|launchctl)$/.test(name));

/** A variable that switches the guard, set for an agent or a host, or for all that follows. */
function switchedByVariable({ name, args, assigns = [] }: Invocation): string | undefined {
  const words = texts(args);
  if (definesForAll(name) || (name === "systemctl" && words.includes("set-environment")))
    return words.find((word) => OWN_SWITCH.test(word))?.split("=")[0];
  if (name === "unset") return words.find((word) => OWN_SWITCH.test(`${word}=`));
  if (!namesAgent(name) && !words.some(namesAgent)) return undefined;
  const unset = name === "env" ? words.map((word) => `${word.replace(/^(?:-u|--unset=)/, "")}=`) : [];
  const set = [...texts(assigns), ...(name === "env" ? words : []), ...unset];
  return set.find((word) => SWITCHES.test(word) || /^(?:HOME|XDG_CONFIG_HOME)=/.test(word))?.split("=")[0];
}

const HOOKS_OFF =
  /^(?:--settings(?:=.*)?|--setting-sources(?:=.*)?|--bare|--safe-mode|--dangerously-bypass-hook-trust|--no-hooks|--disable-hooks|--no-extensions|-ne|--ignore-user-config|--ignore-rules|--no-plugins)$/;
const HOOKS_VALUE = /^(?:-c|--config)?=?(?:features\.(?:codex_)?hooks|hooks)\b/;

/** `claude --settings x`, `codex -c features.hooks=false`: an agent that starts without its hooks. */
function startsUnguarded({ name, args }: Invocation): boolean {
  const words = texts(args);
  const isAgent =
    AGENTS.test(name) ||
    (/^(?:node|npm|pnpm|npx|bunx|yarn)$/.test(name) && words.some((word) => PACKAGES.test(word)));
  if (!isAgent) return false;
  return words.some(
    (word, index) =>
      HOOKS_OFF.test(word) ||
      (/^(?:-c|--config)/.test(words[index - 1] ?? "") && HOOKS_VALUE.test(word)) ||
      HOOKS_VALUE.test(word.replace(/^--?c(?:onfig)?=?/, "-c=").replace(/^(?!-c=).*/, "")) ||
      (words[index - 1] === "--disable" && /hooks/.test(word)),
  );
}

const CLI = "synaps-ext|synaps-ext.js|synaps";
const switches = lossIn([
  [
    `${CLI} disable|uninstall|approve|enable|setup|install|remove ; ${CLI} config set|unset ; ${CLI} agents wire|unwire ; ${CLI} providers disable`,
    "it changes which extensions run, or what they are told",
  ],
  [
    `node|bun|tsx *synaps-ext.js disable|uninstall|approve|install ; node|bun|tsx *synaps-ext.js config set|unset ; node|bun|tsx *synaps-ext.js agents unwire`,
    "it changes which extensions run, or what they are told",
  ],
  [
    `npx|bunx|npm|pnpm|yarn ... synaps-ext|synaps-ext@* disable|uninstall|approve ; npx|bunx|npm|pnpm|yarn ... synaps-ext|synaps-ext@* config set|unset ; npx|bunx|npm|pnpm|yarn ... synaps-ext|synaps-ext@* agents unwire`,
    "it changes which extensions run, or what they are told",
  ],
  [
    "pkill|killall|skill *synaps*|*shell-guard*|*file-guard*|*secret-redactor* ; systemctl stop|disable|mask|kill|restart *synaps* ; launchctl ... *synaps* ; service *synaps* stop|restart ; npm|pnpm|yarn|bun uninstall|remove|rm|un *synaps-ext*",
    "it ends the service that the guards run in",
  ],
  [
    "claude plugin|plugins disable|uninstall|remove ; codex features disable ... ; gemini extensions|hooks disable|uninstall ; gemini hooks disable-all ; copilot plugin|plugins disable|uninstall|remove ; claude config set",
    "it changes which hooks an agent obeys",
  ],
]);

/** `kill $(cat ~/.synaps-cli/.../pid)`, `kill $(pgrep -f synaps)`. */
const endsHost = ({ name, args }: Invocation): boolean =>
  name === "kill" &&
  !texts(args).includes("-0") &&
  args.some((arg) => (arg.sources ?? []).some((path) => /synaps/.test(path)));

/** `git config core.hooksPath` and the like are in the rules of git; this is the same for the shell's own start files. */
const writesSwitch = (invocation: Invocation): boolean =>
  /^(?:echo|printf)$/.test(invocation.name) &&
  invocation.redirections.some(
    ({ writes, target }) => writes && /(?:^|\/)\.(?:\w*profile|\w*rc|\w*env|env\.\w+)$/.test(target.text),
  ) &&
  texts(invocation.args).some((word) => OWN_SWITCH.test(word.replace(/^export\s+/, "")));

const BY_USER = "Leave it to the user: say what should change in it, and why.";

export const GUARD: readonly Rule[] = [
  {
    id: "guard-files",
    severity: "block",
    about: "changing files of the guard, its host, or the hook configuration of agents in the home folder",
    remedy: BY_USER,
    match(invocation, place) {
      const file = guardedFile(invocation, place);
      return file && !file.isOfProject ? `'${file.path}' decides what guards and hooks do` : undefined;
    },
  },
  {
    id: "guard-project",
    severity: "confirm",
    about:
      "changing the project's own extensions or hook configuration of agents: `.synaps/`, `.claude/settings.json`",
    remedy: BY_USER,
    match(invocation, place) {
      const file = guardedFile(invocation, place);
      return file?.isOfProject === true
        ? `'${file.path}' decides which hooks agents obey in this project`
        : undefined;
    },
  },
  {
    id: "guard-switch",
    severity: "confirm",
    about:
      "switching extensions or hooks off or telling them something else, by their commands, variables or flags",
    remedy: BY_USER,
    match(invocation) {
      if (isTrial(invocation.args)) return undefined;
      const variable = switchedByVariable(invocation);
      if (variable !== undefined) return `'${variable}' changes what guards and hooks do`;
      if (startsUnguarded(invocation)) return "it starts an agent with other hooks, or none";
      if (endsHost(invocation)) return "it ends the service that the guards run in";
      return writesSwitch(invocation)
        ? "it changes what guards do from the next start on"
        : switches(invocation);
    },
  },
];
