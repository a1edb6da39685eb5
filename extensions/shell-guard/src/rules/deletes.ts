import type { Field, Invocation } from "../model.js";
import { guardedKindOf, type PathClass, type Place } from "../paths.js";
import { lastKeptOfBoth } from "../remembered.js";
import type { Rule } from "./rule.js";
import { absolute, deletedFiles, deletedTrees, worstOf } from "./targets.js";
import { isDevice, isVital } from "@synaps/guards/paths";

/** What a recursive delete would hit. In a container the image comes back; on another machine no project is known. */
function treeOf(invocation: Invocation, place: Place, kinds: readonly PathClass[]): string | undefined {
  if (invocation.machine === "container") return undefined;
  const worst = worstTree(invocation, place);
  return worst && kinds.includes(worst.kind) ? worst.path : undefined;
}

const worstTree = lastKeptOfBoth((invocation: Invocation, place: Place) => {
  const elsewhere = invocation.machine === "remote";
  return worstOf(deletedTrees(invocation), invocation, elsewhere ? { ...place, project: null } : place);
});

/** A file that is deleted or moved alone, and that no tree says more about. */
function fileOf(invocation: Invocation, place: Place, kinds: readonly PathClass[]): Field | undefined {
  if (invocation.machine !== "here" || invocation.name === "rmdir") return undefined;
  return aloneOf(invocation, place).find(({ kind }) => kinds.includes(kind))?.field;
}

const aloneOf = lastKeptOfBoth((invocation: Invocation, place: Place) => {
  const files = deletedFiles(invocation);
  if (files.length === 0) return [];
  const trees = new Set(deletedTrees(invocation));
  return files
    .filter((field) => !trees.has(field))
    .map((field) => ({ field, kind: worstOf([field], invocation, place)?.kind ?? "inside" }));
});

const INSTEAD = "Name the one folder inside the project that should go, or let the user delete it by hand.";
const BY_HAND = "Leave it where it is, or let the user remove it by hand.";

export const DELETES: readonly Rule[] = [
  {
    id: "delete-system",
    severity: "block",
    about: "recursive delete of `/`, a system folder or a whole home folder",
    remedy: INSTEAD,
    match(invocation, place) {
      const path = treeOf(invocation, place, ["root", "system", "home"]);
      if (path !== undefined)
        return `it deletes '${path}' with all its contents, which the machine or the user cannot spare`;
      if (invocation.machine === "container") return undefined;
      const file = deletedFiles(invocation).find((field) => isVital(absolute(field, invocation, place)));
      if (file) return `it removes the system file '${file.text}'`;
      const whole = invocation.name === "mv" ? undefined : fileOf(invocation, place, ["root", "home"]);
      return whole && `'${whole.text}' is a folder that the machine or the user cannot spare`;
    },
  },
  {
    id: "delete-protected",
    severity: "block",
    about: "delete of a path named in `protected_paths`, or of a folder that holds one",
    remedy: BY_HAND,
    match(invocation, place) {
      if (place.protectedPaths.length === 0 || invocation.machine !== "here") return undefined;
      const worst = worstOf([...deletedTrees(invocation), ...deletedFiles(invocation)], invocation, place);
      return worst?.kind === "protected" ? `'${worst.path}' is protected by the configuration` : undefined;
    },
  },
  {
    id: "delete-project",
    severity: "block",
    about:
      "recursive delete of the project itself or of its `.git`, and of single files that hold the history",
    remedy: INSTEAD,
    match(invocation, place) {
      const path = invocation.machine === "here" ? treeOf(invocation, place, ["project", "git"]) : undefined;
      if (path !== undefined)
        return `'${path}' is the project itself or its history, and what is not pushed is lost`;
      const file = fileOf(invocation, place, ["git", "project"]);
      return file && `'${file.text}' is a part of the history, and without it the repository is broken`;
    },
  },
  {
    id: "delete-secret",
    severity: "block",
    about: "delete or move of a key or of credentials outside the project",
    remedy: "Leave keys where they are; the user can make new ones and retire the old.",
    match(invocation, place) {
      if (invocation.machine !== "here") return undefined;
      const file = aloneOf(invocation, place).find(
        ({ field, kind }) =>
          (kind === "outside" || kind === "system") &&
          guardedKindOf(absolute(field, invocation, place), place) === "secret",
      )?.field;
      return file && `'${file.text}' is a key or holds credentials, and nothing brings it back`;
    },
  },
  {
    id: "delete-outside",
    severity: "block",
    about: "recursive delete outside the project and outside temporary folders",
    remedy: INSTEAD,
    match(invocation, place) {
      if (invocation.machine !== "here" || place.project === null) return undefined;
      const path = treeOf(invocation, place, ["outside"]);
      return path && `'${path}' is outside the project`;
    },
  },
  {
    id: "delete-unsure",
    severity: "confirm",
    about: "recursive delete whose target cannot be told, or is all of a temporary folder",
    remedy: "Write the path out instead of a variable, or name one folder.",
    match(invocation, place) {
      const path = treeOf(invocation, place, ["unknown", "temp-root"]);
      if (path !== undefined) return `nobody can tell from the command what '${path}' holds`;
      const far =
        invocation.machine === "remote" || place.project === null
          ? treeOf(invocation, place, ["outside"])
          : undefined;
      return far && `'${far}' is an absolute path and it is not known whether it may go`;
    },
  },
  {
    id: "delete-file",
    severity: "confirm",
    about: "delete or move of a single file outside the project and outside temporary folders and caches",
    remedy: "Copy it instead of moving it, or let the user remove it by hand.",
    match(invocation, place) {
      const file = fileOf(invocation, place, ["outside", "system"]);
      return file && !isDevice(absolute(file, invocation, place))
        ? `'${file.text}' is outside the project, and no history brings it back`
        : undefined;
    },
  },
  {
    id: "delete-git-state",
    severity: "confirm",
    about:
      "delete of what git keeps besides the history: hooks, its index, a rebase under way, a nested repository",
    remedy: "Use the git command for it, such as `git rebase --abort` or `git reset`.",
    match(invocation, place) {
      const tree = invocation.machine === "here" ? treeOf(invocation, place, ["git-state"]) : undefined;
      const path = tree ?? fileOf(invocation, place, ["git-state"])?.text;
      return path && `'${path}' holds settings or unfinished work of git`;
    },
  },
];
