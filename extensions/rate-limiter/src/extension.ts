import type { BuiltInClock, RateLimit, SeenEvent } from "@synaps/builtins";
import { defineExtension, type CallContext, type Extension, type JsonObject } from "@synaps/sdk";
import { agentCatalog, gatewayCatalog, messagingCatalog } from "@synaps/sdk/catalogs";
import { memberAt } from "@synaps/sdk/protocol";
import { CONFIG, readLimits } from "./settings.js";

type Refusal = ReturnType<RateLimit["answer"]>;

/** Refuses events beyond their limit, with the seconds after which they may come again. */
export function createRateLimiter(clock?: BuiltInClock): Extension {
  let limits = new Map<string, RateLimit>();

  const answer = (event: SeenEvent, context: Pick<CallContext, "annotate">): Refusal =>
    limits.get(event.kind)?.answer(event, context);

  return defineExtension({
    config: CONFIG,
    catalogs: [gatewayCatalog, messagingCatalog, agentCatalog],
    start({ config }) {
      limits = readLimits(config, clock);
    },
    onConfigChange(_change, { config, log }) {
      try {
        limits = readLimits(config, clock);
        log("the limits were changed: everybody begins with full buckets");
      } catch (error) {
        log(
          `WARNING: the changed limits are not used: ${error instanceof Error ? error.message : String(error)}`,
        );
      }
    },
    hooks: {
      before_tool_call: answer,
      "gateway.connection": answer,
      "gateway.auth_failure": answer,
      "gateway.before_tool_call": answer,
      "gateway.before_provider_call": answer,
      "messaging.message_enqueue": ({ kind, data }, context) =>
        answer({ kind, data: { sender: senderOf(data) } }, context),
      "agent.before_agent_execution": answer,
      "agent.before_tool_execution": answer,
    },
    tools: {
      stats: {
        description:
          "Counts of the rate limits by kind; kinds that are counted together have the same counts.",
        input_schema: { type: "object", additionalProperties: false },
        idempotent: true,
        run: () => Object.fromEntries([...limits].map(([kind, limit]) => [kind, countsOf(limit)])),
      },
    },
  });
}

/** The sender, and for sealed senders the recipient: of these nobody is known. The two never look alike. */
function senderOf(data: unknown): string {
  const sender = memberAt(data, ["sender_identity"]);
  return typeof sender === "string" ? `from ${sender}` : `to ${String(memberAt(data, ["recipient_key"]))}`;
}

function countsOf(limit: RateLimit): JsonObject {
  const { allowed, refused, warned, shared, keys } = limit.counts();
  return { allowed, refused, warned, shared, keys };
}
