import type { Host, ToolResult } from "@synaps/host";
import { expect, it } from "vitest";
import { votes } from "../../../e2e/host/support/fixture.js";
import { until } from "../../../helpers/wait.js";
import { verifies } from "../../../requirements/verifies.js";
import { toolHost, type ToolHost } from "./support.js";

const WAITS = "offers-tools:waits";
const event = { kind: "before_tool_call", tool_name: "bash", tool_input: null } as const;
const hooks = [{ hook: "before_tool_call", timeout_ms: 10_000 }];
/** For votes that are waited for until they are late. */
const impatient = [{ hook: "before_tool_call", timeout_ms: 600 }];

/** Starts the tool that waits, and resolves once it runs; its result comes when it is let go. */
async function running({ host, calls }: ToolHost, leave = "go"): Promise<{ result: Promise<ToolResult> }> {
  const before = calls().length;
  const result = host.tools.call(WAITS, { leave });
  await until("the tool runs", () => calls().length > before);
  return { result };
}

/** How long the extension takes over each of some events, in milliseconds. */
async function times(host: Host): Promise<number[]> {
  const all: number[] = [];
  for (let turn = 0; turn < 50; turn += 1) {
    const outcome = await host.emit(event);
    expect(votes(outcome)).toEqual(["offers-tools: continue"]);
    all.push(outcome.durationMs);
  }
  return all;
}

/** What most events cannot beat: noise of the machine only adds, and a wait for the tool would be in each of them. */
function fastTenth(all: number[]): number {
  return all.sort((a, b) => a - b)[Math.floor(all.length / 10)] ?? 0;
}

it(verifies("TOOL-013") + "a tool that runs delays no hook of its own extension, on protocol 3", async () => {
  const tools = await toolHost({ hooks });
  const { host, go } = tools;
  await times(host);
  const quiet: number[] = [];
  const besides: number[] = [];
  // In turns, so that whatever else the machine does meets both.
  for (let round = 0; round < 6; round += 1) {
    quiet.push(...(await times(host)));
    const leave = `go-${round}`;
    const { result } = await running(tools, leave);
    besides.push(...(await times(host)));
    go(leave);
    expect(await result).toMatchObject({ content: "waited" });
  }
  expect(fastTenth(besides)).toBeLessThan(fastTenth(quiet) * 3);
});

it(
  verifies("TOOL-013") +
    "on protocol 1 with max_concurrency 1 its gates abstain as busy meanwhile, and no longer",
  async () => {
    const tools = await toolHost({ protocol_version: 1, max_concurrency: 1, hooks: impatient });
    const { host, go } = tools;
    const { result } = await running(tools);
    expect(votes(await host.emit(event))).toEqual(["offers-tools: abstained busy"]);
    go();
    expect(await result).toMatchObject({ content: "waited" });
    expect(votes(await host.emit(event))).toEqual(["offers-tools: continue"]);
  },
);

it(verifies("TOOL-013") + "on protocol 1 with max_concurrency 2 there is no busy vote", async () => {
  const tools = await toolHost({ protocol_version: 1, max_concurrency: 2, hooks });
  const { host, go } = tools;
  const { result } = await running(tools);
  for (let turn = 0; turn < 20; turn += 1)
    expect(votes(await host.emit(event))).toEqual(["offers-tools: continue"]);
  go();
  expect(await result).toMatchObject({ content: "waited" });
});
