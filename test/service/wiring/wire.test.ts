import { existsSync, lstatSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { unwire } from "@synaps/service/wiring";
import { describe, expect, it } from "vitest";
import { verifies } from "../../requirements/verifies.js";
import { CONFIGURATIONS } from "./configurations.js";
import { place, stateOf, wiredWith, write } from "./place.js";

describe(verifies("WIRING-001") + "wire and unwire", () => {
  it.each(CONFIGURATIONS)("$agent, $name: byte for byte as before", async (configuration) => {
    const surroundings = place();
    const file = write(surroundings, configuration);
    const { agent, linkTo } = configuration;
    const before = stateOf(file);
    const folders = readdirSync(surroundings.home).sort();

    const open = await wiredWith(surroundings, agent);
    expect([open.file, open.changed, open.mode]).toEqual([file, true, "open"]);
    const first = stateOf(file);
    expect(first?.text.length).toBeGreaterThan(before?.text.length ?? 0);
    expect(first?.mode).toBe(before?.mode ?? "644");

    const again = await wiredWith(surroundings, agent);
    expect([again.changed, stateOf(file)]).toEqual([false, first]);

    const closed = await wiredWith(surroundings, agent, { mode: "closed" });
    expect(closed.closed.length).toBeGreaterThan(0);
    expect(stateOf(file)?.text).not.toBe(first?.text);

    const back = await unwire(surroundings, agent, "user");
    expect(back.files.map(({ how }) => how)).toContain(before ? "restored" : "removed");
    expect(stateOf(file)).toEqual(before);
    expect(readdirSync(surroundings.home).sort()).toEqual(folders);
    if (linkTo !== undefined) expect(lstatSync(file).isSymbolicLink()).toBe(true);
    expect(existsSync(join(surroundings.baseDir, "extensions", "agents", "hook"))).toBe(false);
  });
});
