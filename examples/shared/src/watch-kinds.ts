import { setTimeout as pause } from "node:timers/promises";
import type { Host } from "@synaps/host";
import type { Catalog } from "@synaps/sdk/protocol";
import { tableOf } from "./table.js";
import { seenBy, WITNESSES } from "./witnesses.js";

/** How long events that nobody waits for may take to arrive before the books are closed. */
const SETTLE_MS = 10_000;
const LOOK_MS = 10;

/** Counts of one kind by a witness; undefined if the witness does not run. */
export interface SeenBy {
  python: ReadonlyMap<string, number> | undefined;
  typescript: ReadonlyMap<string, number> | undefined;
}

/** Counts the events of a catalog, by kind and by what was going on. */
export interface KindWatch {
  /** Does some work, and books every event of it under this name, also those that nobody waits for. */
  onPath<T>(path: string, work: () => T | Promise<T>): Promise<T>;
  /** Asks the witnesses. Ask before the host stops: events of the stop itself are in `fired` alone. */
  seen(): Promise<SeenBy>;
  /** The table: kind, how often it fired, seen by whom, on which paths. */
  table(seen: SeenBy): string;
  /** Kinds of the catalog that never fired, or that a running witness never saw. */
  missing(seen: SeenBy): string[];
}

/** Follows a host from now on. */
export function watchKinds(host: Host, { kinds }: Catalog): KindWatch {
  const names = Object.keys(kinds);
  const fired = new Map(names.map((kind) => [kind, new Map<string, number>()]));
  let path = "start";
  host.on("outcome", ({ kind }) => {
    const paths = fired.get(kind);
    paths?.set(path, (paths.get(path) ?? 0) + 1);
  });
  const total = (kind: string): number =>
    [...(fired.get(kind) ?? new Map<string, number>()).values()].reduce((sum, times) => sum + times, 0);
  return {
    async onPath(name, work) {
      const before = path;
      path = name;
      try {
        return await work();
      } finally {
        await settled(host);
        path = before;
      }
    },
    async seen() {
      await settled(host);
      const [python, typescript] = await Promise.all(
        [WITNESSES.python, WITNESSES.typescript].map((witness) => seenBy(host, witness)),
      );
      return { python, typescript };
    },
    table: ({ python, typescript }) =>
      tableOf(
        ["kind", "fired", "Python", "TypeScript", "on which path"],
        names.map((kind) => [
          kind,
          total(kind),
          python ? (python.get(kind) ?? 0) : "absent",
          typescript ? (typescript.get(kind) ?? 0) : "absent",
          [...(fired.get(kind) ?? [])].map(([name, times]) => `${name} ${times}`).join(", "),
        ]),
      ),
    missing: ({ python, typescript }) =>
      names.filter(
        (kind) => total(kind) === 0 || [python, typescript].some((counts) => counts && !counts.has(kind)),
      ),
  };
}

/** Resolves once every event that concerned somebody has its votes, or when it takes too long. */
async function settled(host: Host): Promise<void> {
  await host.settled();
  for (let waitedMs = 0; waitedMs < SETTLE_MS; waitedMs += LOOK_MS) {
    const open = host
      .snapshot()
      .subscriptions.some(
        ({ matched, voted, abstained, notReached }) => matched !== voted + abstained + notReached,
      );
    if (!open) return;
    await pause(LOOK_MS);
  }
}
