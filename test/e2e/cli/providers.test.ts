import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { tempDir } from "../../helpers/temp.js";
import { verifies } from "../../requirements/verifies.js";
import { variant } from "../host/support/fixture.js";
import { cli } from "./command.js";

interface Place {
  flags: string[];
  trust: string;
}

/** A folder with an extension that offers two providers, and an empty base folder. */
function place(): Place {
  const dir = tempDir();
  const base = tempDir();
  variant(dir, "offers-models", { args: [tempDir()] });
  return {
    flags: ["--extensions-dir", dir, "--base-dir", base],
    trust: join(base, "extensions", "trust.json"),
  };
}

const providers = ({ flags }: Place, ...args: readonly string[]) => cli(["providers", ...args, ...flags]);

describe(verifies("PROV-072") + "providers", () => {
  test("list shows each provider, and the record of those that are off", async () => {
    const here = place();
    const { code, stdout } = await providers(here, "list");
    expect(code).toBe(0);
    expect(stdout.split("\n").map((line) => line.split(/ {2,}/).slice(0, 4))).toEqual([
      ["PROVIDER", "USED", "MODELS", "NAME OR REASON"],
      ["offers-models:another", "on", "only", "Another"],
      ["offers-models:local", "on", "whole,flow,bare", "Local models"],
      [""],
    ]);
    mkdirSync(join(here.trust, ".."), { recursive: true });
    writeFileSync(here.trust, JSON.stringify({ disabled: { "gone:x": { disabled: true, reason: "old" } } }));
    const listed = JSON.parse((await providers(here, "list", "--json")).stdout) as { providers: object[] };
    expect(listed).toMatchObject({ schemaVersion: 1, file: here.trust });
    expect(listed.providers).toMatchObject([
      { id: "offers-models:another", disabled: false, reason: null, offered: true, models: [{ id: "only" }] },
      { id: "offers-models:local" },
      { id: "gone:x", disabled: true, reason: "old", offered: false },
    ]);
  });

  test("disable and enable change the record, once, and say what was so already", async () => {
    const here = place();
    const off = await providers(here, "disable", "offers-models:local", "--reason", "too slow");
    expect([off.code, off.stdout.split("\n")[0]]).toEqual([
      0,
      `Switched offers-models:local off in ${here.trust}`,
    ]);
    expect(JSON.parse(readFileSync(here.trust, "utf8"))).toEqual({
      disabled: { "offers-models:local": { disabled: true, reason: "too slow" } },
    });
    expect((await providers(here, "list")).stdout).toMatch(/offers-models:local +off +\S+ +too slow/);
    const again = await providers(here, "disable", "offers-models:local", "--json");
    expect(JSON.parse(again.stdout)).toMatchObject({ disabled: true, changed: false });
    expect((await providers(here, "enable", "offers-models:local")).code).toBe(0);
    const on = await providers(here, "enable", "offers-models:local");
    expect(on.stdout).toContain("is switched on already");
  });

  test("a provider that nobody knows is not found, with the one that was meant", async () => {
    const here = place();
    const { code, stdout, stderr } = await providers(here, "disable", "offers-models:locale");
    expect([code, stdout]).toEqual([3, ""]);
    expect(stderr).toContain("Did you mean 'offers-models:local'?");
    expect(() => readFileSync(here.trust)).toThrow();
  });

  test("wrong use and a broken record end with their own codes", async () => {
    const here = place();
    expect((await providers(here, "disable")).code).toBe(2);
    expect((await providers(here, "list", "x:y")).code).toBe(2);
    expect((await providers(here, "enable", "x:y", "--reason", "z")).code).toBe(2);
    mkdirSync(join(here.trust, ".."), { recursive: true });
    writeFileSync(here.trust, "{");
    for (const args of [["list"], ["disable", "offers-models:local"]]) {
      const { code, stderr } = await providers(here, ...args);
      expect(code).toBe(1);
      expect(stderr).toContain(here.trust);
    }
    expect(readFileSync(here.trust, "utf8")).toBe("{");
  });
});
