import { ownCatalog } from "../protocol/define-catalog.js";
import { flag, number, object, oneOfTexts, text, whole } from "../protocol/payload.js";
import { DEFAULT_DEADLINE_MS } from "../protocol/synaps-catalog.js";

const base = {
  permission: "gateway.events",
  toolFilter: false,
  since: 3,
  deadlineMs: DEFAULT_DEADLINE_MS,
} as const;

/** Awaited. `modify` replaces the facts for later hooks and for the gateway; it may add members of its own. */
const gate = {
  ...base,
  delivery: "gate",
  actions: ["continue", "block", "modify"],
  actionPermissions: { block: "gateway.gate", modify: "gateway.gate" },
  modifies: "data",
  canFailClosed: true,
} as const;

const observed = { ...base, delivery: "observe", actions: ["continue"], canFailClosed: false } as const;

/** Facts that a hook may add to. */
const OPEN = { open: true } as const;

const peer = text({ description: "Address and port of the client" });
const byPeer = {
  peer_addr: { at: "/data/peer_addr", type: "address", description: "Address of the client, any port" },
} as const;
const method = text({ description: "Way of authentication, for instance totp" });
const tool = text({ description: "Name of the tool" });
const call = text({ description: "Number of the call, as the model gave it" });
const provider = text({ description: "Name of the provider" });
const model = text({ description: "Name of the model" });

const byMethod = {
  method: { at: "/data/method", type: "string", description: "Way of authentication" },
} as const;
const byModel = {
  provider: { at: "/data/provider", type: "string", description: "Provider that is called" },
  model: { at: "/data/model", type: "string", description: "Model that is called" },
} as const;
const bySuccess = {
  success: { at: "/data/success", type: "boolean", description: "True if the call succeeded" },
} as const;

/**
 * Events in the life of a gateway for agents: connections, logins, calls of tools and models, threats. They carry facts
 * only: no arguments or output of a tool and no prompt has a place in them.
 */
export const gatewayCatalog = ownCatalog({
  name: "gateway",
  version: "1.0.0",
  chain: "rewrite_then_veto",
  permissions: {
    "gateway.events":
      "Be told of starts, connections, logins, threats and of calls of tools and models: names and addresses, no content",
    "gateway.gate":
      "Refuse starts, connections, logins and calls, and change the facts that others are told of them",
  },
  kinds: {
    "gateway.startup": {
      ...gate,
      description: "The gateway is about to serve; a block keeps it from starting",
      payload: object({
        data: object(
          { gateway_url: text({ description: "Address that it listens on" }), tls_enabled: flag() },
          OPEN,
        ),
      }),
      attributes: {
        tls_enabled: { at: "/data/tls_enabled", type: "boolean", description: "True with encryption" },
      },
    },
    "gateway.shutdown": {
      ...base,
      delivery: "lifecycle",
      actions: ["continue"],
      canFailClosed: false,
      description: "The gateway stops; it waits until all have been told, within one deadline",
      payload: object({}),
    },
    "gateway.connection": {
      ...gate,
      description: "A client has connected and is not logged in yet; a block closes the connection",
      payload: object({
        data: object({ peer_addr: peer, peer_ip: text({ description: "Address alone" }) }, OPEN),
      }),
      attributes: { peer_ip: { at: "/data/peer_ip", type: "address", description: "Address of the client" } },
    },
    "gateway.disconnection": {
      ...observed,
      description: "A connection has ended, for whatever reason",
      payload: object({
        data: object({ peer_addr: peer, duration: number({ minimum: 0, description: "Seconds" }) }),
      }),
      attributes: byPeer,
    },
    "gateway.config_reload": {
      ...observed,
      description: "The configuration was read again",
      payload: object({
        data: object({ changes: text({ description: "Keys with the values before and after" }) }),
      }),
    },
    "gateway.auth_success": {
      ...gate,
      description: "A client has proved who it is; a block refuses the login nevertheless",
      payload: object({ data: object({ peer_addr: peer, method }, OPEN) }),
      attributes: { ...byMethod, ...byPeer },
    },
    "gateway.auth_failure": {
      ...gate,
      description: "A login has failed; a block closes the connection without another try",
      payload: object({
        data: object({ peer_addr: peer, method, attempts: whole({ minimum: 0 }), locked_out: flag() }, OPEN),
      }),
      attributes: {
        ...byMethod,
        ...byPeer,
        locked_out: {
          at: "/data/locked_out",
          type: "boolean",
          description: "True if the client has to wait now",
        },
      },
    },
    "gateway.before_tool_call": {
      ...gate,
      toolFilter: true,
      description:
        "Any tool is about to run, those for secrets and skills included; a block keeps it from running",
      payload: object({ tool_name: tool, data: object({ tool_id: call }, OPEN) }),
    },
    "gateway.after_tool_call": {
      ...gate,
      toolFilter: true,
      description: "A tool has run; a block ends the turn",
      payload: object({ tool_name: tool, data: object({ tool_id: call, success: flag() }, OPEN) }),
      attributes: bySuccess,
    },
    "gateway.before_provider_call": {
      ...gate,
      description: "A model is about to be called; a block keeps the call from being made",
      payload: object({ data: object({ provider, model }, OPEN) }),
      attributes: byModel,
    },
    "gateway.after_provider_call": {
      ...observed,
      description: "A model has been called",
      payload: object({
        data: object({
          provider,
          model,
          success: flag(),
          input_tokens: whole({ minimum: 0 }),
          output_tokens: whole({ minimum: 0 }),
        }),
      }),
      attributes: { ...byModel, ...bySuccess },
    },
    "gateway.security_event": {
      ...gate,
      description:
        "A threat was seen; a block stops what is under way, also where the gateway would only warn",
      payload: object({
        data: object(
          {
            event_type: oneOfTexts(
              "prompt_injection",
              "ssrf",
              "command_injection",
              "rate_limit",
              "allow_list",
            ),
            action: oneOfTexts("warn", "block", "sanitize"),
            reason: text(),
            peer_addr: peer,
          },
          { open: true, optional: ["peer_addr"] },
        ),
      }),
      attributes: {
        ...byPeer,
        event_type: {
          at: "/data/event_type",
          type: "string",
          values: ["prompt_injection", "ssrf", "command_injection", "rate_limit", "allow_list"],
          description: "Sort of threat",
        },
        action: {
          at: "/data/action",
          type: "string",
          values: ["warn", "block", "sanitize"],
          description: "Answer of the gateway itself",
        },
      },
    },
  },
});
