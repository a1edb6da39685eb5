import { findHosts, type LoadEvent } from "@synaps/host";
import { expect, it } from "vitest";
import { call, gone, variant } from "../e2e/host/support/fixture.js";
import { testHost } from "../helpers/hosts.js";
import { tempDir } from "../helpers/temp.js";

/** A small generator with a seed, so that a failure can be repeated: run the test with the seed of its name. */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

const IDS = ["a", "b", "c"];
const OPERATIONS = 60;
const SEEDS = [1, 2, 3, Date.now() % 1_000_000];

it.each(SEEDS)("lifecycle calls in any order keep their promises (seed %d)", async (seed) => {
  const random = randomOf(seed);
  const [folder, baseDir] = [tempDir(), tempDir()];
  for (const id of IDS) variant(folder, "exits-on-event", { id, args: ["on-request"] });
  const limits = { crashBudget: 3, quarantineProbeMs: 50, restartResetMs: 100, drainMs: 300 };
  const { host, log } = testHost({ folders: [folder], baseDir, limits, control: true, random });
  const events: LoadEvent[] = [];
  host.onLoad((event) => void events.push(event));
  const pids = new Set<number>();
  const pending: Promise<unknown>[] = [];
  /** Errors are fine as long as each has a code; anything else is a defect. */
  const note = (work: Promise<unknown>): void => {
    pending.push(
      work.catch((error: unknown) => {
        expect(error).toMatchObject({ code: expect.stringMatching(/^[A-Z_]+$/) as unknown });
      }),
    );
  };
  const emit = async (): Promise<void> => {
    const outcome = await host.emit(call({ exit: random() < 0.3, n: random() }));
    const voters = outcome.votes.map(({ extension }) => extension);
    expect(new Set(voters).size).toBe(voters.length);
  };
  const startAt = Math.floor(random() * 4);
  for (let n = 0; n < OPERATIONS; n += 1) {
    const id = IDS[Math.floor(random() * IDS.length)] ?? "a";
    if (n === startAt) note(host.start());
    const choice = random();
    if (choice < 0.5) note(emit());
    else if (choice < 0.65) note(host.reload(id));
    else if (choice < 0.75) note(host.unload(id).then(() => host.reload(id)));
    else if (choice < 0.85) note(host.resume(id));
    else await pending[Math.floor(random() * pending.length)];
    const running = host.snapshot().extensions.flatMap(({ process: one }) => one?.pid ?? []);
    for (const pid of running) pids.add(pid);
    expect(host.snapshot().extensions.map((one) => one.id)).toEqual(
      [...new Set(host.snapshot().extensions.map((one) => one.id))].sort(),
    );
  }
  const stopped = host.stop();
  note(emit());
  note(host.reload("a"));
  note(host.resume("b"));
  expect(host.stop()).toBe(stopped);
  await stopped;
  await Promise.all(pending);

  expect(host.snapshot().extensions.filter(({ state }) => state !== "stopped")).toEqual([]);
  expect(findHosts(baseDir)).toEqual([]);
  await Promise.all([...pids].map(gone));
  // Each extension that the start found was reported once, then the end, and nothing after it.
  const reported = events.flatMap((event) =>
    event.type === "loaded" ? event.extension : event.type === "failed" ? event.failure.extension : [],
  );
  expect(new Set(reported).size).toBe(reported.length);
  expect([events[0]?.type, events.at(-1)?.type]).toEqual(["started", "finished"]);
  // No move outside of the table, no listener that failed.
  expect(log.filter(({ message }) => /illegal|a listener for/.test(message))).toEqual([]);
});
