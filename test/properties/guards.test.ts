import { existsSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { ChainPolicy, JsonObject } from "@synaps/sdk/protocol";
import type { Host, InterceptResult } from "@synaps/host";
import fc from "fast-check";
import { expect, it } from "vitest";
import { startedHost } from "../helpers/hosts.js";
import { repo } from "../helpers/paths.js";
import { tempDir, writeExtension } from "../helpers/temp.js";
import { allLive } from "../helpers/wait.js";

/** Random chains for each policy; each runs a tool with a real side effect through real processes. `npm run guards` runs more. */
const CHAINS_PER_POLICY = Number(process.env["SYNAPS_GUARD_CHAINS"] ?? 200);
const PATIENT = { timeout: 300_000 + CHAINS_PER_POLICY * 1_000 };
const DEADLINE_MS = 200;

/** Each chain is for itself: no breaker, poison or quarantine may carry over from the ones before it. */
const NEVER_SET_ASIDE = {
  crashBudget: 1e9,
  restartAttempts: 1e9,
  breakerTimeouts: 1e9,
  poisonCrashes: 1e9,
  chainBudgetMs: 5_000,
};

type Step =
  | { do: "continue" | "error" | "garbage" | "crash" }
  | { do: "late"; ms: number }
  | { do: "append" | "block_if" | "confirm_if"; letter: string };

const IDS = ["e0", "e1", "e2", "e3", "e4", "e5"] as const;
const PHASES = ["rewrite", undefined, "veto"] as const;
const MAIN = repo("test/fixtures/planned-guard/main.mjs");

/** One process each; e1 and e4 fail closed. The phase of a seed is chosen by the tool's name. */
function writeGuards(parent: string): void {
  for (const [index, id] of IDS.entries()) {
    const closed = index % 3 === 1;
    writeExtension(parent, id, {
      protocol_version: 3,
      runtime: "process",
      command: process.execPath,
      args: [MAIN],
      permissions: ["tools.intercept", "hooks.fail_closed"],
      hooks: PHASES.map((phase, at) => ({
        hook: "before_tool_call",
        id: phase ?? "undeclared",
        timeout_ms: DEADLINE_MS,
        tools: [`*-${index}${at}-*`],
        ...(phase === undefined ? {} : { phase }),
        ...(closed ? { on_failure: "closed" } : {}),
      })),
    });
  }
}

const letter = fc.constantFrom("a", "b", "c");
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ do: fc.constantFrom("append" as const), letter }) },
  {
    weight: 6,
    arbitrary: fc.record({ do: fc.constantFrom("block_if" as const, "confirm_if" as const), letter }),
  },
  { weight: 2, arbitrary: fc.constant<Step>({ do: "continue" }) },
  { weight: 1, arbitrary: fc.constantFrom<Step>({ do: "error" }, { do: "garbage" }) },
  { weight: 1, arbitrary: fc.constant<Step>({ do: "crash" }) },
  { weight: 1, arbitrary: fc.constant<Step>({ do: "late", ms: DEADLINE_MS * 2 }) },
);

/** Which phase each process takes part with, or none. */
const member = fc.option(fc.record({ phase: fc.integer({ min: 0, max: 2 }), step }), { freq: 3 });
const chain = fc.record({
  members: fc.tuple(member, member, member, member, member, member),
  text: fc.constantFrom("", "a", "b", "ab"),
  approve: fc.boolean(),
});

type ChainCase = typeof chain extends fc.Arbitrary<infer T> ? T : never;

async function runCase(host: Host, { members, text, approve }: ChainCase, file: string, policy: ChainPolicy) {
  rmSync(file, { force: true });
  const plan: JsonObject = {};
  let tool_name = "tool-";
  for (const [index, one] of members.entries()) {
    if (!one) continue;
    plan[`e${index}`] = one.step;
    tool_name += `-${index}${one.phase}-`;
  }
  await allLive(host);
  let asked = false;
  const result = await host.intercept(
    { before: "before_tool_call" },
    { tool_name, tool_input: { plan, text } },
    (input) => {
      writeFileSync(file, JSON.stringify(input));
      return "done";
    },
    {
      chain: policy,
      confirm: () => {
        asked = true;
        return approve;
      },
    },
  );
  return { result, approved: asked && approve, ran: existsSync(file) };
}

/** What each guard would say of the text that is final, by the plan alone. */
function shouldStop({ members }: ChainCase, finalText: string, result: InterceptResult): string | undefined {
  for (const [index, one] of members.entries()) {
    if (!one) continue;
    const id = `e${index}`;
    const vote = result.before.votes.find(({ extension }) => extension === id);
    // Only a guard that the noise of the machine kept from answering may be missing, and it says so.
    if (
      vote?.status === "abstained" &&
      ["timeout", "restarting", "budget"].includes(vote.reason) &&
      !vote.closed
    )
      continue;
    const closed = index % 3 === 1;
    const isGuard = PHASES[one.phase] !== "rewrite";
    if (isGuard && one.step.do === "block_if" && finalText.includes(one.step.letter))
      return `${id} blocks it`;
    const cannotAnswer = ["crash", "late", "error", "garbage"].includes(one.step.do);
    if (closed && cannotAnswer) return `${id} is closed and cannot answer`;
  }
  return undefined;
}

const textOf = (input: unknown): string => (input as { text: string }).text;

it(
  "no rewrite, crash or late answer lets a tool run that a guard would block (rewrite_then_veto)",
  PATIENT,
  async () => {
    const parent = tempDir();
    writeGuards(parent);
    const { host } = await startedHost([parent], { limits: NEVER_SET_ASIDE });
    const file = join(parent, "side-effect");
    await fc.assert(
      fc.asyncProperty(chain, async (one) => {
        const { result, ran } = await runCase(host, one, file, "rewrite_then_veto");
        expect(ran).toBe(result.ran);
        if (result.ran) expect(shouldStop(one, textOf(result.input), result)).toBeUndefined();
      }),
      { numRuns: CHAINS_PER_POLICY, endOnFailure: true },
    );
  },
);

it(
  "under first_decision a tool runs only after continue, modify or an approved confirm",
  PATIENT,
  async () => {
    const parent = tempDir();
    writeGuards(parent);
    const { host } = await startedHost([parent], { limits: NEVER_SET_ASIDE });
    const file = join(parent, "side-effect");
    await fc.assert(
      fc.asyncProperty(chain, async (one) => {
        const { result, ran, approved } = await runCase(host, one, file, "first_decision");
        const { action } = result.before;
        const may = action === "continue" || action === "modify" || (action === "confirm" && approved);
        expect(ran).toBe(may);
      }),
      { numRuns: CHAINS_PER_POLICY, endOnFailure: true },
    );
  },
);
