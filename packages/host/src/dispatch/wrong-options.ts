import { isChainPolicy } from "@synaps/sdk/protocol";
import { HostError, type HostErrorCode, unknownKey } from "../errors.js";

const CHECKS = {
  chain: [isChainPolicy, "names no chain policy: first_decision and rewrite_then_veto are the two"],
  confirm: [(value) => value === "block" || typeof value === "function", "must be a function or 'block'"],
  signal: [(value) => value instanceof AbortSignal, "must be an AbortSignal"],
  traceFields: [isTraceFields, "must be an object of texts and numbers"],
  onlyApproved: [(value) => typeof value === "boolean", "must be true or false"],
} satisfies Record<string, readonly [isRight: (value: unknown) => boolean, wrong: string]>;

function isTraceFields(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  return Object.values(value).every((one) => typeof one === "string" || typeof one === "number");
}

type OptionName = keyof typeof CHECKS;

/**
 * The error for wrong options of one of the host's methods: programs in plain JavaScript have no compiler to say so.
 * `known` names the options that the method has.
 */
export function wrongOptions(
  method: string,
  options: unknown,
  known: readonly OptionName[],
): HostError | undefined {
  const code: HostErrorCode =
    method === "emit" || method === "intercept" ? "EVENT_INVALID" : "HOST_OPTIONS_INVALID";
  const wrong = (why: string): HostError =>
    new HostError(code, `The options of ${method} are wrong: ${why}`, {
      hint: `Pass an object with any of these, or nothing: ${known.join(", ")}.`,
    });
  if (typeof options !== "object" || options === null) return wrong("they are no object");
  const unknown = unknownKey(options, known);
  if (unknown !== undefined) return wrong(unknown);
  for (const name of known) {
    const value: unknown = Reflect.get(options, name);
    const [isRight, why] = CHECKS[name];
    if (value !== undefined && !isRight(value)) return wrong(`'${name}' ${why}`);
  }
  return undefined;
}
