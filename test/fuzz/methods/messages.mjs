// Well-formed messages of every method that an extension answers, tells or asks; the fuzzer damages copies of them.

const OBJECT = { type: "object", properties: { text: { type: "string" } }, required: ["text"] };
const ROWS = [{ label: "one", marker: "*", selectable: true, data: { n: 1 } }, { label: "two" }];
const RENDER = { category: "page", field: "tone", rows: ROWS, cursor: 0, footer: "done" };
const WIDGET = {
  id: "w",
  session_id: "s",
  title: "A box",
  lines: ["one"],
  styled_lines: [[{ text: "a", fg: "red", bg: "#000" }]],
  position: "center",
  ttl_secs: 1,
};
const START = {
  action: "start",
  run_id: "run",
  models: [{ model: "m", effort: "low" }],
  selection: { model: "m", effort: "low" },
  prompt: "go on",
  delay_ms: 1_000,
  max_duration_ms: 60_000,
  max_cost_usd: 1,
  context_mode: "auto",
  notice: "n",
};
const CONTENT = [
  { type: "text", text: "hello" },
  { type: "thinking", thinking: "hm" },
  { type: "tool_use", id: "t1", name: "echo", input: { text: "x" } },
];

export const VERDICTS = [
  { action: "continue" },
  { action: "block", reason: "no" },
  { action: "confirm", message: "sure?" },
  { action: "modify", input: { command: "ls" } },
  { action: "inject", content: "a note" },
  { action: "replace", output: "other" },
];

export const declarations = (permissions) => ({
  tools: [{ name: "echo", description: "Echoes", input_schema: OBJECT, idempotent: true }],
  providers: [
    {
      id: "models",
      display_name: "Models",
      description: "Models of a fuzzer",
      models: [
        { id: "m", display_name: "M", capabilities: { streaming: true, tools: true }, context_window: 1_000 },
      ],
    },
  ],
  capabilities: [{ kind: "session_driver", name: "drives", permissions }],
});

/** Right answers to the host's requests. */
export const ANSWERS = {
  "hook.handle": VERDICTS,
  "hook.batch": [{ results: [{ action: "continue" }] }, { results: [] }, null],
  "tool.call": [
    "text",
    { content: "text", is_error: false, details: { n: 1 } },
    { content: [{ type: "text", text: "x" }] },
  ],
  "provider.complete": [
    { content: CONTENT, stop_reason: "end_turn", usage: { input_tokens: 1, output_tokens: 2 } },
  ],
  "provider.stream": [{ content: CONTENT, stop_reason: "end_turn" }, null],
  "command.invoke": [
    { ok: true, message: "done" },
    { session_driver: START },
    { session_driver: { ...START, action: "next" } },
    { session_driver: { action: "stop", notice: "n" } },
  ],
  "settings.editor.open": [{ render: RENDER }, RENDER],
  "settings.editor.key": [{ render: RENDER }, RENDER, { commit: { value: "x" } }],
  "settings.editor.commit": [{ ok: true, value: "x" }, null],
  "settings.editor.close": [null],
  "sidecar.spawn_args": [{ args: ["a", "b"], language: "de" }, {}],
  "info.get": [
    {
      build: { backend: "cpu", features: ["a"], version: "1" },
      capabilities: [{ kind: "k", name: "n", modes: ["m"] }],
      models: [{ id: "m", display_name: "M", installed: true }],
    },
  ],
  ping: [null, {}],
};

const progress = { token: "1", message: "half", current: 1, total: 2, content: "x" };
const streamed = [
  { type: "text", delta: "a" },
  { type: "thinking", text: "b" },
  { type: "tool_use", id: "t", name: "echo", input: {} },
  { type: "usage", input_tokens: 1 },
  { type: "error", message: "e" },
  { type: "done" },
];
const shown = [
  { kind: "text", content: "t" },
  { kind: "system", content: "s" },
  { kind: "error", content: "e" },
  { kind: "table", headers: ["a"], rows: [["1"]] },
  { kind: "done" },
  { kind: "task.start", id: "t", label: "l" },
];

/** What an extension tells by itself. `token` and `request` name a stream and a command that are under way. */
export const told = ({ token, request }) => [
  ["task.start", { id: "t", label: "Loads", kind: "download" }],
  ["task.update", { id: "t", current: 1, total: 2, message: "m" }],
  ["task.log", { id: "t", line: "l" }],
  ["task.done", { id: "t", error: "e" }],
  ["widget.upsert", WIDGET],
  ["widget.dismiss", { id: "w", session_id: "s" }],
  ["$/progress", { ...progress, token }],
  ["$/cancelRequest", { id: 1 }],
  ["settings.editor.render", RENDER],
  ["settings.editor.commit", { value: "v" }],
  ["settings.editor.close", {}],
  ["log", { level: "info", message: "m" }],
  ["hook.dropped", { count: 1 }],
  ["config.changed", { key: "tone", value: "v" }],
  ...streamed.map((event) => ["provider.stream.event", { token, event }]),
  ...streamed.map((event) => ["provider.stream.event", { token, ...event }]),
  ...shown.map((event) => ["command.output", { request_id: request, event }]),
  ...shown.map((event) => ["command.output", { request_id: request, ...event }]),
];

/** What an extension asks by itself. */
export const asked = (id) => [
  ["config.get", { key: "tone" }],
  ["config.set", { key: "tone", value: "v" }],
  ["config.subscribe", {}],
  ["memory.append", { namespace: id, content: "a note", tags: ["t"], meta: { n: 1 } }],
  ["memory.query", { namespace: id, content_contains: "note", tag: "t", limit: 3 }],
  ["no.such.method", { a: 1 }],
  ["initialize", {}],
  ["hook.handle", {}],
];
