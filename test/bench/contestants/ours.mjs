import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { createHost } from "../../../packages/host/dist/index.js";
import {
  binary,
  defineCatalog,
  object,
  oneOfTexts,
  synapsCatalog,
  text,
  u64,
  whole,
} from "../../../packages/sdk/dist/protocol/index.js";
import { child, scratch } from "../lib/places.mjs";

const base = {
  permission: "tools.intercept",
  toolFilter: true,
  canFailClosed: false,
  since: 1,
  deadlineMs: 5_000,
};
const gate = {
  ...base,
  delivery: "gate",
  actions: ["continue", "block", "modify", "inject"],
  modifies: "tool_input",
  description: "A gate of the benchmark",
};
const stop = { delivery: "gate", actions: ["continue", "block"], description: "A gate that only stops" };
const observe = {
  ...base,
  delivery: "observe",
  actions: ["continue"],
  description: "An observer of the benchmark",
};

export const FAN_OUT = [1, 5, 10, 20, 50];
const GATES = [
  "healthy",
  "shared",
  "alone",
  "never",
  "flood",
  "sleep",
  "report",
  "nobody",
  "other",
  "contains",
];

/** The payload of a session, of which a filter looks at one member. */
const payload = object({
  tool_name: text(),
  session_id: text(),
  tool_input: object({
    command: text({ maxLength: 4096 }),
    protocol: oneOfTexts("http", "https", "ftp"),
    port: whole({ minimum: 1, maximum: 65_535 }),
    key: binary(32),
    sequence: u64(),
  }),
});
const attributes = {
  protocol: { at: "/tool_input/protocol", type: "string", description: "Protocol of the session" },
};

/** Kinds that keep the parts of the benchmark apart. */
export const benchCatalog = defineCatalog({
  name: "bench",
  chain: "first_decision",
  kinds: Object.fromEntries([
    ...[...GATES, ...FAN_OUT.map((n) => `to${n}`)].map((name) => [`bench.${name}`, { ...gate }]),
    ...["observe", "slow"].map((name) => [`bench.${name}`, { ...observe }]),
    ...["stream", "free", "held"].map((name) => [
      `bench.${name}`,
      { ...observe, delivery: "stream", deadlineMs: 60_000 },
    ]),
    ...["parts", "whole"].map((name) => [`bench.${name}`, { ...base, ...stop }]),
    ["bench.checked", { ...gate, payload }],
    ["bench.declared", { ...gate, payload, attributes }],
  ]),
});

/** Writes one extension's folder: the benchmark's SDK child unless told otherwise. */
export function writeExtension(folder, id, options = {}) {
  const { protocol = 3, command = "node", main = child("sdk.mjs"), concurrency, permissions = [] } = options;
  const hooks = (options.hooks ?? ["before_tool_call"]).map((hook) =>
    typeof hook === "string" ? { hook } : hook,
  );
  const at = join(folder, id, ".synaps-plugin");
  mkdirSync(at, { recursive: true });
  const extension = {
    protocol_version: protocol,
    runtime: "process",
    command,
    args: [main],
    permissions: ["tools.intercept", ...permissions],
    hooks,
    ...(concurrency === undefined ? {} : { max_concurrency: concurrency }),
  };
  const manifest = { name: id, version: "1.0.0", extension, ...options.manifest };
  writeFileSync(join(at, "plugin.json"), JSON.stringify(manifest));
}

/** A host with these extensions, all of them running. */
export async function startHost(extensions, options = {}, create = createHost) {
  const folder = scratch("extensions");
  for (const [id, extension] of Object.entries(extensions)) writeExtension(folder, id, extension);
  const host = create({
    folders: [folder],
    baseDir: scratch("state"),
    catalogs: [synapsCatalog, benchCatalog],
    ...options,
    limits: { startMs: 120_000, ...options.limits },
  });
  await host.start();
  assertRunning(host, Object.keys(extensions).length);
  return host;
}

/**
 * The host of another built checkout in this process, with one of the benchmark's extensions on that checkout's SDK. The
 * checkout's own benchmark takes no part: both builds do the same work.
 */
export async function startBase(root, extension, script = "sdk.mjs") {
  const built = (path) => pathToFileURL(join(root, "packages", path)).href;
  const text = readFileSync(child(script), "utf8");
  const main = join(scratch("base"), script);
  writeFileSync(main, text.replace("../../../../packages/sdk/dist/index.js", built("sdk/dist/index.js")));
  const { createHost: create } = await import(built("host/dist/index.js"));
  return startHost({ one: { ...extension, main } }, {}, create);
}

export function assertRunning(host, count) {
  const { extensions } = host.snapshot();
  const running = extensions.filter(({ state }) => state === "running");
  if (running.length === count) return;
  const wrong = extensions.find(({ state }) => state !== "running");
  throw new Error(`${running.length} of ${count} extensions run: ${JSON.stringify(wrong ?? extensions)}`);
}

/** Our host with one child as a contestant: each call is a whole `host.emit`. */
export async function startOurs(name, extension) {
  const host = await startHost({ one: extension });
  return {
    name,
    host,
    prepare: (event) => event,
    call: (event) => expectVote(host, event),
    stop: () => host.stop(),
  };
}

async function expectVote(host, event) {
  const outcome = await host.emit(event);
  if (outcome.votes[0].status !== "voted") throw new Error(JSON.stringify(outcome));
}

export const startSdk = () => startOurs("ours, SDK child", {});
export const startPython = () =>
  startOurs("ours, Python child", { protocol: 1, command: "python3", main: child("plain.py") });
