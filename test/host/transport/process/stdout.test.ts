import { expect, it } from "vitest";
import type { Host } from "@synaps/host";
import { call, quickHook, statusOf, variant, votes } from "../../../e2e/host/support/fixture.js";
import { startedHost } from "../../../helpers/hosts.js";
import { tempDir } from "../../../helpers/temp.js";
import { verifies } from "../../../requirements/verifies.js";

const stop = { answer: { action: "block", reason: "ünï🦊" } };

async function started(fixture: string, args?: string[], hook = quickHook(30_000)) {
  const folder = tempDir();
  variant(folder, fixture, { ...(args ? { args } : {}), extension: { hooks: [hook] } });
  return startedHost([folder]);
}

const vote = async (host: Host, input: unknown = null): Promise<string[]> =>
  votes(await host.emit(call(input)));

it.each(["greets", "between", "unfinished"])(
  verifies("PROC-034") + "text on stdout (%s) is skipped with one warning and costs no answer",
  async (mode) => {
    const { host, log } = await started("prints-to-stdout", [mode]);
    for (let n = 0; n < 3; n += 1) expect(await vote(host)).toEqual(["prints-to-stdout: continue"]);
    const warnings = log.filter(({ level }) => level === "warn");
    expect(warnings.map(({ message }) => message)).toEqual([
      "Extension 'prints-to-stdout' misuses standard output: it printed text on standard output",
    ]);
    expect(statusOf(host, "prints-to-stdout").process?.restartCount).toBe(0);
  },
);

it(verifies("PROC-034") + "text that looks like an unknown header is taken for one", async () => {
  const { host } = await started("prints-to-stdout", ["like-a-header"]);
  for (let n = 0; n < 3; n += 1) expect(await vote(host)).toEqual(["prints-to-stdout: continue"]);
});

it.each(["megabyte-first", "endless-line-first"])(
  verifies("PROC-035") + "over 64 KiB of text before the first frame (%s) fails the load",
  async (mode) => {
    const { host } = await started("prints-to-stdout", [mode]);
    expect(statusOf(host, "prints-to-stdout")).toMatchObject({
      state: "failed",
      diagnostics: [
        {
          code: "HANDSHAKE_NOISE",
          message: expect.stringContaining("over 65536 bytes of text on standard output"),
          hint: expect.stringContaining("standard error"),
        },
      ],
    });
  },
);

it(verifies("PROC-036") + "a megabyte of text after the handshake is skipped", async () => {
  const { host } = await started("prints-to-stdout", ["megabyte-later"]);
  for (let n = 0; n < 3; n += 1) expect(await vote(host)).toEqual(["prints-to-stdout: continue"]);
});

it(verifies("PROC-037") + "an answer that arrives byte by byte is one answer", async () => {
  const { host } = await started("split-at-every-byte");
  expect(await host.emit(call(stop))).toMatchObject({ action: "block", reason: "ünï🦊" });
  expect(await vote(host)).toEqual(["split-at-every-byte: continue"]);
});

it(
  verifies("PROC-038") + "half an answer at the end of a process is no answer: it counts as a crash",
  async () => {
    const { host } = await started("half-frame");
    expect(await vote(host, { half: true })).toEqual(["half-frame: abstained crash"]);
    expect(await vote(host)).toEqual(["half-frame: continue"]);
  },
);

it(
  verifies("PROC-038") +
    "half an answer of a living process costs that answer and does not mute what follows",
  async () => {
    const { host } = await started("half-frame", ["stays"], quickHook(300));
    expect(await vote(host, { half: true })).toEqual(["half-frame: abstained timeout"]);
    const later: string[] = [];
    for (let n = 0; n < 3; n += 1) later.push(...(await vote(host)));
    expect(later.at(-1)).toBe("half-frame: continue");
    expect(statusOf(host, "half-frame").state).toBe("running");
  },
);

it(verifies("PROC-039") + "an answer of over 4 MiB is skipped and said so; the next one counts", async () => {
  const { host, log } = await started("huge-frame", []);
  expect((await host.emit(call({ bytes: 4_000_000 }))).action).toBe("block");
  expect(await vote(host, { bytes: 5_000_000 })).toEqual(["huge-frame: abstained too_large"]);
  expect(log.map(({ message }) => message).join()).toContain("a message of over 4 MiB");
  expect(await vote(host)).toEqual(["huge-frame: continue"]);
});

it(
  verifies("PROC-040") + "replies that nobody asked for and messages that are none are ignored",
  async () => {
    const { host, log } = await started("id-null-replies");
    for (let n = 0; n < 3; n += 1) expect(await vote(host)).toEqual(["id-null-replies: continue"]);
    expect(statusOf(host, "id-null-replies").process?.lateReplies).toBe(0);
    expect(log.map(({ message }) => message).join()).toContain("JSON that is no message");
  },
);

it(verifies("PROC-041") + "JSON that is no result abstains as invalid and restarts nothing", async () => {
  const { host } = await started("non-object-results", []);
  const none = [null, 5, "continue", true, [], {}];
  for (const result of [...none, { action: 7 }, { action: "inject_message" }]) {
    expect(await vote(host, { result }), JSON.stringify(result)).toEqual([
      "non-object-results: abstained invalid",
    ]);
  }
  expect(statusOf(host, "non-object-results")).toMatchObject({
    state: "running",
    process: { restartCount: 0 },
  });
});
