import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Host, HostOptions, Sidecar, SidecarEvent } from "@synaps/host";
import { expect, it } from "vitest";
import { Lines } from "../../../../packages/host/src/lines.js";
import { MAX_SIDECAR_LINE_BYTES } from "../../../../packages/host/src/surfaces/sidecars/sidecars.js";
import { FIXTURES, repo } from "../../../helpers/paths.js";
import { startedHost } from "../../../helpers/hosts.js";
import { tempDir, writeExtension } from "../../../helpers/temp.js";
import { until } from "../../../helpers/wait.js";
import { verifies } from "../../../requirements/verifies.js";
import { offering, type Offer } from "../commands/support.js";

const ID = "offers-commands";
const main = join(FIXTURES, "offers-commands", "main.mjs");
const voice = repo("test/fixtures/sidecar/voice.mjs");
const sidecar = { command: process.execPath, lifecycle: { command: "voice", importance: 500 } };

/** A sidecar of its own folder, which is started without arguments when nobody names any. */
const OWN = `#!/bin/sh\nexec '${process.execPath}' '${voice}' plain "$@"\n`;
const ownSidecarWith = (more: object): Pick<Offer, "manifest" | "files"> => ({
  manifest: { provides: { sidecar: { command: "side", ...more } } },
  files: { side: OWN },
});
const ownSidecar = ownSidecarWith({});

/** Arguments, folder and environment of a sidecar, as the sidecar tells them. */
async function seenBy(sidecar: Sidecar): Promise<unknown> {
  let seen: unknown;
  sidecar.onEvent((event) => {
    if (event.type === "custom") seen = event.payload;
  });
  await until("it was initialised", () => seen !== undefined);
  await sidecar.stop();
  return seen;
}

/** A host with an extension that answers the question for its sidecar's arguments so. */
async function declaring(answer: unknown, options: HostOptions = {}, offer: Offer = {}): Promise<Host> {
  const args = [main, JSON.stringify(answer === undefined ? {} : { "sidecar.spawn_args": answer })];
  const { host } = await offering(
    { extension: { args }, manifest: { provides: { sidecar } }, ...offer },
    options,
  );
  return host;
}

it(verifies("SIDE-010") + "press, release, text, and a graceful end", async () => {
  const host = await declaring(
    { args: [voice, "plain", "a b"], language: "de" },
    { env: { PATH: process.env["PATH"], SECRET: "s" } },
  );
  expect(host.sidecars.list()).toMatchObject([
    { extension: ID, command: "voice", displayName: ID, importance: 100, running: false },
  ]);
  const one = await host.sidecars.start(ID);
  expect(await host.sidecars.start(ID)).toBe(one);
  expect([one.capabilities, host.sidecars.list()[0]?.running]).toEqual([["stt"], true]);
  const events: SidecarEvent[] = [];
  await until("it was initialised", () => {
    one.onEvent((event) => void events.push(event))();
    return events.length > 0;
  });
  one.onEvent((event) => void events.push(event));
  const [init] = events;
  if (init?.type !== "custom") throw new Error("the first event tells of init");
  expect(init.payload).toMatchObject({ config: { protocol_version: 2 }, rest: ["a b"], cwd: process.cwd() });
  expect(init.payload).not.toHaveProperty("config.language");
  expect(JSON.stringify(init.payload)).not.toContain("SECRET");
  expect(one.press()).toBe(true);
  await until("it is at work", () => one.active);
  expect(one.release("!")).toBe(true);
  await until("it is idle again", () => events.length === 5);
  expect(one.active).toBe(false);
  expect(events.slice(1)).toEqual([
    { type: "status", state: "listening", label: "L", active: true },
    { type: "insert_text", text: "hello from sidecar!", mode: "final" },
    { type: "error", message: "e" },
    { type: "status", state: "idle", label: undefined, active: false },
  ]);
  await one.stop();
  expect(events.at(-1)).toEqual({ type: "ended", reason: "exited with code 0" });
  expect([host.sidecars.list()[0]?.running, one.press()]).toEqual([false, false]);
});

it(
  verifies("SIDE-021") + "unknown and overlong lines are passed over, and lines without sense are errors",
  async () => {
    const host = await declaring({ args: [voice, "noisy"] });
    const one = await host.sidecars.start(ID);
    const events: SidecarEvent[] = [];
    one.onEvent((event) => void events.push(event));
    one.press();
    one.release();
    await until(
      "it is idle again",
      () => events.at(-1)?.type === "status" && !one.active && events.length > 5,
    );
    expect(events.map((event) => (event.type === "error" ? event.message : event.type))).toEqual([
      "custom",
      "status",
      `its message 'insert_text' is malformed: {"type":"insert_text","text":"x"}`,
      "it printed no message: []",
      "it printed no message: 7",
      "it printed a line that is not JSON: not json",
      "insert_text",
      "e",
      "status",
    ]);
  },
);

it.each([
  ["silent", "it said no hello within 300 ms"],
  ["old", "it speaks version 1"],
  ["chatty", "it printed a line that is not JSON: loading the model"],
  ["early", "its first message was 'status'"],
  ["exits", "the process exited with code 4 while starting; last on stderr: no microphone"],
])(verifies("SIDE-022") + "one that is %s does not start and leaves nothing", async (habit, why) => {
  const host = await declaring(
    { args: [voice, habit] },
    { limits: { sidecarHelloMs: habit === "silent" ? 300 : 10_000 } },
  );
  await expect(host.sidecars.start(ID)).rejects.toMatchObject({
    code: "SIDECAR_FAILED",
    message: expect.stringContaining(why) as string,
  });
  expect(host.sidecars.list()[0]?.running).toBe(false);
});

it(verifies("SIDE-023") + "one that will not end is ended, and a host that stops ends it too", async () => {
  const host = await declaring(
    { args: [voice, "stubborn"] },
    { limits: { sidecarStopMs: 50, sigtermMs: 50 } },
  );
  const one = await host.sidecars.start(ID);
  await host.stop();
  expect(await one.ended).toBe("was ended by SIGKILL");
});

it(verifies("SIDE-024") + "none is started by itself, and an extension without one is told", async () => {
  const { host } = await offering({});
  expect(host.sidecars.list()).toEqual([]);
  await expect(host.sidecars.start(ID)).rejects.toMatchObject({ code: "SIDECAR_NOT_DECLARED" });
});

it.each(["./bin/no-such", "node", ".", "/no/such", "a\0b"])(
  verifies("SIDE-025") + "a program that is no file of the extension is named: %j",
  async (command) => {
    const { host } = await offering({ manifest: { provides: { sidecar: { command } } } });
    await expect(host.sidecars.start(ID)).rejects.toMatchObject({ code: "SPAWN_COMMAND_NOT_FOUND" });
  },
);

it(verifies("SIDE-001") + "the extension names the arguments", async () => {
  const host = await declaring({ args: ["-x", "y"], language: "en", more: 1 });
  expect(await host.sidecars.spawnArgs(ID)).toEqual({ args: ["-x", "y"], language: "en" });
});

it(
  verifies("SIDE-002") +
    "an extension that does not know the question is told apart; a start uses the defaults",
  async () => {
    const host = await declaring(undefined);
    await expect(host.sidecars.spawnArgs(ID)).rejects.toMatchObject({
      code: "SIDECAR_ARGS_FAILED",
      message: expect.stringContaining("method not found: sidecar.spawn_args") as string,
      data: { unknownMethod: true },
    });
  },
);

it.each([
  null,
  [],
  "x",
  { args: "x" },
  { args: [1] },
  { language: 7 },
  { args: ["a\0b"] },
  { args: Array.from({ length: 257 }, () => "") },
])(
  verifies("SIDE-003") + "the answer %j is refused; a start uses the manifest's arguments",
  async (answer) => {
    const host = await declaring(answer, {}, ownSidecar);
    await expect(host.sidecars.spawnArgs(ID)).rejects.toMatchObject({
      code: "SIDECAR_ARGS_FAILED",
      data: { unknownMethod: false },
    });
    expect(await seenBy(await host.sidecars.start(ID))).toMatchObject({ rest: [] });
  },
);

it(
  verifies("SIDE-003") + "an extension that is late or does not run counts as one without an answer",
  async () => {
    const late = await declaring("(silence)", { limits: { screenMs: 100 } }, ownSidecar);
    expect(await seenBy(await late.sidecars.start(ID))).toMatchObject({ rest: [] });
    const extension = { args: ["-e", "process.exit(1)"] };
    const { host, log } = await offering({ extension, ...ownSidecar }, { limits: { handshakeMs: 5_000 } });
    expect(host.loadResult.failed).toHaveLength(1);
    expect(await seenBy(await host.sidecars.start(ID))).toMatchObject({ rest: [] });
    expect(log.map(({ message }) => message)).toContain(
      "a sidecar starts with the arguments of its manifest",
    );
  },
);

it.each([
  [[], ["--model-path", "MODEL"]],
  [["-q"], ["-q", "--model-path", "MODEL"]],
  [
    ["--model-path", "mine"],
    ["--model-path", "mine"],
  ],
  [["--model-path=mine"], ["--model-path=mine"]],
])(verifies("SIDE-031") + "with the arguments %j it is started with %j", async (args, rest) => {
  const home = tempDir();
  mkdirSync(join(home, "models"));
  writeFileSync(join(home, "models", "tiny.bin"), "");
  const env = { PATH: process.env["PATH"], HOME: home };
  for (const default_path of ["~/models/tiny.bin", join(home, "models", "tiny.bin")]) {
    const host = await declaring(
      { args },
      { env },
      ownSidecarWith({ model: { default_path, required: true } }),
    );
    const shown = rest.map((one) => (one === "MODEL" ? join(home, "models", "tiny.bin") : one));
    expect(await seenBy(await host.sidecars.start(ID))).toMatchObject({ rest: shown });
  }
  const host = await declaring(
    { args },
    { env },
    ownSidecarWith({ model: { default_path: "~/models/none.bin" } }),
  );
  expect(await seenBy(await host.sidecars.start(ID))).toMatchObject({ rest: args });
});

it(
  verifies("SIDE-032") + "a plugin without an extension has its sidecar, and answers nothing else",
  async () => {
    const folder = tempDir();
    const manifest = {
      name: "alone",
      commands: [{ name: "talk", interactive: true }],
      provides: { sidecar: { command: "side" } },
    };
    writeExtension(folder, "alone", JSON.stringify(manifest), { side: OWN });
    const { host } = await startedHost([folder]);
    expect(host.loadResult).toMatchObject({ loaded: ["alone"], failed: [] });
    expect(host.snapshot().extensions).toMatchObject([
      { id: "alone", state: "loaded", hooks: [], process: { activation: "none" } },
    ]);
    expect(await seenBy(await host.sidecars.start("alone"))).toMatchObject({ rest: [] });
    expect(await host.commands.invoke("talk")).toMatchObject({ status: "unavailable", cause: "stopped" });
    await host.resume("alone");
    await host.reload("alone");
    expect(await seenBy(await host.sidecars.start("alone"))).toMatchObject({ rest: [] });
    expect(host.snapshot().extensions).toMatchObject([{ id: "alone", state: "loaded" }]);
  },
);

it(verifies("SIDE-033") + "it gets the whole environment only with the permission for that", async () => {
  const env = { PATH: process.env["PATH"], HOME: "/h", NAMED: "n", TOKEN: "t" };
  const keysOf = async (permissions: readonly string[]): Promise<unknown> => {
    const extension = { args: [main, "{}"], permissions, env: ["NAMED"] };
    const { host } = await offering({ extension, ...ownSidecar }, { env });
    return seenBy(await host.sidecars.start(ID));
  };
  expect(await keysOf(["audio.input"])).not.toMatchObject({
    env: expect.arrayContaining(["TOKEN"]) as unknown,
  });
  expect(await keysOf(["audio.input"])).toMatchObject({
    env: expect.arrayContaining(["HOME", "NAMED"]) as unknown,
  });
  expect(await keysOf(["audio.input", "environment.inherit"])).toMatchObject({
    env: expect.arrayContaining(["HOME", "NAMED", "TOKEN"]) as unknown,
  });
});

it(
  verifies("SIDE-034") + "the user's key starts and presses, then releases and presses in turn",
  async () => {
    const host = await declaring({ args: [voice, "plain"] });
    const one = await host.sidecars.toggle(ID);
    const events: SidecarEvent[] = [];
    one.onEvent((event) => void events.push(event));
    await until("it listens", () => one.active);
    expect(one.pressed).toBe(true);
    expect(await host.sidecars.toggle(ID)).toBe(one);
    await until("it is idle again", () => events.some(({ type }) => type === "insert_text") && !one.active);
    expect(one.pressed).toBe(false);
    await host.sidecars.toggle(ID);
    await until("it listens again", () => one.active);
  },
);

it(verifies("SIDE-004") + "an empty object means the defaults", async () => {
  const host = await declaring({});
  expect(await host.sidecars.spawnArgs(ID)).toEqual({ args: [], language: undefined });
});

it(verifies("SIDE-005") + "an unknown id is told", async () => {
  const host = await declaring({});
  await expect(host.sidecars.spawnArgs("nobody")).rejects.toMatchObject({ code: "EXTENSION_NOT_FOUND" });
  await expect(host.sidecars.start("nobody")).rejects.toMatchObject({ code: "EXTENSION_NOT_FOUND" });
});

it(verifies("SIDE-027") + "one that does not read has 64 lines waiting at most", async () => {
  const host = await declaring({ args: [voice, "deaf"] }, { limits: { sidecarStopMs: 50, sigtermMs: 50 } });
  const one = await host.sidecars.start(ID);
  const taken = Array.from({ length: 300 }, () => one.press("x".repeat(50_000))).filter(Boolean).length;
  expect(taken).toBeGreaterThan(10);
  expect(taken).toBeLessThanOrEqual(64);
  expect(one.dropped).toBe(300 - taken);
});

it(
  verifies("SIDE-026") + "lines are read however they are split, and one over 1 MiB costs only itself",
  () => {
    const lines: string[] = [];
    let tooLong = 0;
    const onLine = (line: Buffer, cut: boolean): void => {
      if (cut) tooLong += 1;
      else if (line.length > 0) lines.push(line.toString("utf8"));
    };
    const reader = new Lines({ maxBytes: MAX_SIDECAR_LINE_BYTES }, { onLine });
    const bytes = Buffer.from(
      `ä\n\n${"x".repeat(MAX_SIDECAR_LINE_BYTES)}\n${"y".repeat(MAX_SIDECAR_LINE_BYTES + 1)}\nend\n`,
    );
    for (let at = 0; at < 10; at += 1) reader.push(bytes.subarray(at, at + 1));
    for (let at = 10; at < bytes.length; at += 7_777) reader.push(bytes.subarray(at, at + 7_777));
    expect(lines.map(({ length }) => length)).toEqual([1, MAX_SIDECAR_LINE_BYTES, 3]);
    expect([lines[0], tooLong]).toEqual(["ä", 1]);
  },
);

it("what is written at the end of a sidecar is read, although its process is gone", async () => {
  const script = `const say = (frame) => fs.writeSync(1, JSON.stringify(frame) + "\\n");
say({ type: "hello", protocol_version: 2, capabilities: [] });
process.stdin.once("data", () => {
  const last = JSON.stringify({ type: "insert_text", text: "last", mode: "final" });
  const wait = "while kill -0 " + process.pid + " 2>/dev/null; do :; done; echo '" + last + "'";
  require("child_process").spawn("sh", ["-c", wait], { stdio: ["ignore", 1, 2] });
  process.exit(3);
});`;
  const host = await declaring({ args: ["-e", script] }, { limits: { exitDrainMs: 20_000 } });
  const one = await host.sidecars.start(ID);
  const events: SidecarEvent[] = [];
  one.onEvent((event) => void events.push(event));
  expect(await one.ended).toBe("exited with code 3");
  expect(events).toEqual([
    { type: "insert_text", text: "last", mode: "final" },
    { type: "ended", reason: "exited with code 3" },
  ]);
});
