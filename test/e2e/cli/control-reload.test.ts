import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { tempDir } from "../../helpers/temp.js";
import { verifies } from "../../requirements/verifies.js";
import { ACTOR, call, writeActor } from "./command.js";
import { on, startHost } from "./control.js";

describe("reload", () => {
  test(verifies("LIFE-030") + "a running host takes the new code; bad code changes nothing", async () => {
    const [folder, base] = [tempDir(), tempDir()];
    const root = writeActor(folder);
    const host = await startHost(folder, base);
    writeFileSync(join(root, "main.js"), "process.exit(3)");
    const failed = await on(base, "reload", "actor");
    expect([failed.code, failed.stdout]).toEqual([1, ""]);
    expect(failed.stderr).toMatch(/^error: Extension 'actor' was not reloaded: .*code 3.*\nhint: /);
    expect((await host.emit(call())).votes).toMatchObject([
      { extension: "actor", verdict: { action: "continue" } },
    ]);
    writeFileSync(join(root, "main.js"), ACTOR);
    expect(await on(base, "reload", "actor")).toEqual({
      code: 0,
      stdout: "actor 1.0.0 was reloaded: running\n",
      stderr: "",
    });
    expect((await host.emit(call())).votes).toMatchObject([
      { extension: "actor", verdict: { action: "continue" } },
    ]);
    await host.end();
  });

  test(verifies("LIFE-030") + "its answer as JSON, and an id that no host has", async () => {
    const [folder, base] = [tempDir(), tempDir()];
    writeActor(folder);
    const host = await startHost(folder, base);
    const json = await on(base, "reload", "actor", "--json");
    expect(JSON.parse(json.stdout)).toEqual({
      schemaVersion: 1,
      id: "actor",
      state: "running",
      version: "1.0.0",
    });
    const unknown = await on(base, "reload", "actr");
    expect([unknown.code, unknown.stderr]).toEqual([
      3,
      "error: No running host has an extension 'actr'\nhint: Did you mean 'actor'?\n",
    ]);
    await host.end();
  });

  test(verifies("LIFE-031") + "4 when the code is not approved, and 0 after approve", async () => {
    const base = tempDir();
    const root = writeActor(join(base, "plugins"));
    const host = await startHost("", base);
    writeFileSync(join(base, "config"), "consent = strict\n");
    writeFileSync(join(root, "more.js"), "");
    const waits = await on(base, "reload", "actor", "--json");
    expect(waits.code).toBe(4);
    expect(JSON.parse(waits.stderr)).toMatchObject({ error: { code: "CONSENT_PENDING" } });
    expect((await on(base, "approve", "actor", "--yes")).code).toBe(0);
    expect((await on(base, "reload", "actor")).code).toBe(0);
    expect((await host.emit(call())).votes).toMatchObject([
      { extension: "actor", verdict: { action: "continue" } },
    ]);
    await host.end();
  });
});
