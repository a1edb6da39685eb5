import { resolveImport, type Source } from "./sources.js";

const ROOT = "packages/host/src/";

/** From the highest room to the lowest: each may import those behind it. */
export const ROOMS = ["surfaces", "dispatch", "delivery", "supervision", "transport", "time"];

/** Rooms beside the row. Every room may import them; they import nothing but `time` and the basics. */
export const SHARED = ["loading", "observe", "json-schema"];

/** Files at the top that every file may import. */
export const BASICS = ["errors.ts", "logger.ts", "options.ts", "text-bounds.ts", "listeners.ts", "lines.ts"];

/** Files that wire the rooms. They may import everything, and nothing but each other may import them. */
export const WIRING = ["host.ts", "index.ts", "tooling.ts", "settings.ts"];

/** The socket of a running host: only the wiring knows it, and it knows interfaces of these rooms. */
const CONTROL = "control";
const CONTROL_MAY_IMPORT = ["supervision", "transport", "time"];

/** The room of a file below `packages/host/src`: its first folder, or its name when it stands at the top. */
export function roomOf(path: string): string {
  return path.slice(ROOT.length).split("/")[0] ?? "";
}

export function mayImport(from: string, to: string): boolean {
  if (from === to || WIRING.includes(from)) return true;
  if (BASICS.includes(to)) return true;
  if (BASICS.includes(from) || SHARED.includes(from)) return to === "time";
  if (from === CONTROL) return CONTROL_MAY_IMPORT.includes(to) || SHARED.includes(to);
  const place = ROOMS.indexOf(from);
  if (place < 0) return false;
  return (SHARED.includes(to) && from !== "time") || ROOMS.indexOf(to) > place;
}

/** Imports that go up or sideways, type imports included, as "file -> file". */
export function wrongWay(sources: readonly Source[]): string[] {
  return sources.flatMap((source) =>
    source.imports
      .flatMap((one) => resolveImport(source, one) ?? [])
      .filter((target) => !mayImport(roomOf(source.path), roomOf(target)))
      .map((target) => `${source.path.slice(ROOT.length)} -> ${target.slice(ROOT.length)}`),
  );
}

/** Cycles of imports, each as a path of files; empty exactly when there is none. */
export function cyclesIn(sources: readonly Source[], { types }: { types: boolean }): string[] {
  const edges = new Map(
    sources.map((source) => [
      source.path,
      source.imports
        .filter(({ typeOnly }) => types || !typeOnly)
        .flatMap((one) => resolveImport(source, one) ?? []),
    ]),
  );
  const done = new Set<string>();
  const cycles: string[] = [];
  const visit = (path: string, way: readonly string[]): void => {
    if (way.includes(path)) cycles.push([...way.slice(way.indexOf(path)), path].join(" -> "));
    if (way.includes(path) || done.has(path)) return;
    for (const next of edges.get(path) ?? []) visit(next, [...way, path]);
    done.add(path);
  };
  for (const path of edges.keys()) visit(path, []);
  return cycles;
}
