import { readdirSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { repo } from "../helpers/paths.js";
import { BASICS, ROOMS, SHARED, WIRING, cyclesIn, mayImport, roomOf, wrongWay } from "./layers.js";
import { resolveImport, sourcesIn, type Source } from "./sources.js";

const host = sourcesIn(["packages/host/src"]);

/** Pairs of rooms that are still to be parted. The list only gets shorter. */
const KNOWN_WRONG: readonly string[] = [];

/** Rooms in which a cycle of files is still known. */
const KNOWN_CYCLES: readonly string[] = [];

/** The sources with one import added: of the first file of `from`, a type of the first file of `to`. */
function withImport(from: string, to: string): Source[] {
  const [importer] = host.filter(({ path }) => roomOf(path) === from);
  const [target] = host.filter(({ path }) => roomOf(path) === to);
  if (!importer || !target) throw new Error(`no file in ${from} or ${to}`);
  const up = "../".repeat(importer.path.split("/").length - 4) || "./";
  const path = up + target.path.slice("packages/host/src/".length).replace(/\.ts$/, ".js");
  const added = { from: path, typeOnly: true };
  expect(resolveImport(importer, added)).toBe(target.path);
  return host.map((one) => (one === importer ? { ...one, imports: [...one.imports, added] } : one));
}

describe("the rooms of the host", () => {
  it("import in one direction only, types included", () => {
    const pairs = wrongWay(host).filter((wrong) => {
      const [from = "", to = ""] = wrong.split(" -> ").map((path) => path.split("/")[0] ?? "");
      return !KNOWN_WRONG.includes(`${from} -> ${to}`) && !KNOWN_WRONG.includes(from);
    });
    expect(pairs).toEqual([]);
  });

  it("import without cycles, types included", () => {
    const cycles = cyclesIn(host, { types: true });
    expect(cycles.filter((cycle) => !KNOWN_CYCLES.includes(roomOf(cycle.split(" -> ")[0] ?? "")))).toEqual(
      [],
    );
  });

  const pairs = ROOMS.flatMap((high, place) => ROOMS.slice(place + 1).map((low) => [low, high] as const));
  const beside = SHARED.flatMap((shared) => [
    ...ROOMS.filter((room) => room !== "time").map((room) => [shared, room] as const),
    ...[...SHARED, "control"].filter((other) => other !== shared).map((other) => [shared, other] as const),
  ]);
  const top = [...ROOMS, ...SHARED, ...BASICS.slice(0, 3), "control"].flatMap((room) =>
    WIRING.map((file) => [room, file] as const),
  );
  const control = [...ROOMS, "errors.ts"].map((room) => [room, "control"] as const);

  it.each([...pairs, ...beside, ...top, ...control])(
    "an import of %s turned round, from %s, is noticed",
    (from, to) => {
      expect(mayImport(from, to)).toBe(false);
      const before = wrongWay(host);
      expect(wrongWay(withImport(from, to)).length).toBe(before.length + 1);
    },
  );

  it("turns an import into a cycle when it goes both ways, and the search for cycles finds it", () => {
    const edge = host
      .flatMap((source) => source.imports.map((one) => [source, resolveImport(source, one)] as const))
      .find(([{ path }, to]) => roomOf(path) === "dispatch" && to !== undefined && roomOf(to) === "delivery");
    const [importer, target = ""] = edge ?? [];
    if (!importer) throw new Error("dispatch imports nothing of delivery");
    const back = `../${importer.path.slice("packages/host/src/".length).replace(/\.ts$/, ".js")}`;
    const turned = host.map((one) =>
      one.path === target ? { ...one, imports: [...one.imports, { from: back, typeOnly: true }] } : one,
    );
    const found = cyclesIn(turned, { types: true }).filter((cycle) => cycle.includes(importer.path));
    expect(found).not.toEqual([]);
    expect(found.some((cycle) => cycle.includes(`${importer.path} -> ${target}`))).toBe(true);
  });

  it("are about twenty entries, each with a place in the order", () => {
    const entries = readdirSync(repo("packages/host/src"));
    const placed = [...ROOMS, ...SHARED, ...BASICS, ...WIRING, "control"];
    const unplaced = entries.filter((name) => !placed.includes(name) && !KNOWN_WRONG.includes(name));
    expect(unplaced).toEqual([]);
    expect(entries.length).toBeLessThanOrEqual(20);
  });
});
