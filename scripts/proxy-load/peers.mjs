// Both ends of the traffic in a process of their own: a backend, and clients that come through the proxy.
// Each connection carries a stream of its own in each direction; the digests of both ends are compared here.
import { createHash } from "node:crypto";
import { once } from "node:events";
import { connect, createServer } from "node:net";
import { streamOf } from "./streams.mjs";

/** Connections that are being opened at the same time: a listening socket has room for so many. */
const OPENING = 64;

/** @type {Map<number, import("node:net").Socket>} */
const accepted = new Map();
/** @type {(() => void) | undefined} */
let onAccepted;
const backend = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
  socket.on("error", fail);
  socket.once("readable", () => {
    // The number of the connection comes before everything else.
    const number = /** @type {Buffer} */ (socket.read(4)).readUInt32BE();
    accepted.set(number, socket);
    onAccepted?.();
  });
});
backend.listen(0, "127.0.0.1");
await once(backend, "listening");
process.on("message", (/** @type {Work} */ work) => void run(work).then(tell, fail));
process.on("disconnect", () => process.exit());
tell({ port: /** @type {import("node:net").AddressInfo} */ (backend.address()).port });

/**
 * @typedef {object} Work
 * @property {number} port
 * @property {number} connections
 * @property {number} bytes to send in each direction of each connection
 * @property {boolean} digest
 */

/** @param {Work} work */
async function run({ port, connections, bytes, digest }) {
  accepted.clear();
  /** @type {import("node:net").Socket[]} */
  const clients = [];
  for (let first = 0; first < connections; first += OPENING) {
    const numbers = Array.from({ length: Math.min(OPENING, connections - first) }, (_, n) => first + n);
    clients.push(...(await Promise.all(numbers.map((number) => open(port, number)))));
  }
  const isReady = () => accepted.size === connections;
  if (!isReady()) await new Promise((resolve) => (onAccepted = () => isReady() && resolve(undefined)));
  const began = performance.now();
  const lines = await Promise.all(
    clients.map(async (client, number) => {
      const peer = /** @type {import("node:net").Socket} */ (accepted.get(number));
      const { localPort } = client;
      const [up, down, gotUp, gotDown] = await Promise.all([
        send(client, streamOf(number, "up", bytes), accountOf(digest, headOf(number))),
        send(peer, streamOf(number, "down", bytes), accountOf(digest)),
        receive(peer, accountOf(digest, headOf(number))),
        receive(client, accountOf(digest)),
      ]);
      return { client: localPort, up, down, isSame: same(up, gotUp) && same(down, gotDown) };
    }),
  );
  const ms = performance.now() - began;
  const wrong = lines.filter(({ isSame }) => !isSame).length;
  return { ms, wrong, lines: digest ? lines : [] };
}

/**
 * @param {number} port
 * @param {number} number
 */
async function open(port, number) {
  const client = connect({ port, host: "127.0.0.1", allowHalfOpen: true, noDelay: true });
  client.on("error", fail);
  await once(client, "connect");
  client.write(headOf(number));
  return client;
}

/** @param {number} number */
function headOf(number) {
  const head = Buffer.alloc(4);
  head.writeUInt32BE(number);
  return head;
}

/**
 * Counts and digests one direction. `before`: bytes that went ahead of it.
 * @param {boolean} digest
 * @param {Buffer} before
 */
function accountOf(digest, before = Buffer.alloc(0)) {
  const hash = digest ? createHash("sha256").update(before) : undefined;
  let bytes = before.length;
  return {
    add(/** @type {Buffer} */ chunk) {
      bytes += chunk.length;
      hash?.update(chunk);
    },
    end: () => ({ bytes, sha256: hash?.digest("hex") }),
  };
}

/**
 * @param {import("node:net").Socket} socket
 * @param {Iterable<Buffer>} chunks
 * @param {ReturnType<typeof accountOf>} account
 */
async function send(socket, chunks, account) {
  for (const chunk of chunks) {
    account.add(chunk);
    if (!socket.write(chunk)) await once(socket, "drain");
  }
  socket.end();
  return account.end();
}

/**
 * @param {import("node:net").Socket} socket
 * @param {ReturnType<typeof accountOf>} account
 */
async function receive(socket, account) {
  socket.on("data", account.add);
  await once(socket, "end");
  return account.end();
}

/**
 * @param {{ bytes: number, sha256: string | undefined }} a
 * @param {{ bytes: number, sha256: string | undefined }} b
 */
function same(a, b) {
  return a.bytes === b.bytes && a.sha256 === b.sha256;
}

/** @param {object} message */
function tell(message) {
  process.send?.(message);
}

/** @param {unknown} error */
function fail(error) {
  tell({ failure: String(error) });
}
