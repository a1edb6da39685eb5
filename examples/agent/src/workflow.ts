import { cp, rm } from "node:fs/promises";
import type { InterceptResult } from "@synaps/host";
import { outputOf, type Operation, type Points } from "./points.js";

export interface Stage {
  name: string;
  /** Gets what the stage before it made. */
  run(input: string): Promise<string>;
}

const WORKFLOW = {
  before: "agent.before_workflow_start",
  after: "agent.after_workflow_complete",
  failed: "agent.workflow_error",
} as const;
const STAGE = {
  before: "agent.before_workflow_stage",
  after: "agent.after_workflow_stage",
  failed: "agent.after_workflow_stage",
} as const;

export interface Workflow {
  name: string;
  stages: readonly Stage[];
  /** What the stages work on: it goes back to the last checkpoint when one of them fails. */
  folder: string;
  /** Where checkpoints are kept. */
  kept: string;
  signal: AbortSignal;
}

/** Runs the stages in order, and keeps the folder after each. */
export function runWorkflow(points: Points, workflow: Workflow, input: string): Promise<InterceptResult> {
  const { name, stages, folder, kept, signal } = workflow;
  const component = { type: "workflow" as const, name };
  let reached = "start";

  const keep = async (): Promise<void> => {
    await rm(kept, { recursive: true, force: true });
    await cp(folder, kept, { recursive: true });
    await points.tell("agent.workflow_checkpoint", { component, value: reached });
  };
  const goBack = async (from: string): Promise<void> => {
    await rm(folder, { recursive: true });
    await cp(kept, folder, { recursive: true });
    await points.tell("agent.workflow_rollback", { component, from_state: from, to_state: reached });
  };

  return points.around<Operation>(WORKFLOW, { data: { component, input }, signal }, async (agreed) => {
    let made = String(agreed.input);
    await keep();
    for (const stage of stages) {
      const data = { component: { ...component, id: stage.name }, input: made };
      await points.tell("agent.workflow_stage_transition", {
        component,
        from_state: reached,
        to_state: stage.name,
      });
      try {
        signal.throwIfAborted();
        const result = await points.around<Operation>(STAGE, { data, signal }, async (agreedStage) => ({
          output: await stage.run(String(agreedStage.input)),
        }));
        // A stage that was left out passes on what it got.
        made = outputOf(result) || made;
      } catch (error) {
        await goBack(stage.name);
        throw error;
      }
      reached = stage.name;
      await keep();
    }
    return { output: made };
  });
}
