import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import type { JsonObject } from "@synaps/sdk";
import { createHarness, envelope, type Harness, type HarnessOptions } from "@synaps/sdk/testing";
import { createCostTracker } from "../src/extension.js";

/** A folder that is gone after the test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "cost-tracker-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A clock that the test turns, in UTC. */
export class Calendar {
  ms = Date.parse("2026-03-01T08:00:00Z");
  now = (): number => this.ms;
}

interface Surroundings {
  root?: string;
  calendar?: Calendar;
  /** What the host answers. */
  answers?: HarnessOptions["answers"] & {};
}

/** The extension in this process, on a folder of its own unless one is given. */
export async function tracker(
  config: JsonObject,
  { root = temporaryFolder(), calendar = new Calendar(), answers = {} }: Surroundings = {},
): Promise<Harness> {
  return createHarness(createCostTracker(calendar.now), {
    id: "cost-tracker",
    root,
    config,
    answers: { "config.subscribe": () => ({ ok: true }), ...answers },
  });
}

/** An event of an agent that has worked with a model. */
export function worked(
  data: { component?: string; model?: string; input?: unknown; output?: unknown; session_id?: string } = {},
): ReturnType<typeof envelope> {
  const { component = "writer", model = "gpt-4o", input = 0, output = 0, session_id } = data;
  return envelope("agent.after_agent_execution", {
    tool_output: "",
    data: {
      component: { type: "agent", name: component },
      model,
      tokens_used: { input, output } as JsonObject,
      ...(session_id === undefined ? {} : { session_id }),
    },
  });
}

export function aboutToWork(session_id: string): ReturnType<typeof envelope> {
  return envelope("agent.before_agent_execution", {
    data: { component: { type: "agent", name: "writer" }, session_id },
  });
}

interface Row {
  name: string;
  calls: string;
  unpriced: string;
  input_tokens: string;
  output_tokens: string;
  cost: string;
}

export interface Report {
  total: Omit<Row, "name">;
  budgets: { budget: string; limit: string; spent: string; state: string }[];
  rows: Row[];
  remarks: string[];
}

export async function report(
  { callTool }: Pick<Harness, "callTool">,
  by: "component" | "model" | "session" | "day" = "component",
): Promise<Report> {
  return (await callTool("report", { by })) as unknown as Report;
}

/** Names and contents of the files in a folder. */
export function filesIn(folder: string): [string, string][] {
  return readdirSync(folder)
    .sort()
    .map((name) => [name, readFileSync(join(folder, name), "utf8")]);
}
