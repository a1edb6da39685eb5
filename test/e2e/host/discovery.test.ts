import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { HostOptions } from "@synaps/host";
import { collectInventory, consentRecord, ConsentStore, settingsOf } from "@synaps/host/tooling";
import { expect, it } from "vitest";
import { testHost } from "../../helpers/hosts.js";
import { tempDir, writeExtension, writeJson } from "../../helpers/temp.js";
import { verifies } from "../../requirements/verifies.js";
import { call, gone, statusOf, told, variant, votes } from "./support/fixture.js";

interface Places {
  baseDir: string;
  projectDir: string;
  user: string;
  project: string;
}

function places(): Places {
  const [baseDir, projectDir] = [tempDir(), tempDir()];
  return {
    baseDir,
    projectDir,
    user: join(baseDir, "plugins"),
    project: join(projectDir, ".synaps", "plugins"),
  };
}

async function started({ baseDir, projectDir }: Places, options: HostOptions = {}) {
  const made = testHost({ baseDir, projectDir, ...options });
  await made.host.start();
  return made;
}

/** Approves everything that waits for consent, as the user does after reading it. */
async function approve({ baseDir, projectDir }: Places): Promise<void> {
  const found = await collectInventory({ ...settingsOf({ baseDir, projectDir }), nowMs: 0 });
  const store = new ConsentStore(baseDir);
  const records = await store.read();
  for (const { extension, root, coverage } of found) {
    if (extension && coverage) records.set(root, consentRecord(extension, coverage.hash, 0));
  }
  await store.write(records);
}

it(verifies("E2E-014") + "an extension in the user's folder is found, loaded, asked and ended", async () => {
  const where = places();
  variant(where.user, "tells-itself");
  const { host } = await started(where);
  const { pid, initialize } = told(await host.emit(call()));
  expect(initialize).toMatchObject({
    plugin_id: "tells-itself",
    plugin_root: join(where.user, "tells-itself"),
  });
  await host.stop();
  await gone(Number(pid));
});

it(verifies("DISC-007") + "load order is the folder names' over all named folders", async () => {
  const [one, two] = [tempDir(), tempDir()];
  for (const [folder, id] of [
    [two, "a"],
    [one, "b"],
    [two, "c"],
    [one, "B"],
  ] as const)
    variant(folder, "echoes-votes", { id });
  const { host } = testHost({ folders: [one, two] });
  await host.start();
  expect(votes(await host.emit(call()))).toEqual([
    "B: continue",
    "a: continue",
    "b: continue",
    "c: continue",
  ]);
});

it(verifies("DISC-008") + "extensions that the user disabled are not started", async () => {
  const where = places();
  for (const id of ["one", "two", "three"]) variant(where.user, "echoes-votes", { id });
  writeJson(join(where.baseDir, "config"), 'disabled_plugins = ["one", three]\n');
  const { host } = await started(where);
  expect(votes(await host.emit(call()))).toEqual(["two: continue"]);
  expect(statusOf(host, "one")).toMatchObject({ state: "disabled", process: undefined, diagnostics: [] });
});

it(verifies("DISC-009") + "an extension whose setup failed is not started and says so", async () => {
  const where = places();
  for (const id of ["broken", "fine"]) variant(where.user, "echoes-votes", { id });
  writeJson(join(where.baseDir, "plugins.json"), {
    installed: [
      { name: "broken", setup_status: "failed" },
      { name: "fine", setup_status: "ok" },
    ],
  });
  const { host } = await started(where);
  expect(votes(await host.emit(call()))).toEqual(["fine: continue"]);
  expect(statusOf(host, "broken")).toMatchObject({
    state: "invalid",
    diagnostics: [{ code: "SETUP_FAILED", hint: "Run it again: synaps-ext setup broken" }],
  });
});

it(
  verifies("E2E-015") + "a project's extension takes the place of the user's of that name only once approved",
  async () => {
    const where = places();
    variant(where.user, "tells-itself", { id: "guard", args: ["user"] });
    variant(where.project, "tells-itself", { id: "guard", args: ["project"] });
    const before = await started(where);
    const { argv } = told(await before.host.emit(call()));
    expect((argv as string[])[2]).toBe("user");
    expect(
      before.host.snapshot().extensions.map(({ state, diagnostics }) => [state, diagnostics[0]?.code]),
    ).toEqual([
      ["running", undefined],
      ["pending_consent", "CONSENT_PENDING"],
    ]);
    await before.host.stop();
    await approve(where);
    const after = await started(where);
    const outcome = await after.host.emit(call());
    expect(votes(outcome)).toEqual(["guard: modify"]);
    expect((told(outcome)["argv"] as string[])[2]).toBe("project");
  },
);

it(verifies("DISC-010") + "code of a project that changed after its approval waits again", async () => {
  const where = places();
  const root = variant(where.project, "echoes-votes");
  await approve(where);
  const first = await started(where);
  expect(statusOf(first.host, "echoes-votes").state).toBe("running");
  await first.host.stop();
  writeFileSync(join(root, "new-code.js"), "");
  const second = await started(where);
  expect(statusOf(second.host, "echoes-votes")).toMatchObject({
    state: "pending_consent",
    diagnostics: [{ message: expect.stringContaining("changed since it was approved") }],
  });
});

it(verifies("DISC-011") + "SYNAPS_DISABLE_PROJECT_PLUGINS leaves the project's folder alone", async () => {
  const where = places();
  variant(where.project, "echoes-votes");
  await approve(where);
  const ids = async (value: string | undefined): Promise<string[]> => {
    const env = { ...process.env, SYNAPS_DISABLE_PROJECT_PLUGINS: value };
    const found = await collectInventory({
      ...settingsOf({ baseDir: where.baseDir, projectDir: where.projectDir, env }),
      nowMs: 0,
    });
    return found.map(({ id }) => id);
  };
  for (const value of ["1", "true", " YES ", "on"]) expect(await ids(value)).toEqual([]);
  for (const value of [undefined, "", "0", "false", "off"])
    expect(await ids(value)).toEqual(["echoes-votes"]);
});

it(verifies("DISC-012") + "SYNAPS_BASE_DIR moves the user's folder", () => {
  expect(settingsOf({ env: { SYNAPS_BASE_DIR: "/elsewhere" } }).baseDir).toBe("/elsewhere");
  expect(settingsOf({ env: {} }).baseDir).toMatch(/\.synaps-cli$/);
});

it(verifies("DISC-013") + "without any folder the host runs, with nothing in it", async () => {
  const { host } = await started(places());
  expect(host.snapshot().extensions).toEqual([]);
  expect((await host.emit(call())).action).toBe("continue");
});

it(verifies("E2E-016") + "a manifest without the deferred block starts at once, as ever", async () => {
  const where = places();
  variant(where.user, "echoes-votes");
  const { host } = await started(where);
  expect(statusOf(host, "echoes-votes")).toMatchObject({ state: "running", process: { restartCount: 0 } });
});

it(verifies("DISC-014") + "plugins that are no extensions are passed over without a word", async () => {
  const where = places();
  writeExtension(where.user, "skills", JSON.stringify({ name: "skills", skills: [] }));
  mkdirSync(join(where.user, "notes"));
  variant(where.user, "echoes-votes");
  const { host, log } = await started(where);
  expect(host.snapshot().extensions.map(({ id }) => id)).toEqual(["echoes-votes"]);
  expect(log.filter(({ level }) => level === "warn" || level === "error")).toEqual([]);
});

it(
  verifies("TRUST-012") + "names that differ only in capitals or Unicode form are told, and both run",
  async () => {
    const where = places();
    for (const id of ["guard", "Guard", "caf\u00e9", "cafe\u0301"])
      variant(where.user, "echoes-votes", { id });
    const { host } = await started(where);
    expect(host.loadResult.loaded.length).toBe(4);
    const similar = host
      .snapshot()
      .extensions.flatMap(({ diagnostics }) => diagnostics)
      .filter(({ code }) => code === "MANIFEST_SIMILAR_ID");
    expect(similar.map(({ message }) => message.match(/'[^']+'/g))).toEqual([
      ["'caf\u00e9'", "'cafe\u0301'"],
      ["'guard'", "'Guard'"],
    ]);
  },
);
