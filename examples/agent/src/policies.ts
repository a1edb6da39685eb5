import type { TypedHost } from "@synaps/host";
import type { agentCatalog } from "@synaps/sdk/catalogs";
import { fork, redirect, retry, skip, store } from "@synaps/sdk/protocol";

/** Hooks that answer with each action once: an extension answers alike, in any language. */
export async function usePolicies(host: TypedHost<[typeof agentCatalog]>): Promise<void> {
  await host.use({
    id: "policies",
    events: [
      {
        kind: "agent.before_agent_execution",
        handler({ data, tool_name: place }) {
          const question = String(data.input);
          if (question.startsWith("Tell me a joke")) return skip("Nobody laughs here.");
          // Asked again about the other place, and content with it.
          if (question.startsWith("Quick: ") && place !== "small") return redirect("small");
          if (question.startsWith("Which day")) return store({ ttl_ms: 60_000 });
          const parts = question.startsWith("Describe ") ? question.split(" and ") : [];
          if (parts.length > 1) return fork(parts.map((input) => ({ ...data, input })));
          if (question.startsWith("Draft"))
            return retry({ delay_ms: 20, max_attempts: 3, backoff: "exponential" });
        },
      },
    ],
  });
}
