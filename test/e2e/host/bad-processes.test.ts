import { join } from "node:path";
import { expect, it } from "vitest";
import { startedHost } from "../../helpers/hosts.js";
import { FIXTURES } from "../../helpers/paths.js";
import { tempDir, writeExtension } from "../../helpers/temp.js";
import { verifies } from "../../requirements/verifies.js";
import { call, statusOf, variant, votes } from "./support/fixture.js";

interface Expected {
  code: string;
  message: string;
  /** Words of the remedy. */
  hint: string;
}

const DEFECTIVE: readonly [string, string, readonly string[], Expected][] = [
  [
    "an answer with another version",
    "wrong-version",
    ["99"],
    {
      code: "HANDSHAKE_VERSION",
      message: "unsupported protocol_version 99 (the manifest says 1)",
      hint: "the version that its manifest names",
    },
  ],
  [
    "a handshake that never ends",
    "handshake-hangs",
    ["silent"],
    {
      code: "HANDSHAKE_TIMEOUT",
      message: "initialize was not answered within",
      hint: "Answer initialize first",
    },
  ],
  [
    "a handshake answer that is no object",
    "non-object-results",
    ["initialize", "[]"],
    {
      code: "HANDSHAKE_MALFORMED",
      message: "not an object",
      hint: "{protocol_version, capabilities}",
    },
  ],
  [
    "a megabyte of text before the first frame",
    "prints-to-stdout",
    ["megabyte-first"],
    {
      code: "HANDSHAKE_NOISE",
      message: "over 65536 bytes of text on standard output",
      hint: "standard error",
    },
  ],
];

it.each(DEFECTIVE)(
  verifies("BAD-002") + "%s: one clear error, and no other extension harmed",
  async (_what, fixture, args, expected) => {
    const folder = tempDir();
    variant(folder, fixture, { id: "bad", args });
    variant(folder, "echoes-votes", { id: "good" });
    // The limit holds for the good one too.
    const limits = expected.code === "HANDSHAKE_TIMEOUT" ? { handshakeMs: 8_000 } : {};
    const { host } = await startedHost([folder], { limits });
    const status = statusOf(host, "bad");
    expect(status.diagnostics).toMatchObject([
      {
        severity: "error",
        code: expected.code,
        extension: "bad",
        file: join(folder, "bad", ".synaps-plugin", "plugin.json"),
        pointer: "",
        message: expect.stringContaining(expected.message),
        hint: expect.stringContaining(expected.hint),
      },
    ]);
    expect(status).toMatchObject({ state: "failed", process: { pid: undefined } });
    expect(votes(await host.emit(call()))).toEqual(["bad: abstained failed", "good: continue"]);
  },
);

it(
  verifies("BAD-003", "E2E-018") +
    "a missing program names the setup script when there is one, else what to install",
  async () => {
    const folder = tempDir();
    const extension = { runtime: "process", permissions: ["tools.register"] };
    writeExtension(folder, "a", { ...extension, command: "bin/server", setup: "scripts/\u001bsetup.sh" });
    writeExtension(folder, "b", { ...extension, command: "no-such-program-4711" });
    writeExtension(folder, "c", { ...extension, command: "./data.txt" }, { "data.txt": "not a program" });
    variant(folder, "echoes-votes", { id: "good" });
    const { host } = await startedHost([folder]);
    const said = (id: string): unknown[] =>
      statusOf(host, id).diagnostics.map(({ code, message, hint }) => [code, message, hint]);
    expect(said("a")).toEqual([
      [
        "SPAWN_COMMAND_NOT_FOUND",
        `Failed to spawn extension 'a': the program '${join(folder, "a", "bin", "server")}' was not found (os error 2)`,
        "Run the extension's setup script 'scripts/?setup.sh' first.",
      ],
    ]);
    expect(said("b")).toEqual([
      [
        "SPAWN_COMMAND_NOT_FOUND",
        "Failed to spawn extension 'b': the program 'no-such-program-4711' was not found (os error 2)",
        "Install 'no-such-program-4711' or put it on PATH, or correct 'command' in the manifest.",
      ],
    ]);
    expect(said("c")).toMatchObject([
      ["SPAWN_NOT_EXECUTABLE", expect.any(String), expect.stringContaining("chmod +x")],
    ]);
    expect(statusOf(host, "good").state).toBe("running");
  },
);

it(
  verifies("BAD-004") + "of two folders with one id the first runs, the second is refused and both are named",
  async () => {
    const [one, two] = [tempDir(), tempDir()];
    const first = variant(one, "echoes-votes", { id: "twin" });
    const second = variant(two, "echoes-votes", { id: "twin" });
    const { host } = await startedHost([one, two]);
    const statuses = host
      .snapshot()
      .extensions.map(({ root, state, diagnostics }) => [root, state, diagnostics]);
    expect(statuses).toEqual([
      [first, "running", []],
      [
        second,
        "invalid",
        [
          {
            severity: "error",
            code: "MANIFEST_DUPLICATE_ID",
            extension: "twin",
            file: join(second, ".synaps-plugin", "plugin.json"),
            pointer: "",
            message: `Extension 'twin' is already loaded from '${first}'`,
            hint: expect.stringContaining("Rename or remove"),
          },
        ],
      ],
    ]);
    expect(votes(await host.emit(call()))).toEqual(["twin: continue"]);
  },
);

it(verifies("BAD-005") + "a folder that is named twice, or beside its parent, is one extension", async () => {
  const echo = join(FIXTURES, "echoes-votes");
  const { host } = await startedHost([echo, `${echo}/`, echo]);
  expect(host.snapshot().extensions).toHaveLength(1);
  expect(votes(await host.emit(call()))).toEqual(["echoes-votes: continue"]);
});

it(verifies("BAD-006") + "an event that is no JSON rejects that emit and nothing else", async () => {
  const { host } = await startedHost([join(FIXTURES, "echoes-votes")]);
  const cycle: Record<string, unknown> = {};
  cycle["self"] = cycle;
  for (const input of [cycle, 10n]) {
    await expect(host.emit(call(input))).rejects.toMatchObject({ code: "EVENT_INVALID" });
  }
  expect(votes(await host.emit(call()))).toEqual(["echoes-votes: continue"]);
});
