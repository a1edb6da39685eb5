import type { PathClass } from "./paths.js";

/** Made and removed again by git itself, or mere notes of it. */
const LEFTOVERS =
  /(?:\.lock|^gc\.(?:log|pid)|^(?:COMMIT_EDITMSG|MERGE_MSG|SQUASH_MSG|TAG_EDITMSG|FETCH_HEAD|AUTO_MERGE|description)|^fsmonitor--daemon(?:\/.*)?|^(?:hooks|info)\/.*\.sample|\/tmp_obj_\w+|\.DS_Store)$/;
/** Without them the history cannot be read, or git forgets where it belongs. */
const VITAL =
  /^(?:$|HEAD|config|packed-refs|shallow|objects|refs|logs\/HEAD|commondir|gitdir|\$item|\*)(?:\/|$)/;

/**
 * What the loss of something in a `.git` folder costs: history (`git`), state or settings (`git-state`), nothing (`inside`).
 * `rest` is the path below `.git`, empty for the folder itself.
 */
export function classifyGitPath(rest: string, isOfProject: boolean): PathClass {
  if (LEFTOVERS.test(rest)) return "inside";
  return VITAL.test(rest) && isOfProject ? "git" : "git-state";
}
