import { HostError, messageOf, systemCode, type HostErrorCode } from "../../errors.js";

/** A reason of this host for not changing a file, with a remedy. */
export class Refusal extends Error {
  readonly hint: string;

  constructor(reason: string, hint: string) {
    super(reason);
    this.hint = hint;
  }
}

/** The words for a file in errors, and the code that its errors carry. */
export interface FileWords {
  code: HostErrorCode;
  /** For example "The configuration file". */
  what: string;
}

/** Makes the error for a file that was not changed. A HostError stays as it is. */
export function notWritten(path: string, { code, what }: FileWords, cause: unknown): HostError {
  if (cause instanceof HostError) return cause;
  const { reason, hint } =
    cause instanceof Refusal ? { reason: cause.message, hint: cause.hint } : wordsFor(cause);
  return new HostError(code, `${what} '${path}' cannot be written: ${reason}`, {
    hint: `${hint} Nothing was changed.`,
    cause,
  });
}

function wordsFor(error: unknown): { reason: string; hint: string } {
  switch (systemCode(error)) {
    case "ENOSPC":
      return { reason: "the disk is full", hint: "Make room on it and try again." };
    case "EDQUOT":
      return { reason: "the quota of the disk is used up", hint: "Make room and try again." };
    case "EROFS":
      return {
        reason: "the file system is read-only",
        hint: "Name a folder that can be written to in SYNAPS_BASE_DIR.",
      };
    case "EACCES":
    case "EPERM":
      return {
        reason: `this user may not write there (${messageOf(error)})`,
        hint: "Correct the rights of the folder, or name another folder in SYNAPS_BASE_DIR.",
      };
    case "ENOTDIR":
    case "EEXIST":
      return {
        reason: `a part of the path is not a folder (${messageOf(error)})`,
        hint: "Move it away, or name another folder in SYNAPS_BASE_DIR.",
      };
    default:
      return { reason: messageOf(error), hint: "Check its rights and the room on the disk." };
  }
}
