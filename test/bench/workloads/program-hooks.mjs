import { createHost } from "../../../packages/host/dist/index.js";
import { eventOf } from "../lib/payload.mjs";
import { interleave } from "../lib/rounds.mjs";
import { atMost, microseconds, ratioText, table } from "../lib/tables.mjs";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export const name = "program-hooks";

const CALLS = 20_000;

/** A hook of the program against an awaited call of a function, bare and with a copy of the event of its own. */
export async function run({ rounds, log }) {
  log("program-hooks: a hook of the program and an awaited call");
  const baseDir = mkdtempSync(join(tmpdir(), "bench-hooks-"));
  const host = createHost({ baseDir, folders: [] });
  await host.start();
  let length = 0;
  const look = (event) => void (length += event.tool_name.length);
  await host.use({ id: "bench", events: ["before_tool_call"], on: look });
  const event = { ...eventOf(300), kind: /** @type {const} */ ("before_tool_call") };
  const loops = {
    "an awaited call": () => look(event),
    "an awaited call with a copy of the event": () => look(JSON.parse(JSON.stringify(event))),
    "a hook of the program": () => host.emit(event),
  };
  const contestants = Object.entries(loops).map(([one, work]) => ({
    name: one,
    measure: async () => {
      const from = process.hrtime.bigint();
      for (let n = 0; n < CALLS; n += 1) await work();
      return Number(process.hrtime.bigint() - from) / CALLS;
    },
  }));
  await interleave(contestants, 3);
  const samples = await interleave(contestants, Math.max(5, rounds ?? 21));
  await host.stop();
  rmSync(baseDir, { recursive: true });
  const [bare, copied, hook] = Object.keys(loops);
  const rows = Object.keys(loops).map((one) => [
    one,
    microseconds(samples.of(one).median / 1000),
    ratioText(samples.ratio(one, copied)),
    ratioText(samples.ratio(one, bare)),
  ]);
  return {
    title: "Hooks of the program",
    tables: [
      table(
        `One event of 300 B, each of ${CALLS.toLocaleString("en-US")} awaited calls`,
        ["call", "took", "against a call with a copy", "against a bare call"],
        rows,
      ),
    ],
    plots: [],
    shows: [
      atMost(
        "12d",
        "a hook of the program against an awaited call with a copy of the event",
        samples.ratio(hook, copied),
        3,
      ),
    ],
  };
}
