import { createHash } from "node:crypto";
import { messageOf, systemCode } from "../../errors.js";

/** One hash of all names and values. Pure. */
export function hashOf(files: ReadonlyMap<string, { value: string }>): string {
  const names = [...files.keys()].sort();
  const text = names.map((name) => `${name}\0${files.get(name)?.value ?? ""}\0`).join("");
  return `sha256:${createHash("sha256").update(text).digest("hex")}`;
}

/** The reason in plain words for which something cannot be looked into. Pure. */
export function reasonOf(error: unknown): string {
  switch (systemCode(error)) {
    case "EACCES":
    case "EPERM":
      return "you may not read it";
    case "ELOOP":
      return "its links lead in a circle";
    case "ENOENT":
      return "it went away";
    default:
      return messageOf(error);
  }
}
