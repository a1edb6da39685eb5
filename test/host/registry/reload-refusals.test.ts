import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { section } from "../../helpers/manifests.js";
import { tempDir, writeExtension } from "../../helpers/temp.js";
import { LAZY, MISSING, refusal, registry } from "./registry-kit.js";

describe("a reload", () => {
  it("puts the newest content of the folder in the place of the old", async () => {
    const { registry: made, reloader, write } = registry({ a: LAZY });
    await made.load();
    const before = made.require("a");
    const told: string[] = [];
    made.onMembers(({ type, extension }) => void told.push(`${type} ${extension.id}`));
    made.onState(({ id }, from, to) => void told.push(`${id}: ${from} ${to}`));
    write("a", { ...LAZY, command: "./other" });
    await reloader.reload("a");
    const after = made.require("a");
    expect([after === before, before.successor === after]).toEqual([false, true]);
    expect(after.loaded.command).toContain("other");
    expect(told).toEqual(["replaced a", "a: loaded stopped"]);
    expect([after.state, before.stopRequested]).toEqual(["loaded", true]);
  });

  it("that fails leaves the old one as it was", async () => {
    const { registry: made, reloader, write, manifest } = registry({ a: LAZY });
    await made.load();
    const before = made.require("a");
    write("a", MISSING);
    expect(await refusal(reloader.reload("a"))).toMatchObject({ code: "SPAWN_COMMAND_NOT_FOUND" });
    writeFileSync(manifest("a"), JSON.stringify({ name: "a", extension: section({ command: 5 }) }));
    expect(await refusal(reloader.reload("a"))).toMatchObject({
      code: "MANIFEST_INVALID",
      message: "Failed to parse extension manifest: Invalid input: expected string, received number",
      hint: expect.any(String),
    });
    expect(made.require("a")).toBe(before);
    expect([before.stopRequested, before.successor]).toEqual([false, undefined]);
  });

  it("of what is not there names what is", async () => {
    const { registry: made, reloader, folder } = registry({ a: LAZY, b: LAZY });
    await made.load();
    const unknown = { code: "EXTENSION_NOT_FOUND", hint: "Known: a, b." };
    expect(await refusal(reloader.reload("none"))).toMatchObject(unknown);
    rmSync(join(folder, "a"), { recursive: true });
    expect(await refusal(reloader.reload("a"))).toMatchObject(unknown);
    expect(await refusal(reloader.unload("none"))).toMatchObject(unknown);
  });

  it("is refused when the user switched the extension off", async () => {
    const [baseDir, projectDir] = [tempDir(), tempDir()];
    writeExtension(join(baseDir, "plugins"), "a", LAZY);
    const options = { baseDir, projectDir, folders: undefined as never };
    const { registry: made, reloader } = registry({}, options);
    await made.load();
    expect(made.all()).toHaveLength(1);
    writeFileSync(join(baseDir, "config"), "disabled_plugins = a\n");
    expect(await refusal(reloader.reload("a"))).toEqual({
      code: "EXTENSION_DISABLED",
      message: "Extension 'a' is switched off by the user",
      hint: "Take it out of disabled_plugins in the user's configuration.",
    });
  });

  it("accepts a new folder of the user, unless only approved ones may come", async () => {
    const [baseDir, projectDir] = [tempDir(), tempDir()];
    const { registry: made, reloader } = registry({}, { baseDir, projectDir, folders: undefined as never });
    await made.load();
    writeExtension(join(baseDir, "plugins"), "a", LAZY);
    const waits = (await refusal(reloader.reload("a", { onlyApproved: true }))) as { hint: unknown };
    expect(waits).toMatchObject({ code: expect.stringMatching(/CONSENT/) });
    expect([typeof waits.hint, made.all()]).toEqual(["string", []]);
    await reloader.reload("a");
    expect(made.all().map(({ id }) => id)).toEqual(["a"]);
  });

  it("is refused once the host is to stop", async () => {
    const { registry: made, reloader } = registry({ a: LAZY });
    await made.load();
    await made.stop(Promise.resolve());
    expect(await refusal(reloader.reload("a"))).toEqual({
      code: "HOST_STOPPED",
      message: "The host was stopped",
      hint: "Create a new host.",
    });
  });

  it("that a stop cuts short fails as stopped, and joins nothing", async () => {
    const { registry: made, reloader } = registry({ a: LAZY });
    await made.load();
    const before = made.require("a");
    const reloading = refusal(reloader.reload("a"));
    await made.stop(Promise.resolve());
    expect(await reloading).toMatchObject({ code: "HOST_STOPPED" });
    expect(made.require("a")).toBe(before);
  });
});

describe("an unload", () => {
  it("lets everybody forget the member before its process ends", async () => {
    const { registry: made, reloader } = registry({ a: LAZY, b: LAZY });
    await made.load();
    const extension = made.require("a");
    const seen: unknown[] = [];
    made.onMembers(({ type }) => seen.push([type, extension.state, made.get("a")]));
    await reloader.unload("a");
    expect(seen).toEqual([["removed", "loaded", undefined]]);
    expect([extension.state, made.status().map(({ id }) => id)]).toEqual(["stopped", ["b"]]);
  });
});
