import { startOurs, startPython, startSdk } from "../contestants/ours.mjs";
import { startFork } from "../contestants/node.mjs";
import { startPeers } from "../contestants/peers.mjs";
import { startJsonPipe } from "../contestants/json-pipe.mjs";
import { startRaw } from "../contestants/raw.mjs";
import { eventOf } from "../lib/payload.mjs";
import { interleave, throughput } from "../lib/rounds.mjs";
import { atLeast, perSecond, ratioText, table } from "../lib/tables.mjs";

export const name = "pipelined";

const IN_FLIGHT = 500;
const CALLS = 5_000;
const WIDE = "ours, SDK child, 64 at a time";

/** Gates offered 500 at a time to one child. */
export async function run({ rounds, log, peers }) {
  /** @type {any[]} */
  const all = [
    startRaw(),
    startJsonPipe(),
    startFork(),
    await startSdk(),
    await startOurs(WIDE, { concurrency: 64 }),
    await startPython(),
  ];
  if (peers) all.push(...(await startPeers()));
  const event = eventOf(300);
  const contestants = all.map(({ name: one, prepare, call }) => {
    const prepared = prepare(event);
    return { name: one, measure: () => throughput(() => call(prepared), CALLS, IN_FLIGHT) };
  });
  log("pipelined gates, to warm up");
  await interleave(contestants, 1);
  log("pipelined gates");
  const samples = await interleave(contestants, Math.max(5, rounds ?? 15));
  for (const one of all) await one.stop();

  const to = peers ? "vscode-jsonrpc" : "raw pipe";
  const rows = all.map(({ name: one }) => [
    one,
    perSecond(samples.of(one).median),
    ratioText(samples.ratio(one, to)),
  ]);
  const ours = "ours, SDK child";
  const shows = peers
    ? [
        atLeast(
          "2a",
          "pipelined gates against stock vscode-jsonrpc",
          samples.ratio(ours, "vscode-jsonrpc"),
          3,
        ),
        atLeast(
          "2b",
          "pipelined gates against the MCP SDK's tool calls",
          samples.ratio(ours, "MCP SDK"),
          3.5,
        ),
        atLeast(
          "2b'",
          "the same with the MCP SDK's low-level server",
          samples.ratio(ours, "MCP SDK, low level"),
          3.5,
        ),
      ]
    : [];
  return {
    title: "Pipelined gates",
    tables: [
      table(`300 B, ${IN_FLIGHT} under way, one child`, ["contestant", "answers", `against ${to}`], rows),
    ],
    shows,
  };
}
