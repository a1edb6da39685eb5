// A host of its own for the figures that the documents of other hook systems claim of hooks: registering, asking ten, a
// breaker, the memory of a hook, raised events. Prints one JSON object with times in microseconds and bytes.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createHost, nullLogger } from "../../../../packages/host/dist/index.js";
import { timeCalls } from "../../lib/rounds.mjs";
import { median } from "../../lib/stats.mjs";

const CALLS = 10_000;
const KIND = "before_tool_call";
const baseDir = mkdtempSync(join(tmpdir(), "bench-claims-"));
const host = createHost({ baseDir, folders: [], logger: nullLogger });
await host.start();
const on = () => undefined;
const emit = () => host.emit({ kind: KIND, tool_name: "bash", tool_input: { command: "ls" } });
const hook = (/** @type {string} */ id, more = {}) => host.use({ id, events: [{ kind: KIND, ...more }], on });
const p50 = async () => median(await timeCalls(emit, CALLS, CALLS));

const alone = await hook("alone");
const one = await p50();
await alone();
const watched = await hook("watched", { breaker: "standard" });
const withBreaker = await p50();
await watched();
const ten = [];
for (let n = 0; n < 10; n += 1) ten.push(await hook(`ten-${n}`));
const tenHooks = await p50();
for (const unregister of ten) await unregister();

const times = [];
for (let block = 0; block < 20; block += 1) {
  const from = performance.now();
  for (let n = 0; n < 100; n += 1) await hook(`many-${n}`);
  times.push(((performance.now() - from) * 1000) / 100);
  for (let n = 0; n < 100; n += 1) await host.hooks.unregister(`many-${n}`);
}
globalThis.gc?.();
const before = process.memoryUsage().heapUsed;
for (let n = 0; n < 1_000; n += 1) await hook(`kept-${n}`);
globalThis.gc?.();
const hookBytes = (process.memoryUsage().heapUsed - before) / 1_000;
for (const id of host.hooks.names()) await host.hooks.unregister(id);

const from = performance.now();
for (let n = 0; n < 100_000; n += 1) host.events.publish("bench.raised", { n });
const perSecond = 100_000 / ((performance.now() - from) / 1000);
await host.stop();
rmSync(baseDir, { recursive: true });
process.stdout.write(
  JSON.stringify({ one, withBreaker, tenHooks, register: median(times), hookBytes, perSecond }),
);
