import { ownCatalog } from "../protocol/define-catalog.js";
import { anything, list, nullable, object, oneOfTexts, text, whole } from "../protocol/payload.js";
import { DEFAULT_DEADLINE_MS } from "../protocol/synaps-catalog.js";

const base = { toolFilter: false, since: 3, deadlineMs: DEFAULT_DEADLINE_MS } as const;

const component = object(
  {
    type: oneOfTexts("agent", "tool", "workflow", "system", "custom"),
    name: text({ description: "Name of the component" }),
    id: text({ description: "Number of this one component" }),
  },
  { optional: ["id"] },
);
const tags = list(text(), { description: "Words that the program put on the component" });
const metadata = { type: "object", description: "Further facts, for instance user_id" } as const;

/** Facts about an operation. Points add members of their own; those named here mean the same at each of them. */
const operation = object(
  {
    component,
    tags,
    metadata,
    input: anything({ description: "Input of the operation" }),
    output: anything({ description: "Output, where the program has more than a text" }),
    model: text({ description: "Name of the model" }),
    tokens_used: object({ input: whole({ minimum: 0 }), output: whole({ minimum: 0 }) }),
    error: text({ description: "Text of the error" }),
  },
  { open: true, optional: ["tags", "metadata", "input", "output", "model", "tokens_used", "error"] },
);
/** Facts without content: no input and no output has a place beside them. */
const fact = object(
  {
    component,
    tags,
    metadata,
    session_id: text(),
    reason: text(),
    from_state: text(),
    to_state: text(),
    value: anything(),
  },
  { optional: ["tags", "metadata", "session_id", "reason", "from_state", "to_state", "value"] },
);

const selectors = {
  component_type: {
    at: "/data/component/type",
    type: "string",
    values: ["agent", "tool", "workflow", "system", "custom"],
    description: "Sort of the component",
  },
  component_name: { at: "/data/component/name", type: "string", description: "Name of the component" },
  tags: { at: "/data/tags", type: "strings", description: "Words on the component" },
} as const;

const operationKey = ["/data/component/type", "/data/component/name", "/data/input"] as const;
const NEEDS = "agent.intercept";

/** Before an operation whose result can come from elsewhere: all actions have a meaning. */
const before = <const D extends string>(description: D) =>
  ({
    ...base,
    permission: "agent.content",
    delivery: "gate",
    actions: ["continue", "block", "confirm", "modify", "cache", "redirect", "retry", "fork", "skip"],
    actionPermissions: {
      block: NEEDS,
      confirm: NEEDS,
      modify: NEEDS,
      cache: NEEDS,
      redirect: NEEDS,
      retry: NEEDS,
      fork: NEEDS,
      skip: NEEDS,
    },
    modifies: "data",
    canFailClosed: true,
    cacheKey: operationKey,
    payload: object({ data: operation }),
    attributes: selectors,
    description,
  }) as const;

/** Before a step that is done once or left out. */
const step = <const D extends string>(description: D) =>
  ({
    ...base,
    permission: "agent.content",
    delivery: "gate",
    actions: ["continue", "block", "modify", "skip"],
    actionPermissions: { block: NEEDS, modify: NEEDS, skip: NEEDS },
    modifies: "data",
    canFailClosed: true,
    payload: object({ data: operation }),
    attributes: selectors,
    description,
  }) as const;

/** After an operation, and after one that failed: its output can be replaced, or it runs once more. */
const after = <const D extends string>(description: D) =>
  ({
    ...base,
    permission: "agent.content",
    delivery: "gate",
    actions: ["continue", "replace", "retry"],
    actionPermissions: { replace: NEEDS, retry: NEEDS },
    replaces: "tool_output",
    canFailClosed: true,
    payload: object({ tool_output: nullable(text()), data: operation }),
    attributes: selectors,
    description,
  }) as const;

/** Something with content has happened. */
const done = <const D extends string>(description: D) =>
  ({
    ...base,
    permission: "agent.content",
    delivery: "observe",
    actions: ["continue"],
    canFailClosed: false,
    payload: object({ data: operation }),
    attributes: selectors,
    description,
  }) as const;

/** Something has happened; no content comes with it. */
const told = <const D extends string>(description: D) =>
  ({
    ...base,
    permission: "agent.events",
    delivery: "observe",
    actions: ["continue"],
    canFailClosed: false,
    payload: object({ data: fact }),
    attributes: selectors,
    description,
  }) as const;

/** The end of something: the program waits until all have been told. */
const ending = <const D extends string>(description: D) =>
  ({ ...told(description), delivery: "lifecycle" }) as const;

const toolName = text({ description: "Name of the tool" });
const toolInput = anything({ description: "Parameters of the tool" });

/** Points in the work of agents, tools and workflows, and points that a program names itself. */
export const agentCatalog = ownCatalog({
  name: "agent",
  version: "1.0.0",
  chain: "rewrite_then_veto",
  permissions: {
    "agent.events": "Be told what agents, tools and workflows do: names, states and figures, no content",
    "agent.content": "Read the input and the output of agents, tools and workflows",
    "agent.intercept":
      "Stop, change, answer, repeat, redirect and leave out what agents, tools and workflows do",
  },
  kinds: {
    "agent.before_agent_init": step("An agent is about to be set up"),
    "agent.after_agent_init": told("An agent was set up"),
    "agent.before_agent_execution": before("An agent is about to work on an input"),
    "agent.after_agent_execution": after("An agent has worked on an input"),
    "agent.agent_error": after("An agent has failed"),
    "agent.before_agent_shutdown": step("An agent is about to end"),
    "agent.after_agent_shutdown": told("An agent has ended"),

    "agent.before_tool_discovery": step("Tools are about to be looked for"),
    "agent.after_tool_discovery": done("Tools were found"),
    "agent.tool_validation": step("The parameters of a tool are checked"),
    "agent.before_tool_execution": {
      ...before("A tool is about to run"),
      toolFilter: true,
      modifies: "tool_input",
      cacheKey: ["/tool_name", "/tool_input"],
      payload: object(
        { tool_name: toolName, tool_input: toolInput, data: operation },
        { optional: ["tool_input"] },
      ),
    },
    "agent.after_tool_execution": {
      ...after("A tool has run"),
      toolFilter: true,
      payload: object(
        { tool_name: toolName, tool_input: toolInput, tool_output: nullable(text()), data: operation },
        { optional: ["tool_input"] },
      ),
    },
    "agent.tool_error": {
      ...after("A tool has failed"),
      toolFilter: true,
      payload: object(
        { tool_name: toolName, tool_input: toolInput, tool_output: nullable(text()), data: operation },
        { optional: ["tool_input"] },
      ),
    },

    "agent.before_workflow_start": before("A workflow is about to begin"),
    "agent.workflow_stage_transition": told("A workflow goes from one stage to the next"),
    "agent.before_workflow_stage": before("A stage of a workflow is about to begin"),
    "agent.after_workflow_stage": after("A stage of a workflow has ended"),
    "agent.workflow_checkpoint": told("A workflow has kept its state"),
    "agent.workflow_rollback": told("A workflow goes back to a state that it kept"),
    "agent.after_workflow_complete": after("A workflow has ended"),
    "agent.workflow_error": after("A workflow has failed"),

    "agent.before_state_read": step("A value is about to be read from the state"),
    "agent.after_state_read": done("A value was read from the state"),
    "agent.before_state_write": step("A value is about to be written to the state"),
    "agent.after_state_write": done("A value was written to the state"),
    "agent.state_conflict": done("Two writers have changed one value"),
    "agent.state_migration": told("The state takes another form"),

    "agent.system_startup": told("The program has started"),
    "agent.system_shutdown": ending("The program stops; it waits until all have been told"),
    "agent.configuration_change": told("The configuration has changed"),
    "agent.resource_limit_exceeded": told("A limit of time, memory or tokens was passed"),
    "agent.security_violation": told("A rule of security was broken"),

    "agent.session_start": told("A session begins"),
    "agent.session_end": ending("A session ends; the program waits until all have been told"),
    "agent.session_checkpoint": told("A session has kept its state"),
    "agent.session_restore": told("A session goes on from a state that it kept"),
    "agent.session_save": told("A session was saved"),

    "agent.before_event_emit": step("An event is about to be published"),
    "agent.after_event_emit": done("An event was published"),
    "agent.event_handler_error": done("A handler of an event has failed"),

    "agent.performance_threshold_exceeded": told("Something took longer than it should"),
    "agent.memory_usage_high": told("Little memory is left"),
    "agent.cpu_usage_high": told("The processor is busy"),

    "agent.custom": {
      ...step("A point that the program has named itself"),
      payload: object({
        data: object(
          { point: text({ minLength: 1, description: "Name of the point" }), component, tags, metadata },
          { open: true, optional: ["component", "tags", "metadata"] },
        ),
      }),
      attributes: {
        ...selectors,
        point: { at: "/data/point", type: "string", description: "Name of the point" },
      },
    },
  },
});
