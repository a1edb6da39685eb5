import { once } from "node:events";
import { connect, createServer, type AddressInfo, type Server, type Socket } from "node:net";
import { text } from "node:stream/consumers";
import { createHost } from "@synaps/host";
import { proxyCatalog } from "@synaps/sdk/catalogs";
import { expect, it, onTestFinished } from "vitest";
import { detect } from "../../../../examples/proxy/src/detect.js";
import { startProxy, type Route } from "../../../../examples/proxy/src/proxy.js";
import type { ProxyHost } from "../../../../examples/proxy/src/tap.js";
import { tempDir } from "../../../helpers/temp.js";
import { until } from "../../../helpers/wait.js";

let host: ProxyHost;
/** Events as `kind session direction text`; hooks in `held` answer when the test says so. */
let seen: string[];
let held: Promise<void> | undefined;

/** A backend and a proxy in front of it, both gone after the test. */
async function behindProxy(serve: (socket: Socket) => void, hooks: Route["hooks"] = "block") {
  seen = [];
  held = undefined;
  const own = createHost({
    catalogs: [proxyCatalog],
    folders: [],
    baseDir: tempDir(),
    limits: { streamQueue: 1, overflowBlockMs: 60_000 },
  });
  host = own;
  await own.start();
  own.subscribe(
    "proxy.open",
    ({ session_id, data }) => void seen.push(`open ${session_id} ${data.protocol}`),
  );
  own.subscribe("proxy.close", ({ session_id }) => void seen.push(`close ${session_id}`));
  own.subscribe("proxy.packet", async ({ session_id, data: { direction, bytes } }) => {
    seen.push(`${direction} ${session_id} ${Buffer.from(bytes, "base64").toString()}`);
    await held;
  });
  const backend = createServer({ allowHalfOpen: true }, (socket) => serve(socket.on("error", () => {})));
  const port = await listening(backend);
  const to = { host: "127.0.0.1", port };
  const proxy = await startProxy({ routes: [{ to, hooks }], host: own });
  onTestFinished(async () => {
    await proxy.close();
    backend.close();
    await own.stop();
  });
  return proxy;
}

async function listening(server: Server): Promise<number> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return (server.address() as AddressInfo).port;
}

it.each([
  ["GET / HTTP/1.1", "http"],
  ["PRI * HTTP/2.0", "http"],
  ["\x16\x03\x01\x02", "tls"],
  ["SSH-2.0-x", "ssh"],
  ["EHLO x", "tcp"],
  ["GETTING", "tcp"],
  ["\x16\x02", "tcp"],
  ["", undefined],
  ["DELE", undefined],
  ["SSH", undefined],
  ["\x16", undefined],
] as const)("takes %j for %s", (head, protocol) => {
  expect(detect(head)).toBe(protocol);
});

it("shows each chunk once, in order, with its direction, also when the first bytes come one by one", async () => {
  const proxy = await behindProxy((socket) => {
    socket.once("data", () => socket.write("hello "));
    socket.on("end", () => socket.end("and bye"));
  });
  const client = connect({ port: proxy.port, allowHalfOpen: true, noDelay: true });
  const answer = text(client);
  for (const part of ["G", "E"]) {
    client.write(part);
    await new Promise(setImmediate);
  }
  client.end("T / HTTP/1.1");
  expect(await answer).toBe("hello and bye");
  await proxy.ended();
  await host.settled();
  const [first, ...rest] = seen;
  expect([first, rest.at(-1)]).toEqual(["open 1 http", "close 1"]);
  const way = (name: string): string =>
    rest.map((line) => (line.startsWith(`${name} 1 `) ? line.slice(name.length + 3) : "")).join("");
  expect([way("inbound"), way("outbound")]).toEqual(["GET / HTTP/1.1", "hello and bye"]);
});

it("lets a server speak first, and ends one direction alone", async () => {
  const proxy = await behindProxy((socket) => {
    socket.write("220 hello");
    socket.on("data", () => {}).on("end", () => socket.end(", bye"));
  });
  const client = connect({ port: proxy.port, allowHalfOpen: true });
  const [greeting] = (await once(client, "data")) as [Buffer];
  client.end();
  expect(greeting.toString() + (await text(client))).toBe("220 hello, bye");
  await proxy.ended();
  await host.settled();
  expect(seen[0]).toBe("open 1 tcp");
  expect(seen.some((line) => line.startsWith("inbound"))).toBe(false);
});

it("passes a reset on, in either direction", async () => {
  const ends: string[] = [];
  const noted = (who: string) => (error: NodeJS.ErrnoException) => void ends.push(`${who} ${error.code}`);
  const proxy = await behindProxy((socket) => {
    socket.on("error", noted("backend"));
    socket.on("data", (chunk) =>
      chunk.toString() === "SSH-break" ? socket.resetAndDestroy() : socket.write("hi"),
    );
  });
  const hasty = connect(proxy.port);
  hasty.write("SSH-1");
  await once(hasty, "data");
  hasty.resetAndDestroy();
  await until("the backend is told", () => ends.length === 1);
  const patient = connect(proxy.port).on("error", noted("client"));
  patient.write("SSH-break");
  await until("the client is told", () => ends.length === 2);
  expect(ends).toEqual(["backend ECONNRESET", "client ECONNRESET"]);
  await proxy.ended();
  await host.settled();
  expect(seen.filter((line) => /open|close/.test(line)).sort()).toEqual([
    "close 1",
    "close 2",
    "open 1 ssh",
    "open 2 ssh",
  ]);
});

it("with block, a hook that takes its time holds up its own connection, and no other", async () => {
  const size = 16 * 1024 * 1024;
  const received = { held: 0, free: 0 };
  const count = (name: keyof typeof received) => (socket: Socket) => {
    socket.on("data", (chunk) => (received[name] += chunk.length)).on("end", () => socket.end());
  };
  const free = await behindProxy(count("free"), "off");
  const proxy = await behindProxy(count("held"));
  let release = (): void => {};
  held = new Promise((resolve) => (release = resolve));
  const send = (port: number): Socket => connect(port).end(Buffer.alloc(size, "x")).resume();
  send(proxy.port);
  await until("the hook has the first chunk", () => seen.length > 1);
  // The other one begins later, and all of it passes meanwhile.
  send(free.port);
  await until("all of the free one has arrived", () => received.free === size);
  // One with the hook, one that waits, one that waits for room, each of at most 64 KiB and passed on before it was shown.
  expect(received.held).toBeGreaterThan(0);
  expect(received.held).toBeLessThanOrEqual(4 * 64 * 1024);
  release();
  await until("all of the held one has arrived", () => received.held === size);
  await proxy.ended();
  await host.settled();
  const books = host.snapshot().streams.find(({ kind }) => kind === "proxy.packet");
  expect(books).toMatchObject({ dropped: 0, lost: 0, waiting: 0 });
  expect(seen.filter((line) => line.startsWith("inbound 1 "))).toHaveLength(books?.offered ?? 0);
});

it("refuses routes with hooks where there is no host", async () => {
  const routes: Route[] = [{ to: { host: "127.0.0.1", port: 1 }, hooks: "drop_oldest" }];
  await expect(startProxy({ routes })).rejects.toThrow(
    "a route has hooks, and there is no host to tell them",
  );
});
