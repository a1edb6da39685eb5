import { nameBefore, partsOf } from "./names.js";
import type { Candidate } from "./rules/rule.js";

/**
 * Place of a name and its value: `NAME=value` of an environment, alone on its line without quotes as in YAML or INI, data
 * that a program printed, or code.
 */
export type Surroundings = "env" | "line" | "data" | "code";

const ENV_NAME = /^[A-Z][A-Z0-9_]*$/;

/** Finds the surroundings from what stands around the match of a rule with the groups `name`, `tail` and a value. */
export function surroundingsOf({ text, start, end, match }: Candidate, tail: string): Surroundings {
  const nameEnd = (match.indices?.groups?.["name"]?.[1] ?? match.index) + tail.length;
  const name = nameBefore(text, nameEnd);
  const sign = text.slice(nameEnd, start);
  const before = text.slice(Math.max(0, nameEnd - name.length - 12), nameEnd - name.length);
  if (ENV_NAME.test(name) && /^=["']?$/.test(sign) && /(?:^|[\s"';|(&:])$/.test(before)) return "env";
  // The environment of a container: `MYSQL_ROOT_PASSWORD: value`.
  if (/^[A-Z][A-Z0-9]*_[A-Z0-9_]+$/.test(name) && /^:[ \t]+$/.test(sign) && /(?:^|\n)[ \t]+$/.test(before))
    return "env";
  // A test that passed: `PASS: net-a-b`.
  if (/["'`]/.test(sign) || (/^pass$/i.test(name) && sign.startsWith(":"))) return "code";
  const after = /^[ \t]*(?:\r?\n|$|#)/.test(text.slice(end, end + 40));
  return after && /(?:^|\n)[ \t+>-]*(?:\d{1,5}[:\t-][ \t]*)?(?:export )?$/.test(before) ? "line" : "code";
}

/** Words of code that names a value instead of holding it. */
const CODE_WORDS =
  /^(?:pass(?:w.*)?|.*password|pwd|secrets?|tokens?|users?(?:name)?|log(?:in|on)|auth|keys?|fields?|inputs?)\d{0,2}$/;

/** A value of ordinary words that a person made into a password, as far as the surroundings let one tell. */
export function isTypedPassword(value: string, surroundings: Surroundings): boolean {
  if (surroundings === "env") return !/^[.~]?\/|^[a-z]+:|^\w+\.\w+\(|^\d+$/.test(value);
  if (partsOf(value).some((part) => CODE_WORDS.test(part))) return false;
  if (/^[A-Za-z]{3,}\d{2,}$/.test(value) || (/[!@#$%^&*+?~]/.test(value) && /\d/.test(value))) return true;
  const parts = value.split(/[-_]/);
  if (parts.length >= 3 && /\d{2,}/.test(value) && !/\d{4}-\d\d-\d\d|^v?\d/.test(value)) return true;
  return (
    surroundings === "line" && parts.length >= 3 && parts.every((part) => /^[A-Za-z]{3,}\d{0,2}$/.test(part))
  );
}
