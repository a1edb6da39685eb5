// Shows that the proxy of examples/proxy loses nothing under load, and what hooks cost it:
//
//   npm run examples:proxy-load
//   node scripts/proxy-load.mjs --connections 100 --mib 64 --rounds 3 --json
//
// The proxy and its host run here; clients and backend in a process of their own, and each extension in another.
import { fork } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { createHost } from "../packages/host/dist/index.js";
import { proxyCatalog } from "../packages/sdk/dist/catalogs/index.js";
import { writeDigester, writeSleeper } from "./proxy-load/extensions.mjs";

// By its address: a plain import would check the host's sources by the options of the scripts.
const { startProxy } = await import(new URL("../examples/proxy/dist/proxy.js", import.meta.url).href);
const { values } = parseArgs({
  options: {
    connections: { type: "string", default: "1000" },
    mib: { type: "string", default: "1024" },
    rounds: { type: "string", default: "5" },
    "sleep-ms": { type: "string", default: "20" },
    part: { type: "string", default: "both" },
    json: { type: "boolean", default: false },
  },
});
const connections = Number(values.connections);
const rounds = Number(values.rounds);
/** In each direction of each connection. */
const bytes = Math.floor((Number(values.mib) * 1024 * 1024) / 2 / connections);
const sdk = fileURLToPath(new URL("../packages/sdk/dist/index.js", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "synaps-proxy-load-"));
const peers = fork(new URL("./proxy-load/peers.mjs", import.meta.url));
const backend = /** @type {{ port: number }} */ (await answer());
/** @type {string[]} */
const faults = [];

const exact = values.part === "speed" ? undefined : await everyChunkOnce();
const speed = values.part === "exact" ? [] : await besideEachOther();
peers.disconnect();
rmSync(folder, { recursive: true, force: true });
const ratio = median(speed.map(({ off, sleeping }) => off / sleeping));
if (values.json) console.log(JSON.stringify({ connections, bytes, exact, speed, ratio, faults }));
else print();
process.exitCode = faults.length === 0 ? 0 : 1;

/** `block` and a fast hook: nothing is dropped, and what the hook got is what the clients and the backend sent. */
async function everyChunkOnce() {
  const root = writeDigester(folder, sdk);
  const host = await startHost(root);
  const { ms, wrong, lines } = await throughProxy({ host, hooks: "block", digest: true });
  await host.settled();
  const books = booksOf(host);
  await host.stop();
  check(wrong === 0, `${wrong} connections received other bytes than were sent`);
  const seen = new Map(
    readFileSync(join(root, "seen.jsonl"), "utf8")
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line))
      .map((line) => [Number(line.client.split(":").at(-1)), line]),
  );
  check(seen.size === connections, `the hook saw ${seen.size} of ${connections} sessions`);
  let chunks = 0;
  for (const { client, up, down } of lines) {
    const one = seen.get(client);
    chunks += (one?.inbound.chunks ?? 0) + (one?.outbound.chunks ?? 0);
    check(one?.inbound.bytes === up.bytes, `inbound bytes of ${client}: ${one?.inbound.bytes}`);
    check(one?.inbound.sha256 === up.sha256, `inbound of ${client} differs`);
    check(one?.outbound.sha256 === down.sha256, `outbound of ${client} differs`);
    check(
      one?.strays === 0 && one.dropped === 0,
      `session of ${client}: ${one?.strays} strays, ${one?.dropped} dropped`,
    );
  }
  const { offered, answered, dropped, lost } = books["proxy.packet"];
  check(dropped === 0 && lost === 0, `${dropped} chunks were dropped and ${lost} lost`);
  check(
    answered === offered && chunks === offered,
    `${offered} chunks offered, ${answered} answered, ${chunks} seen`,
  );
  return { ms, books };
}

/** Without hooks and with a hook that sleeps, in turn. */
async function besideEachOther() {
  const root = writeSleeper(folder, sdk, Number(values["sleep-ms"]));
  const host = await startHost(root);
  const found = [];
  for (let round = 0; round < rounds; round += 1) {
    const off = await throughProxy({ hooks: "off", digest: false });
    const sleeping = await throughProxy({
      host,
      hooks: "drop_newest",
      digest: false,
    });
    check(off.wrong + sleeping.wrong === 0, "bytes are missing");
    await host.settled();
    const books = booksOf(host);
    for (const [kind, { offered, answered, dropped, lost, waiting }] of Object.entries(books))
      check(offered === answered + dropped + lost && waiting === 0, `the books of ${kind} do not add up`);
    found.push({ off: off.ms, sleeping: sleeping.ms, books });
  }
  await host.stop();
  return found;
}

/** @param {string} root folder of the extension */
async function startHost(root) {
  const host = createHost({
    catalogs: [proxyCatalog],
    folders: [root],
    baseDir: join(folder, "base"),
    limits: { overflowBlockMs: 60_000 },
  });
  await host.start();
  return host;
}

/** @param {any} setting */
async function throughProxy({ host, hooks, digest }) {
  const routes = [{ to: { host: "127.0.0.1", port: backend.port }, hooks }];
  const proxy = await startProxy({ routes, host, log: (message) => faults.push(message) });
  peers.send({ port: proxy.port, connections, bytes, digest });
  const result = /** @type {any} */ (await answer());
  await proxy.close();
  return result;
}

/** @param {any} host */
function booksOf(host) {
  return Object.fromEntries(
    host
      .snapshot()
      .streams.map(({ kind, offered, answered, dropped, lost, waiting }) => [
        kind,
        { offered, answered, dropped, lost, waiting },
      ]),
  );
}

function answer() {
  return new Promise((resolve, reject) => {
    peers.once("message", (message) => {
      const { failure } = /** @type {{ failure?: string }} */ (message);
      if (failure === undefined) resolve(message);
      else reject(new Error(failure));
    });
  });
}

/** @param {boolean} isRight @param {string} fault */
function check(isRight, fault) {
  if (!isRight) faults.push(fault);
}

/** @param {number[]} numbers */
function median(numbers) {
  return numbers.toSorted((a, b) => a - b)[numbers.length >> 1] ?? Number.NaN;
}

function print() {
  const mib = (2 * bytes * connections) / 1024 / 1024;
  const rate = (/** @type {number} */ ms) => `${Math.round(mib / (ms / 1000))} MiB/s`;
  console.log(`${connections} connections, ${Math.round(mib)} MiB in all, half in each direction`);
  if (exact)
    console.log(`block, fast hook: ${rate(exact.ms)}; ${JSON.stringify(exact.books["proxy.packet"])}`);
  for (const { off, sleeping, books } of speed)
    console.log(
      `no hooks ${rate(off)}, sleeping hook ${rate(sleeping)}, ratio ${(off / sleeping).toFixed(2)}; ${JSON.stringify(books["proxy.packet"])}`,
    );
  console.log(`median ratio ${ratio.toFixed(2)}`);
  console.log(faults.length === 0 ? "nothing is wrong" : `WRONG:\n${faults.slice(0, 20).join("\n")}`);
}
