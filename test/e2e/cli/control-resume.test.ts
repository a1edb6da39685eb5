import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { tempDir } from "../../helpers/temp.js";
import { ACTOR, call, writeActor } from "./command.js";
import { FALLS, on, repair, startHost, writeBroken, writeInvalid } from "./control.js";
import { verifies } from "../../requirements/verifies.js";

describe("resume", () => {
  test("starts one that failed and was repaired; before that it says why it failed again", async () => {
    const [folder, base] = [tempDir(), tempDir()];
    const root = writeBroken(folder);
    const host = await startHost(folder, base);
    const again = await on(base, "resume", "broken");
    expect([again.code, again.stdout]).toEqual([1, ""]);
    expect(again.stderr).toMatch(/^error: Extension 'broken' failed again: .*not found.*\nhint: Install /);
    const json = await on(base, "resume", "broken", "--json");
    expect(JSON.parse(json.stderr)).toMatchObject({ error: { code: "SPAWN_COMMAND_NOT_FOUND" } });
    repair(root);
    expect(await on(base, "resume", "broken")).toEqual({
      code: 0,
      stdout: "broken is live again: running\n",
      stderr: "",
    });
    expect((await host.emit(call())).votes).toMatchObject([
      { extension: "broken", verdict: { action: "continue" } },
    ]);
    expect((await on(base, "status", "--check")).code).toBe(0);
    await host.end();
  });

  test(verifies("FAIL-046") + "starts one that is quarantined and was repaired", async () => {
    const [folder, base] = [tempDir(), tempDir()];
    const root = writeActor(folder);
    writeFileSync(join(root, "main.js"), FALLS);
    const host = await startHost(folder, base);
    await host.said("next: quarantine");
    const { stdout } = await on(base, "status");
    expect(stdout).toMatch(/^actor +1\.0\.0 +quarantined +- .*exited with code 9/m);
    expect(stdout).toMatch(
      / {2}error {2}actor is quarantined: .*code 9.*\n {2}hint: .*synaps-ext resume actor\n/,
    );
    const check = await on(base, "status", "--check");
    expect([check.code, check.stdout]).toEqual([
      1,
      expect.stringMatching(/^actor: quarantined: .*code 9.*\n$/),
    ]);
    writeFileSync(join(root, "main.js"), ACTOR);
    const resumed = await on(base, "resume", "actor", "--json");
    expect(resumed.code).toBe(0);
    expect(JSON.parse(resumed.stdout)).toEqual({
      schemaVersion: 1,
      id: "actor",
      state: "degraded",
      already: false,
    });
    expect((await host.emit(call())).votes).toMatchObject([{ verdict: { action: "continue" } }]);
    await host.end();
  });

  test("leaves one alone that is live", async () => {
    const [folder, base] = [tempDir(), tempDir()];
    writeActor(folder);
    const host = await startHost(folder, base);
    const { code, stdout } = await on(base, "resume", "actor");
    expect([code, stdout]).toEqual([0, "actor is live already: running\n"]);
    const json = await on(base, "resume", "actor", "--json");
    expect(JSON.parse(json.stdout)).toMatchObject({ state: "running", already: true });
    await host.end();
  });

  test("waits for one that is being restarted anyway", async () => {
    const [folder, base] = [tempDir(), tempDir()];
    const root = writeActor(folder);
    const host = await startHost(folder, base);
    // It cannot shake hands again before we are there.
    const gate = join(folder, "gate");
    writeFileSync(
      join(root, "main.js"),
      `const open = () => require("fs").existsSync(${JSON.stringify(gate)}) ? main() : setTimeout(open, 5);
       open(); function main() { ${ACTOR} }`,
    );
    const fallen = host.emit(call({ die: true }));
    await host.said("next: restart");
    const resuming = on(base, "resume", "actor");
    writeFileSync(gate, "");
    expect(await resuming).toMatchObject({ code: 0, stdout: expect.stringMatching(/: degraded\n$/) });
    await fallen;
    await host.end();
  });

  test("ends with 3 for what is not there, with 1 for what was never started, and with 2 for a choice", async () => {
    const [folder, base] = [tempDir(), tempDir()];
    writeBroken(folder);
    writeInvalid(folder);
    expect((await on(base, "resume", "broken")).code).toBe(3);
    const hosts = [await startHost(folder, base), await startHost(folder, base)];
    const unknown = await on(base, "resume", "nobody");
    expect([unknown.code, unknown.stderr]).toEqual([
      3,
      expect.stringContaining("There are: broken, invalid."),
    ]);
    expect((await on(base, "resume", "invalid")).code).toBe(1);
    const choice = await on(base, "resume", "broken");
    expect([choice.code, choice.stderr]).toEqual([2, expect.stringContaining(`--pid ${hosts[0]?.pid}`)]);
    await Promise.all(hosts.map((host) => host.end()));
  });
});
