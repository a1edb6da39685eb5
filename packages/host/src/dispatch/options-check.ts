import { isChainPolicy, unknownKey } from "@synaps/sdk/protocol";
import { HostError, messageOf, type HostErrorCode } from "../errors.js";

/** Tells a right value of an option from a wrong one, and says what is right. */
export type OptionCheck = readonly [isRight: (value: unknown) => boolean, wanted: string];

/** A check for each option of a type, so that the checks and the type cannot part. */
export type OptionChecks<T> = Readonly<Record<keyof T & string, OptionCheck>>;

const isText = (value: unknown): boolean => typeof value === "string";

export const TEXT: OptionCheck = [isText, "a text"];
export const TEXT_OR_NULL: OptionCheck = [(value) => value === null || isText(value), "a text or null"];
export const TEXTS: OptionCheck = [(value) => Array.isArray(value) && value.every(isText), "a list of names"];
export const SWITCH: OptionCheck = [(value) => typeof value === "boolean", "true or false"];
export const FUNCTION: OptionCheck = [(value) => typeof value === "function", "a function"];
export const NUMBER: OptionCheck = [(value) => Number.isFinite(value), "a finite number"];
export const NUMBER_OR_NULL: OptionCheck = [
  (value) => value === null || Number.isFinite(value),
  "a finite number or null",
];
export const LIST: OptionCheck = [(value) => Array.isArray(value), "a list"];
export const ANY: OptionCheck = [() => true, "anything"];
export const SIGNAL: OptionCheck = [(value) => value instanceof AbortSignal, "an AbortSignal"];
export const CHAIN: OptionCheck = [
  isChainPolicy,
  "the name of a chain policy: first_decision or rewrite_then_veto",
];
export const CONFIRM: OptionCheck = [
  (value) => value === "block" || typeof value === "function",
  "a function or 'block'",
];

export function between(least: number, most: number): OptionCheck {
  return [
    (value) => typeof value === "number" && value >= least && value <= most,
    `a number from ${least} to ${most}`,
  ];
}

/**
 * Returns a function that looks at the options of one of the host's methods, and returns the error for wrong ones: programs
 * in plain JavaScript have no compiler to say so. An option whose value is undefined counts as absent.
 */
export function optionsCheck<T>(
  method: string,
  checks: OptionChecks<T>,
  code: HostErrorCode = "HOST_OPTIONS_INVALID",
  required: readonly (keyof T & string)[] = [],
): (options: unknown) => HostError | undefined {
  const known = Object.keys(checks);
  const all = Object.entries<OptionCheck>(checks);
  const wrong = (why: string): HostError =>
    new HostError(code, `The options of ${method} are wrong: ${why}`, {
      hint:
        required.length === 0
          ? `Pass an object with any of these, or nothing: ${known.join(", ")}.`
          : `Pass an object with ${required.join(", ")}; it may have any of these: ${known.join(", ")}.`,
    });
  const look = (options: unknown): HostError | undefined => {
    if (typeof options !== "object" || options === null) return wrong("they are no object");
    const unknown = unknownKey(options, known);
    if (unknown !== undefined) return wrong(unknown);
    for (const [name, [isRight, wanted]] of all) {
      const value: unknown = Reflect.get(options, name);
      if (value === undefined && required.some((one) => one === name)) return wrong(`'${name}' is missing`);
      if (value !== undefined && !isRight(value)) return wrong(`'${name}' must be ${wanted}`);
    }
    return undefined;
  };
  return (options) => {
    try {
      return look(options);
    } catch (error) {
      return wrong(`they cannot be read: ${messageOf(error)}`);
    }
  };
}
