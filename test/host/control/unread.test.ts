import { once } from "node:events";
import { connect } from "node:net";
import { expect, it, onTestFinished } from "vitest";
import { controlPath } from "../../../packages/host/src/control/address.js";
import { ControlServer, type Controllable } from "../../../packages/host/src/control/server.js";
import type { Logger } from "../../../packages/host/src/logger.js";
import { tempDir } from "../../helpers/temp.js";
import { until } from "../../helpers/wait.js";

const quiet = (): void => {};
const logger: Logger = { debug: quiet, info: quiet, warn: quiet, error: quiet };

type Tell = Parameters<Controllable["onLog"]>[1];

/** A server in front of a log that the test writes. */
async function served() {
  const followers = new Set<Tell>();
  const host: Controllable = {
    snapshot: () => ({
      extensions: [],
      subscriptions: [],
      streams: [],
      raised: [],
      cache: { entries: 0, bytes: 0, hits: 0, misses: 0, stores: 0, evictions: 0 },
    }),
    logs: () => [],
    onLog: (_, listener) => {
      followers.add(listener);
      return () => followers.delete(listener);
    },
    resume: () => Promise.resolve(),
    reload: () => Promise.resolve(),
  };
  const baseDir = tempDir();
  const server = new ControlServer(host, { baseDir, logger, nowMs: 0 });
  await server.start();
  onTestFinished(() => server.stop());
  return { followers, path: controlPath(baseDir, process.pid, 1) };
}

it("a watcher that does not read is closed after 1 MiB, and its place in the log is free", async () => {
  const { followers, path } = await served();
  const watcher = connect(path);
  onTestFinished(() => void watcher.destroy());
  await once(watcher, "connect");
  watcher.pause();
  watcher.write(`${JSON.stringify({ method: "logs", params: { id: "x", follow: true } })}\n`);
  await until("it follows", () => followers.size === 1);
  const line = "x".repeat(64 * 1024);
  let told = 0;
  await until("it is closed", () => {
    for (const tell of followers) tell({ at: 0, line });
    told += 1;
    return followers.size === 0;
  });
  // The bound, what the operating system keeps for a socket, and the line that went over it.
  expect(told).toBeGreaterThan(16);
  expect(told).toBeLessThan(200);
});

it("a watcher that reads gets every line", async () => {
  const { followers, path } = await served();
  const watcher = connect(path);
  onTestFinished(() => void watcher.destroy());
  let bytes = 0;
  watcher.on("data", (chunk) => (bytes += chunk.length));
  watcher.write(`${JSON.stringify({ method: "logs", params: { id: "x", follow: true } })}\n`);
  await until("it follows", () => followers.size === 1);
  const line = "x".repeat(64 * 1024);
  for (let n = 1; n <= 40; n += 1) {
    for (const tell of followers) tell({ at: 0, line });
    await until("the line is read", () => bytes >= n * line.length);
  }
  expect(followers.size).toBe(1);
});
