import type { Catalogs, Hook } from "@synaps/host";
import type { Family } from "../families/family.js";
import { Connections } from "./connections.js";
import { Tally } from "./tally.js";

/** Facts of an event of the gateway catalog. Its kinds check them; nothing here relies on that. */
type Facts = Readonly<Record<string, unknown>>;

/** Counts the events of the gateway catalog. Its numbers stand in families with the names that gateways know. */
export class GatewayCounts {
  readonly #connections = new Connections();
  readonly #auth = new Tally("rustyclaw_auth_attempts_total", "Logins by result.", "result");
  readonly #tools = new Tally(
    "rustyclaw_tool_calls_total",
    "Calls of tools by result.",
    "tool_name",
    "result",
  );
  readonly #providers = new Tally(
    "rustyclaw_provider_requests_total",
    "Calls of models by provider and result.",
    "provider",
    "result",
  );
  readonly #tokens = new Tally(
    "rustyclaw_tokens_total",
    "Tokens by provider and direction.",
    "provider",
    "type",
  );
  readonly #injections = new Tally(
    "rustyclaw_prompt_injection_detected_total",
    "Prompts that looked like an injection, by the answer of the gateway.",
    "action",
  );
  readonly #ssrf = new Tally(
    "rustyclaw_ssrf_blocked_total",
    "Requests to forbidden addresses by reason.",
    "reason",
  );

  get families(): Family[] {
    const connections: Family = {
      name: "rustyclaw_gateway_connections",
      help: "Connections that are open.",
      type: "gauge",
      samples: () => [{ labels: {}, value: this.#connections.open }],
    };
    return [
      connections,
      this.#auth,
      this.#tools,
      this.#providers,
      this.#tokens,
      this.#injections,
      this.#ssrf,
    ];
  }

  /** The hook that counts. Asked before every other one, and once for each event: it counts also what others block. */
  get hook(): Hook<Catalogs> {
    const handlers: Readonly<Record<string, (event: Facts, data: Facts) => void>> = {
      "gateway.connection": (_, { peer_addr }) => this.#connections.opened(text(peer_addr, "")),
      "gateway.disconnection": (_, { peer_addr }) => this.#connections.closed(text(peer_addr, "")),
      "gateway.auth_success": () => this.#auth.add("success"),
      "gateway.auth_failure": () => this.#auth.add("failure"),
      "gateway.after_tool_call": ({ tool_name }, { success }) =>
        this.#tools.add(text(tool_name, "unknown"), resultOf(success)),
      "gateway.after_provider_call": (_, data) => this.#providerCall(data),
      "gateway.security_event": (_, data) => this.#threat(data),
    };
    return {
      id: "metrics",
      metadata: { priority: "highest", description: "Counts the events of the gateway", tags: ["metrics"] },
      events: Object.keys(handlers).map((kind) => ({
        kind,
        phase: "rewrite" as const,
        handler: (event: unknown) => {
          const { data } = event as { data?: Facts };
          handlers[kind]?.(event as Facts, data ?? {});
        },
      })),
      onUnregister: () => this.#connections.forget(),
    };
  }

  #providerCall({ provider, success, input_tokens, output_tokens }: Facts): void {
    const name = text(provider, "unknown");
    this.#providers.add(name, resultOf(success));
    this.#tokens.add(name, "input", amount(input_tokens));
    this.#tokens.add(name, "output", amount(output_tokens));
  }

  #threat({ event_type, action, reason }: Facts): void {
    if (event_type === "prompt_injection") this.#injections.add(text(action, "warn"));
    if (event_type === "ssrf") this.#ssrf.add(text(reason, "unknown"));
  }
}

function text(value: unknown, missing: string): string {
  return typeof value === "string" && value !== "" ? value : missing;
}

/** A call whose result nobody told counts as a success. */
function resultOf(success: unknown): "success" | "error" {
  return success === false ? "error" : "success";
}

function amount(value: unknown): number {
  return typeof value === "number" && value > 0 && Number.isFinite(value) ? value : 0;
}
