import type { JsonValue } from "@synaps/sdk/protocol";
import { HostError, messageOf } from "../../errors.js";
import { lineOf } from "../../text-bounds.js";
import type { HostServices } from "../services.js";
import { apiNameOf } from "../tools/api-name.js";
import { leasedAttemptOf } from "../tools/tool-answer.js";
import { leaseFailure, type LeaseCall, type ToldResult } from "./result.js";

const KINDS = { before: "before_tool_call", after: "after_tool_call" } as const;
/** Text of a hook in a message, at most. */
const MAX_REASON_BYTES = 1_024;

/** Calls a leased tool between the hooks that every call of a tool passes. Never rejects. */
export async function betweenHooks(
  { intercept }: Pick<HostServices, "intercept">,
  call: LeaseCall,
  perform: (input: JsonValue) => Promise<ToldResult>,
): Promise<ToldResult> {
  const { session, extension, tool, input } = call;
  const name = `${extension}:${tool}`;
  const event = {
    tool_name: apiNameOf(name),
    tool_runtime_name: name,
    tool_input: input,
    session_id: session,
  };
  let told: ToldResult | undefined;
  try {
    const intercepted = await intercept(KINDS, event, async (final) => {
      told = await perform(final);
      const { content, isError } = leasedAttemptOf(name, told);
      return { output: content, isError };
    });
    if (!intercepted.ran || !told) return blocked("reason" in intercepted ? intercepted.reason : "");
    const isReplaced = told.ok && intercepted.after?.action === "replace";
    return isReplaced ? { ok: true, result: intercepted.output } : told;
  } catch (error) {
    const code = error instanceof HostError ? error.code : undefined;
    return code === "HOST_STOPPED" ? leaseFailure("stopped") : blocked(messageOf(error));
  }
}

function blocked(why: string): ToldResult {
  return leaseFailure("blocked", lineOf(why, MAX_REASON_BYTES));
}
