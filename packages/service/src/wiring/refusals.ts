import { HostError } from "@synaps/host";
import { messageOf } from "../server/error-fields.js";
import { systemCode } from "./failures.js";

/** The wording of everything that keeps an agent from being wired or unwired. In all of these cases nothing was changed. */
export const refusals = {
  notUnderstood: (path: string, why: string): HostError =>
    new HostError("AGENT_FILE_UNUSABLE", `The file '${path}' cannot be changed safely: ${why}`, {
      hint: "Correct it by hand, and try again. Nothing was changed.",
    }),
  notAccessible: (path: string, doing: "read" | "written", cause: unknown): HostError =>
    new HostError("AGENT_FILE_NOT_WRITTEN", `The file '${path}' cannot be ${doing}: ${reasonOf(cause)}`, {
      hint: "Correct the rights of the file and of its folder, and try again. Nothing was changed; the agent works as before.",
      cause,
    }),
  changedMeanwhile: (path: string): HostError =>
    new HostError("AGENT_FILE_NOT_WRITTEN", `The file '${path}' was changed by another program meanwhile`, {
      hint: "Try again. Nothing was changed.",
    }),
  option: (message: string, hint: string): HostError =>
    new HostError("AGENT_OPTION_REFUSED", message, { hint: `${hint} Nothing was changed.` }),
};

function reasonOf(cause: unknown): string {
  switch (systemCode(cause)) {
    case "EACCES":
    case "EPERM":
      return "this user may not do that there";
    case "EROFS":
      return "the file system is read-only";
    case "ENOSPC":
    case "EDQUOT":
      return "there is no room on the disk";
    case "ENOTDIR":
    case "EEXIST":
      return "a part of its path is not a folder";
    case "ELOOP":
      return "its links go in a circle";
    default:
      return messageOf(cause);
  }
}
