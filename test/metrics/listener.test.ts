import { once } from "node:events";
import { mkdirSync, writeFileSync } from "node:fs";
import { request, type IncomingHttpHeaders } from "node:http";
import { connect, createServer, type Socket } from "node:net";
import { join } from "node:path";
import { HostError, type Host } from "@synaps/host";
import {
  metricsOf,
  startConfiguredMetrics,
  startMetricsListener,
  type ListenerOptions,
  type MetricsListener,
} from "@synaps/metrics";
import { expect, it, onTestFinished } from "vitest";
import { isAllowedHost } from "../../packages/metrics/src/listener/host-header.js";
import { variant } from "../e2e/host/support/fixture.js";
import { startedHost } from "../helpers/hosts.js";
import { seriesOf } from "../helpers/prometheus-text.js";
import { tempDir } from "../helpers/temp.js";
import { until } from "../helpers/wait.js";

async function listening(
  options: Partial<ListenerOptions> = {},
): Promise<{ host: Host; listener: MetricsListener }> {
  const { host } = await startedHost([]);
  host.subscribe("before_tool_call", () => ({ action: "continue" }), { id: "guard" });
  await host.emit({ kind: "before_tool_call", tool_name: "t", tool_input: {} });
  const listener = await startMetricsListener({ host, port: 0, ...options });
  onTestFinished(() => listener.close());
  return { host, listener };
}

interface Got {
  status: number | undefined;
  headers: IncomingHttpHeaders;
  body: string;
}

function get(
  { address, port }: MetricsListener,
  path: string,
  method = "GET",
  headers: Record<string, string> = {},
): Promise<Got> {
  return new Promise((resolve, reject) => {
    const asked = request({ host: address, port, path, method, headers, agent: false }, (response) => {
      let body = "";
      response.setEncoding("utf8");
      response.on("data", (part: string) => (body += part));
      response.on("end", () => resolve({ status: response.statusCode, headers: response.headers, body }));
    });
    asked.on("error", reject);
    asked.end();
  });
}

const refused = ({ address, port }: MetricsListener): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, address);
    socket.on("connect", () => {
      socket.destroy();
      resolve(false);
    });
    socket.on("error", () => resolve(true));
  });

it("/metrics is the text of the host, on the loopback address", async () => {
  const { host, listener } = await listening();
  const { status, headers, body } = await get(listener, "/metrics?a=b");
  expect([status, headers["content-type"]]).toEqual([200, "text/plain; version=0.0.4; charset=utf-8"]);
  expect(body).toBe(await metricsOf(host).text());
  expect(
    seriesOf(body).get(
      'synaps_hook_votes_total{extension="guard",kind="before_tool_call",verdict="continue"}',
    ),
  ).toBe(1);
  expect([listener.address, listener.url]).toEqual(["127.0.0.1", `http://127.0.0.1:${listener.port}`]);
});

it("/health tells the states, and whether an extension does not do its work", async () => {
  const folder = tempDir();
  variant(folder, "throws-at-top-level", { id: "broken" });
  const { host } = await startedHost([folder]);
  const listener = await startMetricsListener({ host, port: 0 });
  const { status, headers, body } = await get(listener, "/health");
  expect([status, headers["content-type"]]).toEqual([200, "application/json"]);
  expect(JSON.parse(body)).toMatchObject({ status: "degraded", states: { failed: 1, running: 0 } });
  await host.unload("broken");
  expect(JSON.parse((await get(listener, "/health")).body)).toMatchObject({ status: "ok" });
});

it("HEAD has the length and no body; other methods and paths are refused", async () => {
  const { listener } = await listening();
  const { body } = await get(listener, "/metrics");
  const head = await get(listener, "/metrics", "HEAD");
  expect([head.status, head.headers["content-length"], head.body]).toEqual([
    200,
    String(Buffer.byteLength(body)),
    "",
  ]);
  expect(await get(listener, "/metrics", "POST")).toMatchObject({
    status: 405,
    headers: { allow: "GET, HEAD" },
  });
  for (const path of ["/", "/metrics/", "/health/../metrics", "//metrics", "/debug"])
    expect([path, (await get(listener, path)).status]).toEqual([path, 404]);
});

it("a page under another name than the machine's own gets nothing", async () => {
  const { listener } = await listening({ allowedHosts: ["Metrics.example"] });
  const status = async (host: string): Promise<number | undefined> =>
    (await get(listener, "/metrics", "GET", { host })).status;
  expect(await status("evil.example")).toBe(403);
  expect(await status(`evil.example:${listener.port}`)).toBe(403);
  expect(await status("localhost.evil.example")).toBe(403);
  expect(await status("LOCALHOST:1")).toBe(200);
  expect(await status("metrics.example:9090")).toBe(200);
});

it.each([
  [undefined, false],
  ["", false],
  ["127.0.0.1", true],
  ["127.0.0.1:9090", true],
  ["[::1]:9090", true],
  ["[::1", false],
  ["127.0.0.1.evil.example", false],
  ["127.0.0.1@evil.example", false],
  ["a:b:c", false],
])("the header Host %s is allowed: %s", (header, allowed) => {
  expect(isAllowedHost(header, [])).toBe(allowed);
});

it("a taken port is refused with its number, and nothing is left behind", async () => {
  const taken = createServer().listen(0, "127.0.0.1");
  onTestFinished(() => void taken.close());
  await once(taken, "listening");
  const { port } = taken.address() as { port: number };
  const { host } = await startedHost([]);
  const failed = await startMetricsListener({ host, port }).catch((error: unknown) => error);
  expect(failed).toBeInstanceOf(HostError);
  expect(failed).toMatchObject({
    code: "METRICS_NOT_SERVED",
    message: `Nothing listens on 127.0.0.1:${port} for metrics: another program has the port`,
  });
  await new Promise((resolve) => taken.close(resolve));
  const listener = await startMetricsListener({ host, port });
  expect((await get(listener, "/health")).status).toBe(200);
});

it.each([
  [{ port: -1 }, "port"],
  [{ port: 1.5 }, "port"],
  [{ port: "80" as never }, "port"],
  [{ address: "" }, "address"],
  [{ allowedHosts: "localhost" as never }, "allowedHosts"],
])("the options %j are refused by name", async (options, named) => {
  const { host } = await startedHost([]);
  await expect(startMetricsListener({ host, ...options })).rejects.toMatchObject({
    code: "HOST_OPTIONS_INVALID",
    message: expect.stringContaining(`'${named}'`) as unknown,
  });
});

it("the end of the host closes the listener, with all connections", async () => {
  const { host, listener } = await listening();
  const idle = connect(listener.port, listener.address);
  await once(idle, "connect");
  const ended = once(idle, "close");
  await host.stop();
  await ended;
  await until("the port is free", () => refused(listener));
  await listener.close();
});

it("a listener for a host that has stopped already closes at once", async () => {
  const { host } = await startedHost([]);
  await host.stop();
  const listener = await startMetricsListener({ host, port: 0 });
  await until("the port is free", () => refused(listener));
});

it("clients that send no request, or never read, do not keep others from their answer", async () => {
  const { listener } = await listening();
  const opened: Socket[] = [];
  onTestFinished(() => opened.forEach((socket) => void socket.destroy()));
  const client = async (send: string): Promise<Socket> => {
    const socket = connect(listener.port, listener.address).on("error", () => {});
    opened.push(socket);
    await once(socket, "connect");
    socket.pause();
    socket.write(send);
    return socket;
  };
  await client("GET /metrics HTTP/1.1\r\n");
  await client("\0\0\0garbage\r\n\r\n");
  await client(`GET /metrics HTTP/1.1\r\nHost: localhost\r\nX: ${"x".repeat(20_000)}\r\n\r\n`);
  await client("GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n".repeat(50));
  expect((await get(listener, "/metrics")).status).toBe(200);
});

it("at most eight connections are open at the same time, and a place that gets free is used", async () => {
  const { listener } = await listening();
  const idle: Socket[] = [];
  for (let n = 0; n < 8; n += 1) {
    const socket = connect(listener.port, listener.address);
    idle.push(socket);
    await once(socket, "connect");
  }
  onTestFinished(() => idle.forEach((socket) => void socket.destroy()));
  // The server has seen all of them once it answers the last one.
  idle[7]?.write("GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n");
  await once(idle[7] as Socket, "data");
  await expect(get(listener, "/health")).rejects.toThrow();
  for (const socket of idle) socket.destroy();
  await until("an answer comes", () =>
    get(listener, "/health").then(
      ({ status }) => status === 200,
      () => false,
    ),
  );
});

it("listens where the configuration of the host says so, and not without a word", async () => {
  const configured = async (toml: string): Promise<MetricsListener | undefined> => {
    const baseDir = tempDir();
    mkdirSync(join(baseDir, "extensions"));
    writeFileSync(join(baseDir, "extensions", "host.toml"), toml);
    const { host } = await startedHost([], { baseDir });
    const listener = await startConfiguredMetrics(host);
    onTestFinished(() => listener?.close());
    return listener;
  };
  expect(await configured("")).toBeUndefined();
  const first = await configured('[metrics]\nenabled = true\nlisten = "[::1]:0"\n');
  if (!first) throw new Error("there is no listener");
  expect(first).toMatchObject({ address: "::1", url: `http://[::1]:${first.port}` });
  expect((await get(first, "/health")).status).toBe(200);
  const taken = configured(`[metrics]\nenabled = true\nlisten = "[::1]:${first.port}"\n`);
  await expect(taken).rejects.toMatchObject({ code: "METRICS_NOT_SERVED" });
});
