import { spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { gone, variant } from "../../e2e/host/support/fixture.js";
import { repo } from "../../helpers/paths.js";
import { tempDir, writeExtension } from "../../helpers/temp.js";

interface Ended {
  code: number | null;
  lines: string[];
}

/** Runs a program that uses a host on the given folder. `body` sees `host` and `say`, and never stops the host. */
async function program(folder: string, body: string, options = ""): Promise<Ended> {
  const path = join(tempDir(), "program.mjs");
  const entry = JSON.stringify(repo("packages/host/dist/index.js"));
  writeFileSync(
    path,
    `import { createHost } from ${entry};
const say = (line) => process.stdout.write(line + "\\n");
const host = createHost({ folders: [${JSON.stringify(folder)}], baseDir: ${JSON.stringify(tempDir())}, ${options} });
${body}`,
  );
  const child = spawn(process.execPath, [path], { stdio: ["ignore", "pipe", "inherit"] });
  let text = "";
  child.stdout.on("data", (chunk: Buffer) => (text += chunk.toString()));
  const code = await new Promise<number | null>((resolve) => child.once("exit", resolve));
  return { code, lines: text.trim().split("\n") };
}

/** Shakes hands, and reads nothing after that. */
const DEAF = `process.stdin.once("readable", () => {
  const { id } = JSON.parse(/\\{.*/s.exec(process.stdin.read().toString())[0]);
  const body = JSON.stringify({ jsonrpc: "2.0", id, result: { protocol_version: 1, capabilities: {} } });
  process.stdout.write("Content-Length: " + body.length + "\\r\\n\\r\\n" + body);
  // A runtime that still reads ahead would take the whole message.
  setImmediate(() => process.kill(process.pid, "SIGSTOP"));
});`;

const EVENT = `{ kind: "before_tool_call", tool_name: "t", tool_input: {} }`;

it("a program that forgot to stop ends by itself, with its extensions, control socket and watches", async () => {
  const folder = tempDir();
  variant(folder, "tells-itself", { id: "m" });
  const { code, lines } = await program(
    folder,
    `await host.start();
await host.emit(${EVENT});
say(String(host.snapshot().extensions[0].process.pid));`,
    "control: true",
  );
  expect(code).toBe(0);
  expect(lines).toHaveLength(1);
  await gone(Number(lines[0]));
});

it("a program does not end while a start, an event, an intercept or a stop is pending", async () => {
  const folder = tempDir();
  variant(folder, "takes-its-time", { id: "m" });
  const slow = `{ kind: "before_tool_call", tool_name: "t", tool_input: { ms: 1500 } }`;
  const { code, lines } = await program(
    folder,
    `await host.start();
say("started");
say((await host.emit(${slow})).action);
host.subscribe("before_tool_call", () => new Promise(() => {}), { deadlineMs: 1200 });
const { before } = await host.intercept({ before: "before_tool_call" }, { tool_name: "t", tool_input: {} }, () => ({ output: "done" }));
say(before.votes.find(({ extension }) => extension === "program").reason);
await host.stop();
say("stopped");`,
  );
  expect({ code, lines }).toEqual({ code: 0, lines: ["started", "continue", "timeout", "stopped"] });
});

it.each(["observed", "asked"])("a child that does not read keeps no program alive: %s", async (how) => {
  const folder = tempDir();
  const section = {
    runtime: "process",
    command: process.execPath,
    args: ["main.js"],
    permissions: ["tools.intercept", "privacy.llm_content"],
    hooks: [{ hook: how === "asked" ? "before_tool_call" : "on_message_complete", timeout_ms: 200 }],
  };
  writeExtension(folder, "deaf", section, { "main.js": DEAF });
  const event =
    how === "asked"
      ? `{ kind: "before_tool_call", tool_name: "t", tool_input: { text: "x".repeat(900_000) } }`
      : `{ kind: "on_message_complete", message: "x".repeat(900_000), data: {} }`;
  const { code, lines } = await program(
    folder,
    `await host.start();
const outcome = await host.emit(${event});
await outcome.settled;
await host.settled();
const last = performance.now();
const pid = host.snapshot().extensions[0].process.pid;
process.on("exit", () => say((performance.now() - last < 5_000 ? "soon " : "late ") + pid));`,
  );
  expect(code).toBe(0);
  expect(lines).toEqual([expect.stringMatching(/^soon \d+$/)]);
  await gone(Number(lines[0]?.slice(5)));
});

it("many hosts in one program share one listener of its end, and give no warning", async () => {
  const { code, lines } = await program(
    tempDir(),
    `process.on("warning", (warning) => say(warning.message));
const before = process.listenerCount("exit");
const folder = ${JSON.stringify(oneExtension())};
const hosts = Array.from({ length: 20 }, (_, n) => createHost({ folders: [folder], baseDir: ${JSON.stringify(tempDir())} + "/" + n }));
for (const one of hosts) await one.start();
say(String(process.listenerCount("exit") - before));
await Promise.all(hosts.map((one) => one.stop()));
say(String(process.listenerCount("exit") - before));`,
  );
  expect({ code, lines }).toEqual({ code: 0, lines: ["1", "0"] });
});

function oneExtension(): string {
  const folder = tempDir();
  variant(folder, "echoes-votes", { id: "m" });
  return folder;
}
