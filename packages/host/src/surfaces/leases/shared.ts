import type { JsonValue } from "@synaps/sdk/protocol";
import type { Extension } from "../../supervision/extension.js";
import { lineOf } from "../../text-bounds.js";
import { startFailure, type ToolCall } from "./lease.js";
import { leaseFailure, type LeaseResult } from "./result.js";

const MAX_DETAIL_BYTES = 200;

/**
 * Calls a tool of an extension that has hooks or providers beside it: all sessions share its one process, which starts
 * now if it sleeps, and is supervised like any other. Never rejects.
 */
export async function callShared(extension: Extension, call: ToolCall): Promise<LeaseResult> {
  const { tool, input, deadlineMs, signal } = call;
  const result = await extension.call({
    method: "tool.call",
    params: { name: tool, input },
    deadlineMs,
    signal,
  });
  switch (result.type) {
    case "cancelled":
      return leaseFailure("cancelled");
    case "none": {
      if (result.reason === "stopped") return leaseFailure("stopped");
      if (result.reason === "failed" && extension.failure) return startFailure(extension.failure, tool);
      return leaseFailure("transport", lineOf(result.detail ?? result.reason, MAX_DETAIL_BYTES));
    }
    case "reply": {
      const { reply } = result;
      if (reply.type === "result") return { ok: true, result: (reply.result ?? null) as JsonValue };
      return leaseFailure("extension_reported", `${Buffer.byteLength(reply.message)} bytes, withheld`);
    }
  }
}
