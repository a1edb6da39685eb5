import {
  block,
  defineExtension,
  modify,
  type CallContext,
  type Extension,
  type JsonObject,
  type JsonValue,
} from "@synaps/sdk";
import { agentCatalog } from "@synaps/sdk/catalogs";
import { Reports } from "./reports.js";
import { scan, type Finding } from "./scan.js";
import { CONFIG, readSettings, type Config, type Settings } from "./settings.js";

/** Annotation of every event that something was found in, and of every event that may be changed. */
const NOTE = "security_validator";

/** An input to look at: where it stands in its event, and what a clean one is handed over as. */
interface Input {
  readonly kind: string;
  readonly name: string;
  readonly sessionId: string | null;
  /** True when this hook was asked before about the same event: what it would change now comes too late. */
  readonly isFinal: boolean;
  readonly at: string;
  readonly value: JsonValue;
  readonly withValue: (value: JsonValue) => JsonValue;
}

interface AnyEvent {
  readonly kind: string;
  readonly tool_name?: string | null;
  readonly tool_input?: JsonValue;
  readonly session_id?: string | null;
  readonly data?: unknown;
  readonly meta?: { readonly annotations?: JsonObject };
}

/** Looks at the inputs of tools and agents for shapes of attacks. */
export function securityValidator(now: () => number = Date.now): Extension<readonly [typeof agentCatalog]> {
  let settings: Settings | undefined;
  const reports = new Reports(now);

  const answer = (input: Input, context: CallContext) => {
    if (settings === undefined) return undefined;
    const { findings, clean } = scan(input.value, input.at, input.name, settings);
    const canChange = settings.mode === "sanitize" && !input.isFinal;
    if (findings.length === 0) {
      // Seen when this hook is asked again, because another one changed the input.
      if (canChange) context.annotate(NOTE, { action: "none" });
      return undefined;
    }
    const value = canChange ? clean?.() : undefined;
    const action = settings.mode === "monitor" ? "none" : value === undefined ? "blocked" : "sanitized";
    tell(input, findings, action, context);
    if (action === "none") return undefined;
    if (value === undefined) return block(reasonOf(findings));
    return modify(input.withValue(value));
  };

  const tell = (input: Input, findings: readonly Finding[], action: string, context: CallContext): void => {
    const violations = findings.map(({ check, rule, at }) => ({ check, rule, at }));
    context.annotate(NOTE, { action, violations: violations.slice(0, 10) });
    const { kind, name, sessionId: session_id } = input;
    const data = {
      kind,
      name,
      session_id,
      action,
      count: findings.length,
      violations: violations.slice(0, 20),
    };
    reports.report(data, `${kind} of '${name.slice(0, 100)}': ${wordsOf(findings)}; ${action}`, context);
  };

  const tool = (event: AnyEvent, context: CallContext) =>
    answer(
      {
        ...aboutIt(event, event.tool_name ?? ""),
        at: "/tool_input",
        value: event.tool_input ?? null,
        withValue: (value) => value,
      },
      context,
    );

  return defineExtension({
    catalogs: [agentCatalog],
    config: CONFIG,
    start({ config }) {
      // Read once here, so that a bad pattern refuses to start instead of failing open at every event.
      settings = readSettings(config);
    },
    onConfigChange({ key }, { config, log }) {
      try {
        settings = readSettings(config as Config);
        log(`config key '${key}' changed: it counts from now on`);
      } catch (error) {
        log(`${error instanceof Error ? error.message : String(error)}; the values before go on`);
      }
    },
    hooks: {
      before_tool_call: (event, context) => tool(event, context),
      "agent.before_tool_execution": (event, context) => tool(event as AnyEvent, context),
      "agent.before_agent_execution": (event, context) => {
        const data = event.data as { component: { name: string }; input?: JsonValue };
        const input = {
          ...aboutIt(event as AnyEvent, data.component.name),
          at: "/data/input",
          value: data.input ?? null,
          withValue: (value: JsonValue) => ({ ...data, input: value }) as JsonValue,
        };
        return answer(input, context);
      },
    },
  });
}

function aboutIt(event: AnyEvent, name: string): Pick<Input, "kind" | "name" | "sessionId" | "isFinal"> {
  const { kind, session_id, meta } = event;
  return { kind, name, sessionId: session_id ?? null, isFinal: meta?.annotations?.[NOTE] !== undefined };
}

/** For the one who called: rules and places, never the text. */
function reasonOf(findings: readonly Finding[]): string {
  return `security-validator refuses this input: ${wordsOf(findings)}`;
}

function wordsOf(findings: readonly Finding[]): string {
  const shown = findings.slice(0, 3).map(({ rule, at }) => `${rule} at ${at.slice(0, 200)}`);
  const more = findings.length > 3 ? ` and ${findings.length - 3} more` : "";
  return shown.join(", ") + more;
}
