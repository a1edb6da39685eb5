import { createHost } from "@synaps/host";
import { agentCatalog, gatewayCatalog, messagingCatalog } from "@synaps/sdk/catalogs";
import type { Action, HookKindSpec, JsonObject, JsonValue } from "@synaps/sdk/protocol";
import { expect, it, onTestFinished } from "vitest";
import { authorFolder } from "../../helpers/author-program.js";
import { FAST } from "../../helpers/hosts.js";
import { tempDir } from "../../helpers/temp.js";
import { verifies } from "../../requirements/verifies.js";

const catalogs = [agentCatalog, gatewayCatalog, messagingCatalog] as const;
const kinds: Readonly<Record<string, HookKindSpec>> = Object.assign(
  {},
  ...catalogs.map(({ kinds: own }) => own),
);

/** Answers what an event of the named kind carries as `data.input.answer`, and refuses large messages. */
const MAIN = `
import { defineExtension, serve } from "@synaps/sdk";
import { agentCatalog, gatewayCatalog, messagingCatalog } from "@synaps/sdk/catalogs";
const catalogs = [agentCatalog, gatewayCatalog, messagingCatalog];
const answer = ({ kind, data }) => {
  if (data?.payload_len > 4096) return { action: "block", reason: "no" };
  return data?.input?.kind === kind ? data.input.answer : undefined;
};
const kinds = catalogs.flatMap((one) => Object.keys(one.kinds));
serve(defineExtension({ catalogs, hooks: Object.fromEntries(kinds.map((kind) => [kind, answer])) }));
`;
const manifest = {
  name: "answers",
  version: "1.0.0",
  extension: {
    protocol_version: 3,
    runtime: "process",
    command: "node",
    args: ["main.mjs"],
    permissions: catalogs.flatMap(({ permissions }) => Object.keys(permissions)),
    hooks: Object.keys(kinds).map((hook) => ({ hook })),
  },
};

const key = Buffer.alloc(32, 1).toString("base64");
const channel = Buffer.alloc(16, 2).toString("base64");
const message = { sender_identity: null, recipient_key: key, channel_id: channel, payload_len: 1, seq: "1" };
const peer = { peer_addr: "10.0.0.9:5000" };
const call = { provider: "p", model: "m" };
/** Members of an event of each kind; kinds of agents that are not named have a component alone. */
const DATA: Readonly<Record<string, JsonValue>> = {
  "agent.custom": { point: "mine" },
  "gateway.startup": { gateway_url: "ws://localhost", tls_enabled: true },
  "gateway.connection": { ...peer, peer_ip: "10.0.0.9" },
  "gateway.disconnection": { ...peer, duration: 1 },
  "gateway.config_reload": { changes: "ssrf.enabled: false -> true" },
  "gateway.auth_success": { ...peer, method: "totp" },
  "gateway.auth_failure": { ...peer, method: "totp", attempts: 1, locked_out: false },
  "gateway.before_tool_call": { tool_id: "1" },
  "gateway.after_tool_call": { tool_id: "1", success: true },
  "gateway.before_provider_call": call,
  "gateway.after_provider_call": { ...call, success: true, input_tokens: 1, output_tokens: 1 },
  "gateway.security_event": { event_type: "ssrf", action: "warn", reason: "r" },
  "messaging.message_enqueue": message,
  "messaging.batch_enqueue": [message, message],
  "messaging.auth": { username: "ada", success: true, failure_reason: "" },
  "messaging.channel_created": { channel_id: channel, initiator_key: key, peer_key: key, was_new: true },
  "messaging.fetch": { recipient_key: key, channel_id: channel, message_count: 2 },
  "messaging.user_registered": { username: "ada", identity_key: key },
};

function eventOf(kind: string, more: JsonObject = {}): Record<string, JsonValue> {
  const component = { type: "tool", name: "bash" };
  const data = DATA[kind] ?? { component };
  const isTool = kinds[kind]?.toolFilter === true;
  const whole = Array.isArray(data) ? data : { ...(data as JsonObject), ...more };
  return {
    ...(isTool ? { tool_name: "bash" } : {}),
    ...(kind === "gateway.shutdown" ? {} : { data: whole }),
  };
}

const changed = (kind: string): JsonObject => ({
  ...(eventOf(kind)["data"] as JsonObject),
  metadata: { by: 1 },
});

/** The answer of each action, and the operation's own count: its inputs, its place, its output. */
const ANSWERS: Readonly<Record<string, (kind: string) => { answer: JsonObject; expected: object }>> = {
  continue: () => ({ answer: { action: "continue" }, expected: { runs: 1, output: "did 1" } }),
  block: () => ({
    answer: { action: "block", reason: "no" },
    expected: { runs: 0, output: undefined, reason: "no" },
  }),
  confirm: () => ({
    answer: { action: "confirm", message: "sure?" },
    expected: { runs: 1, output: "did 1", asked: ["sure?"] },
  }),
  modify: (kind) => ({
    answer: { action: "modify", input: changed(kind) },
    expected: { runs: 1, inputs: [changed(kind)], output: "did 1" },
  }),
  skip: () => ({
    answer: { action: "skip", reason: "later" },
    expected: { runs: 0, output: null, reason: "later" },
  }),
  cache: () => ({ answer: { action: "cache", value: "known" }, expected: { runs: 0, output: "known" } }),
  redirect: () => ({
    answer: { action: "redirect", target: "there" },
    expected: { runs: 1, targets: ["there"], output: "did 1" },
  }),
  retry: () => ({
    answer: { action: "retry", delay_ms: 0, max_attempts: 2 },
    expected: { runs: 2, output: "did 2" },
  }),
  fork: (kind) => ({
    answer: { action: "fork", operations: [changed(kind), changed(kind)] },
    expected: { runs: 2, inputs: [changed(kind), changed(kind)] },
  }),
  replace: () => ({
    answer: { action: "replace", output: "instead" },
    expected: { runs: 1, output: "instead" },
  }),
};

async function started() {
  const asked: string[] = [];
  const folder = authorFolder({ ".synaps-plugin/plugin.json": manifest, "main.mjs": MAIN });
  const host = createHost({
    folders: [folder],
    baseDir: tempDir(),
    catalogs,
    limits: FAST,
    confirm: ({ message: question }) => asked.push(question) > 0,
  });
  onTestFinished(() => host.stop());
  await host.start();
  return { host, asked };
}

it(
  verifies("ACTION-006") +
    "one extension sees every kind of agents, gateways and messages, and each of its answers counts",
  async () => {
    const { host, asked } = await started();
    const told: string[] = [];
    const carriedOut: string[] = [];
    for (const [kind, { delivery, actions, replaces }] of Object.entries(kinds)) {
      if (delivery !== "gate") {
        const outcome = await (await host.emit({ kind, ...eventOf(kind) } as never)).settled;
        expect([kind, outcome.votes]).toMatchObject([kind, [{ status: "voted", extension: "mine" }]]);
        told.push(kind);
        continue;
      }
      for (const action of actions) {
        if (kind === "messaging.message_enqueue") continue;
        const made = ANSWERS[action]?.(kind);
        if (made === undefined) throw new Error(`the table has no '${action}', which ${kind} allows`);
        const partner = isToolKind(kind) ? "agent.before_tool_execution" : "agent.before_agent_execution";
        const around = replaces === undefined ? { before: kind } : { before: partner, after: kind };
        asked.length = 0;
        const seen = await perform(
          host,
          around,
          eventOf(kind, { input: { kind, answer: made.answer } }),
          action,
        );
        expect({ kind, action, ...seen, asked: [...asked] }).toMatchObject({
          kind,
          action,
          ...made.expected,
        });
        carriedOut.push(`${kind} ${action}`);
      }
    }
    for (const [payload_len, runs] of [
      [1, 1],
      [5_000, 0],
    ] as const) {
      const around = { before: "messaging.message_enqueue" };
      const event = { data: { ...message, payload_len } };
      expect(await perform(host, around, event, "continue")).toMatchObject({ runs });
    }
    const gates = Object.values(kinds).filter(({ delivery }) => delivery === "gate");
    expect(told).toHaveLength(Object.keys(kinds).length - gates.length);
    expect(carriedOut).toHaveLength(gates.reduce((sum, { actions }) => sum + actions.length, 0) - 2);
    expect(host.snapshot().extensions[0]).toMatchObject({ state: "running" });
  },
  120_000,
);

const isToolKind = (kind: string): boolean => kinds[kind]?.toolFilter === true;

/** Runs an operation between these kinds. One that is to run again fails the first time where hooks before it say so. */
async function perform(
  host: Awaited<ReturnType<typeof started>>["host"],
  around: { before: string; after?: string },
  event: object,
  action: Action,
) {
  const inputs: JsonValue[] = [];
  const targets: string[] = [];
  const result = await host.intercept(
    around as never,
    event as never,
    ((input: JsonValue, { target, attempt }: { target: string | undefined; attempt: number }) => {
      inputs.push(input);
      if (target !== undefined) targets.push(target);
      // The kind after it is asked about each run, and would ask for a third.
      if (action === "retry" && around.after === undefined && attempt === 1) throw new Error("not yet");
      return `did ${attempt}`;
    }) as never,
  );
  return {
    runs: inputs.length,
    inputs,
    targets,
    output: "output" in result ? result.output : undefined,
    reason: "reason" in result ? result.reason : undefined,
  };
}
