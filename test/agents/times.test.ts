import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, rmSync, symlinkSync } from "node:fs";
import { Agent as HttpAgent, request } from "node:http";
import { delimiter, join } from "node:path";
import { text } from "node:stream/consumers";
import { servicePlaces } from "@synaps/service";
import { build } from "esbuild";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { repo } from "../helpers/paths.js";
import { AGENTS, missing, type Agent } from "./kit/agents.js";
import { configure } from "./kit/hooks.js";
import { makePlace, type Place } from "./kit/place.js";
import { row } from "./kit/report.js";
import { runAgent } from "./kit/run.js";
import { baseOf, endService, installExtensions, synapsExt, wire } from "./kit/synaps.js";

/** Runs of each way, in turn with those of the others, and tool calls that count in each run. */
const ROUNDS = 3;
const CALLS = 10;
/** A tool call has one hook before it and one after it. */
const HOOKS = 2;
const TIMES = "time per hook inside the agent, medians of 30 tool calls";

type Way = "none" | "http" | "sh and perl" | "sh and curl" | "node";
/** How many times less a way has to cost than a node process for each event. */
const WANTED: Partial<Record<Way, number>> = { http: 8, "sh and perl": 4 };

const places = new Map<string, Place>();
let scratch: Place;
let nodeHook: string;

beforeAll(async () => {
  scratch = makePlace();
  nodeHook = join(scratch.top, "hook.mjs");
  await build({
    entryPoints: [repo("test/agents/kit/node-hook.ts")],
    bundle: true,
    format: "esm",
    platform: "node",
    target: "node20",
    minify: true,
    outfile: nodeHook,
  });
});

afterAll(async () => {
  for (const place of [...places.values(), scratch]) {
    await endService(place, "SIGKILL");
    rmSync(place.top, { recursive: true, force: true, maxRetries: 5 });
  }
});

for (const agent of AGENTS) {
  const reason = missing(agent);
  const ways: Way[] = [
    "none",
    ...(agent.name === "claude-code" ? ["http" as const] : []),
    "sh and perl",
    "sh and curl",
    "node",
  ];
  describe.skipIf(reason !== undefined)(`${agent.title}${reason === undefined ? "" : `: ${reason}`}`, () => {
    it("waits less for the resident host than for a process of Node for each event", async () => {
      const gaps = new Map<Way, number[]>(ways.map((way) => [way, []]));
      for (const way of ways) prepare(agent, way);
      for (let round = 0; round < ROUNDS; round += 1)
        for (const way of ways) gaps.get(way)?.push(...(await gapsOf(agent, way)));
      const none = median(gaps.get("none") ?? []);
      const per = (way: Way): number => (median(gaps.get(way) ?? []) - none) / HOOKS;
      for (const way of ways.slice(1)) {
        const ratio = per("node") / per(way);
        const wanted = WANTED[way];
        row(
          TIMES,
          { agent: agent.title, way },
          {
            "ms per hook": per(way).toFixed(1),
            "ms between call and next request, without hooks": none.toFixed(1),
            "times less than node": ratio.toFixed(1),
            wanted:
              wanted === undefined ? "" : `at least ${wanted}: ${ratio >= wanted ? "held" : "FALLEN SHORT"}`,
          },
        );
      }
      for (const way of ways)
        if (WANTED[way] !== undefined) expect(per("node") / per(way), way).toBeGreaterThan(WANTED[way] ?? 0);
    });
  });
}

describe("the service alone", () => {
  it("answers 50 events over HTTP in less time than 8 starts of the hook in Node take", async () => {
    const place = makePlace();
    places.set("alone", place);
    installExtensions(place);
    synapsExt(place, "serve", "--detach");
    const { socket } = servicePlaces(baseOf(place));
    const agent = new HttpAgent({ keepAlive: true, maxSockets: 1 });
    let number = 0;
    const event = (): string =>
      JSON.stringify({
        session_id: "s",
        cwd: place.project,
        hook_event_name: "PreToolUse",
        permission_mode: "default",
        tool_name: "Bash",
        tool_input: { command: "ls -la && git status" },
        tool_use_id: `t${(number += 1)}`,
      });
    const ask = (path: string): Promise<number> =>
      timed(() => post({ socketPath: socket, agent, method: "POST", path }, event()));
    const hook = "/v1/hooks/claude-code?event=PreToolUse";
    for (let count = 0; count < 100; count += 1) await ask(hook);
    const fifty: number[] = [];
    const starts: number[] = [];
    const singles: number[] = [];
    const floor: number[] = [];
    for (let round = 0; round < 8; round += 1) {
      starts.push(
        await timed(() =>
          Promise.resolve(spawnSync(process.execPath, [nodeHook], { input: event(), env: place.env })),
        ),
      );
      let sum = 0;
      for (let count = 0; count < 50; count += 1) {
        const took = await ask(hook);
        singles.push(took);
        sum += took;
        floor.push(await ask("/v1/nothing"));
      }
      fifty.push(sum);
    }
    agent.destroy();
    const eight = starts.reduce((a, b) => a + b, 0);
    const share = median(singles) - median(floor);
    row(
      "the service alone, two guards asked for each event",
      { what: "50 events over HTTP" },
      { ms: median(fifty).toFixed(1), beside: `8 starts of the hook in Node: ${eight.toFixed(1)} ms` },
    );
    row(
      "the service alone, two guards asked for each event",
      { what: "round trip over HTTP, p50" },
      { ms: median(singles).toFixed(2), beside: `a path that there is not: ${median(floor).toFixed(2)} ms` },
    );
    row(
      "the service alone, two guards asked for each event",
      { what: "share of the guards and the host, p50" },
      {
        ms: share.toFixed(2),
        beside: `wanted: at most 1 ms: ${median(singles) <= 1 ? "held with the HTTP round trip" : share <= 1 ? "held without the HTTP round trip" : "FALLEN SHORT"}`,
      },
    );
    expect(median(fifty)).toBeLessThan(eight);
  });
});

function prepare(agent: Agent, way: Way): void {
  const place = makePlace();
  places.set(`${agent.name} ${way}`, place);
  const both = (["before", "after"] as const).map((moment) => ({
    moment,
    command: `'${process.execPath}' '${nodeHook}'`,
  }));
  configure(agent, place, way === "node" ? both : []);
  if (way === "none" || way === "node") return;
  installExtensions(place);
  const env = way === "sh and curl" ? { ...place.env, PATH: onlyCurl(place) } : place.env;
  wire(agent, { ...place, env }, ...(way === "http" ? ["--http"] : []));
}

/** A folder with curl and without perl. */
function onlyCurl({ top }: Place): string {
  const folder = join(top, "only-curl");
  const curl = (process.env["PATH"] ?? "")
    .split(delimiter)
    .map((one) => join(one, "curl"))
    .find(existsSync);
  mkdirSync(folder);
  symlinkSync(curl ?? "", join(folder, "curl"));
  return folder;
}

/** Times between the model's tool call and the agent's next request. The first call of a run warms up. */
async function gapsOf(agent: Agent, way: Way): Promise<number[]> {
  const place = places.get(`${agent.name} ${way}`)!;
  const run = await runAgent(
    agent,
    place,
    Array.from({ length: CALLS + 1 }, (_, turn) => ({ calls: [{ shell: `true ${turn}` }] })),
  );
  const { asked } = run.model;
  expect(asked).toHaveLength(CALLS + 2);
  return asked.slice(2).map(({ atMs }, turn) => atMs - asked[turn + 1]!.answeredAtMs);
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const before = performance.now();
  await work();
  return performance.now() - before;
}

function post(options: object, body: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const asked = request(options, (response) => void text(response).then(resolve, reject));
    asked.once("error", reject);
    asked.end(body);
  });
}

function median(list: readonly number[]): number {
  const sorted = list.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
