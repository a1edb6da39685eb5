import { isChainPolicy } from "@synaps/sdk/protocol";
import { HostError } from "../errors.js";

/** The error for wrong options of `emit` or `intercept`: programs in plain JavaScript have no compiler to say so. */
export function wrongOptions(options: unknown): HostError | undefined {
  if (typeof options !== "object" || options === null) return wrong("they are no object");
  const { chain, confirm } = options as { chain?: unknown; confirm?: unknown };
  if (chain !== undefined && !isChainPolicy(chain)) return wrong("'chain' names no chain policy");
  if (confirm !== undefined && confirm !== "block" && typeof confirm !== "function")
    return wrong("'confirm' must be a function or 'block'");
  return undefined;
}

function wrong(why: string): HostError {
  return new HostError("EVENT_INVALID", `The options of the event are wrong: ${why}`, {
    hint: "Pass { chain, confirm } with the types of InterceptOptions, or nothing.",
  });
}
