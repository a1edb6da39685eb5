import { chmodSync, existsSync, mkdirSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { connect, createServer } from "node:net";
import { join } from "node:path";
import { ControlClient, findHosts, type Host } from "@synaps/host";
import { describe, expect, it } from "vitest";
import { controlFolder, controlPath } from "../../../packages/host/src/control/address.js";
import { JsonLines } from "../../../packages/host/src/control/lines.js";
import { ensurePrivateFolder } from "../../../packages/host/src/control/private-folder.js";
import { startedHost } from "../../helpers/hosts.js";
import { tempDir, writeExtension } from "../../helpers/temp.js";
import { until } from "../../helpers/wait.js";
import { verifies } from "../../requirements/verifies.js";

const SAYS = `process.stderr.write("one\\ntwo \\u001b[31mred\\n");
let rest = Buffer.alloc(0);
process.stdin.on("data", (chunk) => {
  rest = Buffer.concat([rest, chunk]);
  for (;;) {
    const head = rest.indexOf("\\r\\n\\r\\n");
    if (head < 0) return;
    const length = Number(/(\\d+)/.exec(rest.subarray(0, head).toString())[1]);
    if (rest.length < head + 4 + length) return;
    const { id, method } = JSON.parse(rest.subarray(head + 4, head + 4 + length));
    rest = rest.subarray(head + 4 + length);
    if (method === "hook.handle") process.stderr.write("handled\\n");
    const body = JSON.stringify({ jsonrpc: "2.0", id, result: method === "initialize" ? { protocol_version: 1, capabilities: {} } : { action: "continue" } });
    process.stdout.write("Content-Length: " + Buffer.byteLength(body) + "\\r\\n\\r\\n" + body);
  }
});
process.stdin.on("end", () => process.exit(0));`;

/** The end of a call of a client that was closed, as `Promise.allSettled` shows it. */
const CLOSED = {
  status: "rejected",
  reason: { code: "CONTROL_UNAVAILABLE", message: expect.stringMatching(/client .* was closed/) as unknown },
};

async function controlled(): Promise<{ host: Host; baseDir: string; client: ControlClient }> {
  const baseDir = tempDir();
  const parent = tempDir();
  const section = {
    runtime: "process",
    command: process.execPath,
    args: ["main.js"],
    permissions: ["tools.intercept"],
    hooks: [{ hook: "before_tool_call" }],
  };
  writeExtension(parent, "talks", section, { "main.js": SAYS });
  writeExtension(parent, "broken", { ...section, command: "./missing" });
  const { host } = await startedHost([parent], { baseDir, control: true });
  return { host, baseDir, client: new ControlClient(baseDir, process.pid) };
}

describe("a running host", () => {
  it(
    verifies("FAIL-031") + "says how its extensions are, without a word of payload or configuration",
    async () => {
      const { host, client } = await controlled();
      await host.emit({ kind: "before_tool_call", tool_name: "bash", tool_input: { secret: "canary-7" } });
      const status = await client.status();
      expect(status.pid).toBe(process.pid);
      expect(status.extensions.map(({ id, state }) => `${id} ${state}`)).toEqual([
        "broken failed",
        "talks running",
      ]);
      expect(status.subscriptions).toMatchObject([
        { extension: "broken", matched: 1, abstained: 1, reasons: { failed: 1 } },
        { extension: "talks", matched: 1, voted: 1 },
      ]);
      expect(JSON.stringify(status)).not.toContain("canary-7");
    },
  );

  it("gives out logs without control characters, and goes on with them", async () => {
    const { host, client } = await controlled();
    expect((await client.logs("talks", 10)).map(({ line }) => line)).toEqual(["one", "two [31mred"]);
    expect(await client.logs("talks", 1)).toMatchObject([{ line: "two [31mred" }]);
    const seen: string[] = [];
    const over = new AbortController();
    const following = client.follow("talks", 1, ({ line }) => void seen.push(line), over.signal);
    await until("the last line is there", () => seen.length === 1);
    await host.emit({ kind: "before_tool_call", tool_name: "bash" });
    await until("the next line is there", () => seen.length === 2);
    over.abort();
    await following;
    expect(seen).toEqual(["two [31mred", "handled"]);
  });

  it("gives a failed extension another try, and says why it failed again", async () => {
    const { client } = await controlled();
    await expect(client.resume("broken")).rejects.toMatchObject({ code: "SPAWN_COMMAND_NOT_FOUND" });
    await expect(client.resume("talks")).resolves.toBeUndefined();
    for (const ask of [client.resume("nobody"), client.logs("nobody", 1)]) {
      await expect(ask).rejects.toMatchObject({
        code: "EXTENSION_NOT_FOUND",
        hint: expect.stringContaining("talks"),
      });
    }
  });

  it(verifies("FAIL-032") + "offers nothing else", async () => {
    const { baseDir } = await controlled();
    const answers: string[] = [];
    const socket = connect(controlPath(baseDir, process.pid));
    socket.on("data", (chunk) => answers.push(...chunk.toString().trim().split("\n")));
    for (const method of ["approve", "config.set", "stop", "emit", null])
      socket.write(`${JSON.stringify({ method })}\n`);
    await until("all were answered", () => answers.length === 5);
    expect(answers.every((answer) => answer.includes("CONTROL_INVALID"))).toBe(true);
    socket.write("not json\n");
    await until("the connection was ended", () => socket.readableEnded);
    socket.destroy();
  });

  it("is found, and no longer after it stopped", async () => {
    const { host, baseDir, client } = await controlled();
    expect(findHosts(baseDir).map(({ pid }) => pid)).toEqual([process.pid]);
    await host.stop();
    expect(findHosts(baseDir)).toEqual([]);
    await expect(client.status()).rejects.toMatchObject({ code: "CONTROL_UNAVAILABLE" });
  });

  it("goes on when a client is closed, which ends what follows and refuses what comes later", async () => {
    const { baseDir, client } = await controlled();
    const seen: string[] = [];
    const never = new AbortController();
    const following = client.follow("talks", 2, ({ line }) => void seen.push(line), never.signal);
    await until("the lines are there", () => seen.length === 2);
    await client[Symbol.asyncDispose]();
    await following;
    await client.close();
    const later = [
      client.status(),
      client.resume("talks"),
      client.follow("talks", 1, () => {}, never.signal),
    ];
    expect(await Promise.allSettled(later)).toMatchObject(later.map(() => CLOSED));
    await expect(new ControlClient(baseDir, process.pid).status()).resolves.toMatchObject({
      pid: process.pid,
    });
  });

  it("that does not answer keeps no client that is closed, connected or not yet", async () => {
    const baseDir = tempDir();
    ensurePrivateFolder(controlFolder(baseDir));
    const path = controlPath(baseDir, process.pid);
    let [connected, ended] = [0, 0];
    const server = createServer((socket) => {
      connected += 1;
      socket.resume().on("close", () => (ended += 1));
    }).listen(path);
    await until("somebody listens", () => server.listening);
    const client = new ControlClient(baseDir, process.pid);
    const first = Promise.allSettled([client.status()]);
    await until("the first question is there", () => connected === 1);
    const second = Promise.allSettled([client.status()]);
    await client[Symbol.asyncDispose]();
    expect([...(await first), ...(await second)]).toMatchObject([CLOSED, CLOSED]);
    await until("no connection is left", () => ended === connected);
    server.close();
  });

  it("that was killed leaves a socket that goes away when asked", async () => {
    const baseDir = tempDir();
    ensurePrivateFolder(controlFolder(baseDir));
    const path = controlPath(baseDir, 4_000_000);
    const server = createServer().listen(path);
    await until("it listens", () => server.listening);
    // As after a kill: the file stays, nobody listens.
    const { renameSync } = await import("node:fs");
    renameSync(path, `${path}.kept`);
    server.close();
    renameSync(`${path}.kept`, path);
    const [left] = findHosts(baseDir);
    await expect(left?.status()).rejects.toMatchObject({ code: "CONTROL_UNAVAILABLE" });
    expect(existsSync(path)).toBe(false);
  });
});

describe("many hosts of one program on one base folder", () => {
  it("start at once, each with a socket of its own, and leave none", async () => {
    const baseDir = tempDir();
    const made = await Promise.all(
      Array.from({ length: 40 }, () => startedHost([], { baseDir, control: true })),
    );
    const found = findHosts(baseDir);
    expect(found).toHaveLength(40);
    expect((await Promise.all(found.map((client) => client.status()))).map(({ pid }) => pid)).toEqual(
      Array.from({ length: 40 }, () => process.pid),
    );
    await Promise.all(made.map(({ host }) => host.stop()));
    expect(findHosts(baseDir)).toEqual([]);
  });

  it("pass by sockets of others without a warning, and take places that became free", async () => {
    const baseDir = tempDir();
    ensurePrivateFolder(controlFolder(baseDir));
    const numbers = Array.from({ length: 15 }, (_, index) => index + 1);
    const others = numbers.map((number) => createServer().listen(controlPath(baseDir, process.pid, number)));
    await until("all listen", () => others.every(({ listening }) => listening));
    const { host } = await startedHost([], { baseDir, control: true });
    expect(existsSync(controlPath(baseDir, process.pid, 16))).toBe(true);
    for (const other of others) other.close();
    await host.stop();
    await startedHost([], { baseDir, control: true });
    expect(findHosts(baseDir)).toHaveLength(1);
    expect(existsSync(controlPath(baseDir, process.pid))).toBe(true);
  });
});

describe("the folder of the socket", () => {
  it(verifies("FAIL-033") + "is only the user's, and the socket too", async () => {
    const { baseDir } = await controlled();
    expect(statSync(controlFolder(baseDir)).mode & 0o777).toBe(0o700);
    expect(statSync(controlPath(baseDir, process.pid)).mode & 0o777).toBe(0o600);
  });

  it(verifies("FAIL-033") + "is refused when others may enter it, or when it is a link or a file", () => {
    const folder = join(tempDir(), "control");
    mkdirSync(folder);
    chmodSync(folder, 0o755);
    expect(() => ensurePrivateFolder(folder)).toThrow("others may enter it");
    rmSync(folder, { recursive: true });
    symlinkSync(tempDir(), folder);
    expect(() => ensurePrivateFolder(folder)).toThrow("it is not a folder");
    rmSync(folder);
    writeFileSync(folder, "");
    expect(() => ensurePrivateFolder(folder)).toThrow();
  });

  it("that is not safe keeps nobody from running: it is reported", async () => {
    const baseDir = tempDir();
    mkdirSync(controlFolder(baseDir), { recursive: true, mode: 0o755 });
    chmodSync(controlFolder(baseDir), 0o755);
    const { host, log } = await startedHost([], { baseDir, control: true });
    expect(host.snapshot().extensions).toEqual([]);
    expect(log.filter(({ level }) => level === "error")).toMatchObject([
      { fields: { code: "CONTROL_UNAVAILABLE" } },
    ]);
  });

  it("of a base folder with a long path is a short one", () => {
    const long = `/${"x".repeat(120)}`;
    expect(Buffer.byteLength(controlPath(long, 4_194_304))).toBeLessThanOrEqual(104);
    expect(controlFolder(long)).not.toBe(controlFolder(`${long}y`));
  });
});

describe("lines of JSON", () => {
  it("arrive however they are cut", () => {
    for (const size of [1, 2, 7, 100]) {
      const seen: unknown[] = [];
      const lines = new JsonLines((message) => seen.push(message));
      const bytes = Buffer.from('{"a":"é"}\n\n[1]\r\n');
      for (let at = 0; at < bytes.length; at += size) lines.push(bytes.subarray(at, at + size));
      expect(seen).toEqual([{ a: "é" }, [1]]);
    }
  });

  it("that are too long or no JSON throw", () => {
    expect(() => new JsonLines(() => {}, 8).push(Buffer.from("123456789"))).toThrow(RangeError);
    expect(() => new JsonLines(() => {}).push(Buffer.from("{\n"))).toThrow(SyntaxError);
  });
});
