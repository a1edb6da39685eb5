import type { HookKindSpec } from "./catalog.js";
import { ownCatalog } from "./define-catalog.js";

/** Deadline of one answer: the reference's 5 seconds. */
export const DEFAULT_DEADLINE_MS = 5_000;

const tool = {
  permission: "tools.intercept",
  toolFilter: true,
  delivery: "gate",
  canFailClosed: true,
  since: 1,
  deadlineMs: DEFAULT_DEADLINE_MS,
} as const;

const content = {
  permission: "privacy.llm_content",
  toolFilter: false,
  canFailClosed: false,
  since: 1,
  deadlineMs: DEFAULT_DEADLINE_MS,
} as const;

const session = { ...content, permission: "session.lifecycle" } as const;

/** The public ecosystem's hook kinds: what SynapsCLI extensions subscribe to. */
export const synapsCatalog = ownCatalog({
  name: "synaps",
  version: "1.0.0",
  chain: "first_decision",
  kinds: {
    before_tool_call: {
      ...tool,
      requires: ["tool_name"],
      actions: ["continue", "block", "confirm", "modify"],
      modifies: "tool_input",
      description: "A tool is about to run: block it, ask the user, or rewrite its input",
    },
    after_tool_call: {
      ...tool,
      requires: ["tool_name", "tool_output"],
      actions: ["continue", "replace"],
      actionPermissions: { replace: "tools.transform_output" },
      replaces: "tool_output",
      description: "A tool has run: read its output or replace it",
    },
    before_message: {
      ...content,
      requires: ["message"],
      delivery: "gate",
      actions: ["continue", "inject"],
      description: "A user message is about to be sent to the model: add context to it",
    },
    on_message_complete: {
      ...content,
      requires: ["message"],
      delivery: "observe",
      actions: ["continue"],
      description: "The assistant has finished a message",
    },
    on_compaction: {
      ...content,
      requires: ["message"],
      delivery: "observe",
      actions: ["continue"],
      description: "A conversation was summarised into a new session",
    },
    on_usage: {
      ...content,
      requires: ["data"],
      delivery: "observe",
      actions: ["continue"],
      since: 2,
      description: "A billable model turn reported its token usage",
    },
    on_decision: {
      ...tool,
      requires: ["data"],
      delivery: "observe",
      canFailClosed: false,
      actions: ["continue"],
      since: 3,
      description:
        "The host has an outcome, or an operation between hooks has ended: who decided what, whether it ran. Only the host raises it",
    },
    on_session_start: {
      ...session,
      requires: ["session_id"],
      delivery: "gate",
      actions: ["continue", "inject"],
      description: "A session begins: add context to its system prompt",
    },
    on_session_end: {
      ...session,
      requires: ["session_id"],
      delivery: "lifecycle",
      actions: ["continue"],
      description: "A session ends; carries the transcript, if the program has one",
    },
  } satisfies Record<string, HookKindSpec>,
});

/** A hook kind of the `synaps` catalog. */
export type SynapsKind = keyof typeof synapsCatalog.kinds;
