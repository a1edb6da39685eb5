import type { Invocation } from "../model.js";
import type { PathClass, Place } from "../paths.js";
import type { Rule } from "./rule.js";
import { absolute, deletedFiles, deletedTrees, worstOf } from "./targets.js";
import { isVital } from "../system-files.js";

/** What a recursive delete would hit. In a container the image comes back; on another machine no project is known. */
function treeOf(invocation: Invocation, place: Place, kinds: readonly PathClass[]): string | undefined {
  if (invocation.machine === "container") return undefined;
  const elsewhere = invocation.machine === "remote";
  const worst = worstOf(
    deletedTrees(invocation),
    invocation,
    elsewhere ? { ...place, project: null } : place,
  );
  return worst && kinds.includes(worst.kind) ? worst.path : undefined;
}

const INSTEAD = "Name the one folder inside the project that should go, or let the user delete it by hand.";

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
      const file =
        invocation.machine === "container"
          ? undefined
          : deletedFiles(invocation).find((field) => isVital(absolute(field, invocation, place)));
      return file && `it removes the system file '${file.text}'`;
    },
  },
  {
    id: "delete-protected",
    severity: "block",
    about: "delete of a path named in `protected_paths`, or of a folder that holds one",
    remedy: "Leave it, or take the path out of protected_paths.",
    match(invocation, place) {
      if (place.protectedPaths.length === 0 || invocation.machine !== "here") return undefined;
      const worst = worstOf([...deletedTrees(invocation), ...deletedFiles(invocation)], invocation, place);
      return worst?.kind === "protected" ? `'${worst.path}' is protected by the configuration` : undefined;
    },
  },
  {
    id: "delete-project",
    severity: "block",
    about: "recursive delete of the project itself or of its `.git`",
    remedy: INSTEAD,
    match(invocation, place) {
      const path = invocation.machine === "here" ? treeOf(invocation, place, ["project", "git"]) : undefined;
      return path && `'${path}' is the project itself or its history, and what is not pushed is lost`;
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
];
