import { join } from "node:path";
import type { LoadEvent } from "@synaps/host";
import { expect, it } from "vitest";
import { variant } from "../../e2e/host/support/fixture.js";
import { testHost } from "../../helpers/hosts.js";
import { tempDir, writeExtension, writeJson } from "../../helpers/temp.js";
import { verifies } from "../../requirements/verifies.js";

const brief = (event: LoadEvent): string => {
  switch (event.type) {
    case "started":
      return "started";
    case "loaded":
      return `loaded ${event.extension} ${event.loaded}/${event.failed}`;
    case "failed":
      return `failed ${event.failure.extension} ${event.failure.code} ${event.loaded}/${event.failed}`;
    case "aborted":
      return `aborted ${event.problem.code}`;
    case "finished":
      return `finished ${event.loaded.join()} | ${event.failed.map(({ extension }) => extension).join()}`;
  }
};

/** One good, one that cannot be started, one whose manifest is wrong, one that is switched off. */
function places(): { baseDir: string; projectDir: string } {
  const [baseDir, projectDir] = [tempDir(), tempDir()];
  const plugins = join(baseDir, "plugins");
  variant(plugins, "echoes-votes", { id: "fine" });
  variant(plugins, "echoes-votes", { id: "missing", extension: { command: "./none" } });
  variant(plugins, "echoes-votes", { id: "off" });
  writeExtension(plugins, "broken", "{");
  variant(join(projectDir, ".synaps", "plugins"), "echoes-votes", { id: "guest" });
  writeJson(join(baseDir, "config"), "disabled_plugins = off\n");
  return { baseDir, projectDir };
}

it(verifies("LIFE-001", "LIFE-005") + "a start is told from beginning to end", async () => {
  const where = places();
  const { host } = testHost({
    ...where,
    limits: { startConcurrency: 1, startTurnMs: 60_000, startMs: 60_000 },
  });
  const events: LoadEvent[] = [];
  host.onLoad((event) => void events.push(event));
  expect(host.loadResult.state).toBe("not_started");
  await host.start();
  expect(events.map(brief)).toEqual([
    "started",
    "failed broken MANIFEST_NOT_JSON 0/1",
    "failed guest CONSENT_PENDING 0/2",
    "loaded fine 1/2",
    "failed missing SPAWN_COMMAND_NOT_FOUND 1/3",
    "finished fine | broken,guest,missing",
  ]);
  expect(host.loadResult).toMatchObject({ state: "done", loaded: ["fine"] });
  const failure = host.loadResult.failed.find(({ extension }) => extension === "missing");
  expect(failure).toEqual({
    extension: "missing",
    manifestPath: join(where.baseDir, "plugins", "missing", ".synaps-plugin", "plugin.json"),
    code: "SPAWN_COMMAND_NOT_FOUND",
    reason: expect.stringContaining("not found"),
    hint: expect.stringMatching(/\S/),
  });
});

it(verifies("LIFE-005") + "one that is still quarantined is told as failed, with its past", async () => {
  const where = places();
  const root = join(where.baseDir, "plugins", "fine");
  writeJson(join(where.baseDir, "extensions", "quarantine.json"), {
    version: 1,
    quarantined: { [root]: { since: Date.now(), reason: "it fell and fell" } },
  });
  const { host } = testHost(where);
  await host.start();
  expect(host.loadResult.failed).toContainEqual({
    extension: "fine",
    manifestPath: join(root, ".synaps-plugin", "plugin.json"),
    code: "EXTENSION_QUARANTINED",
    reason: "Extension 'fine' is quarantined because it crashed too often: it fell and fell",
    hint: expect.stringContaining("synaps-ext resume fine"),
  });
});

it(
  verifies("LIFE-002", "LIFE-003") + "latecomers hear everything; one that throws harms nobody",
  async () => {
    const { host, log } = testHost(places());
    const [early, late]: [string[], string[]] = [[], []];
    host.onLoad(() => {
      throw new Error("a listener of the program fell over");
    });
    const off = host.onLoad((event) => void early.push(brief(event)));
    await host.start();
    host.onLoad((event) => void late.push(brief(event)));
    off();
    expect(late).toEqual(early);
    expect(late.at(-1)).toMatch(/^finished/);
    expect(log.find(({ message }) => message.startsWith("a listener for the start"))?.fields).toEqual({
      reason: "a listener of the program fell over",
      count: 1,
    });
  },
);

it(verifies("LIFE-004") + "a second start starts nothing and resolves like the first", async () => {
  const { host } = testHost(places());
  const [one, two] = [host.start(), host.start()];
  expect(two).toBe(one);
  await two;
  const pids = (): unknown[] => host.snapshot().extensions.map(({ process: it }) => it?.pid);
  const before = pids();
  await host.start();
  expect(pids()).toEqual(before);
  expect(host.loadResult.loaded).toEqual(["fine"]);
});
