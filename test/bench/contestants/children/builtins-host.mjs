// A host of its own with an empty hook of the program and one built-in beside it, or none, or all. Runs a block of events for
// each message and answers with their p50 and p99 in microseconds and, after a collection, its memory in bytes.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { createHost, nullLogger } from "../../../../packages/host/dist/index.js";
import { gatewayCatalog } from "../../../../packages/sdk/dist/catalogs/index.js";
import { timeCalls } from "../../lib/rounds.mjs";
import { quantile } from "../../lib/stats.mjs";

// By address: the types of the packages would bring the sources of the host into the check of scripts.
const built = (/** @type {string} */ name) =>
  import(new URL(`../../../../packages/${name}/dist/index.js`, import.meta.url).href);
const [{ allowList, debugRing, logging, rateLimit }, { metricsOf }] = await Promise.all([
  built("builtins"),
  built("metrics"),
]);
const [, , mode] = process.argv;
const baseDir = mkdtempSync(join(tmpdir(), "bench-builtins-"));
const isWith = (/** @type {string} */ name) => mode === name || mode === "all";
const kinds = ["gateway.connection"];
const durability = mode === "audit before_answer" ? { durability: "before_answer" } : {};
const audit = isWith("audit") || mode === "audit before_answer" ? { events: "all", ...durability } : false;
/** @type {any} */
const host = createHost(
  /** @type {any} */ ({ baseDir, folders: [], catalogs: [gatewayCatalog], logger: nullLogger, audit }),
);
await host.start();
await host.use({ id: "empty", events: kinds, on: () => undefined });
if (isWith("metrics")) await metricsOf(host).countGateway();
if (isWith("rateLimit"))
  await host.use(rateLimit({ kinds, capacity: 1_000_000, refillPerSecond: 1_000_000, per: "peer" }));
if (isWith("allowList"))
  await host.use(
    allowList({ kinds, addresses: Array.from({ length: 10_000 }, (_, n) => `10.${n >> 8}.${n & 255}.1`) }),
  );
if (isWith("logging")) {
  let bytes = 0;
  const line = (/** @type {string} */ message, fields = {}) =>
    void (bytes += message.length + JSON.stringify(fields).length);
  const logger = { debug: line, info: line, warn: line, error: line };
  await logging({ kinds, logger }).follow(host);
}
if (isWith("debugRing")) await debugRing({ kinds }).follow(host);

let n = 0;
const call = () => {
  n = (n + 1) % 10_000;
  const peer_ip = `10.${n >> 8}.${n & 255}.1`;
  return host.emit({ kind: "gateway.connection", data: { peer_addr: `${peer_ip}:5000`, peer_ip } });
};

process.on("message", (/** @type {number} */ calls) => void block(calls));
process.on("disconnect", () => void host.stop().then(() => rmSync(baseDir, { recursive: true })));
process.send?.("ready");

async function block(/** @type {number} */ calls) {
  const took = await timeCalls(call, calls, 0);
  // Several, so that V8 gives back what grew only because of garbage.
  for (let round = 0; round < 5; round += 1) {
    globalThis.gc?.();
    await setTimeout(20);
  }
  const { rss, heapUsed, external } = process.memoryUsage();
  process.send?.({ p50: quantile(took, 0.5), p99: quantile(took, 0.99), rss, used: heapUsed + external });
}
