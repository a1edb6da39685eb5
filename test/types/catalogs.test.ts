import { beforeAll, describe, expect, it } from "vitest";
import { compile, type Finding } from "./compile.js";

const IMPORTS = `import { createHost } from "@synaps/host";
import { block, defineExtension, defineHook, inject, modify } from "@synaps/sdk";
import { agentCatalog, gatewayCatalog, messagingCatalog, proxyCatalog } from "@synaps/sdk/catalogs";
import { defineCatalog, flag, object, synapsCatalog, text, whole } from "@synaps/sdk/protocol";
import { createHarness, eventsOf, spawnHarness } from "@synaps/sdk/testing";
const fact = object({ data: object({ step: whole(), name: text() }) });
const seen = { permission: "mine.see", toolFilter: false, since: 3, deadlineMs: 1_000 } as const;
const mine = defineCatalog({
  name: "mine", chain: "first_decision", permissions: { "mine.see": "See" },
  kinds: {
    "mine.step": {
      ...seen, actions: ["continue", "block"], delivery: "gate", canFailClosed: true, description: "A step", payload: fact,
      attributes: { step: { at: "/data/step", type: "number", description: "Step" } },
    },
    "mine.done": { ...seen, actions: ["continue"], delivery: "observe", canFailClosed: false, description: "Done", payload: fact },
    "mine.timed": {
      ...seen, actions: ["continue"], delivery: "observe", canFailClosed: false, description: "Timed",
      payload: object({ data: object({ step: whole(), name: text(), ms: whole() }) }),
    },
    "mine.closed": {
      ...seen, actions: ["continue"], delivery: "observe", canFailClosed: false, description: "Closed",
      payload: object({ message: text() }),
    },
    "mine.called": {
      ...seen, actions: ["continue"], delivery: "observe", canFailClosed: false, description: "Called",
      payload: object({ data: object({ provider: text(), model: text() }, { open: true }) }),
    },
  },
});
`;

/** A catalog with one of its kinds: right and wrong conditions, payloads and answers. */
interface Row {
  catalog: string;
  kind: string;
  filter: string;
  /** Conditions on an attribute that the kind does not declare, and on one of another type. */
  misspelt: string;
  mistyped: string;
  members: string;
  /** Members of which one has a wrong type. */
  wrong: string;
  /** A member of the event, and one that no event of the kind has. */
  reads: readonly [string, string];
  answer: string;
  refused: string;
}

const ROWS: readonly Row[] = [
  {
    catalog: "gatewayCatalog",
    kind: "gateway.security_event",
    filter: `where: { action: "warn", event_type: ["ssrf", "rate_*"] }`,
    misspelt: `{ actoin: "warn" }`,
    mistyped: `{ action: 5 }`,
    members: `data: { event_type: "ssrf", action: "warn", reason: "r" }`,
    wrong: `data: { event_type: "ssrf", action: "warn", reason: 5 }`,
    reads: ["data.reason", "datum"],
    answer: `block("no")`,
    refused: `inject("hi")`,
  },
  {
    catalog: "messagingCatalog",
    kind: "messaging.auth",
    filter: `where: { success: false, username: "a*" }`,
    misspelt: `{ succes: false }`,
    mistyped: `{ success: "no" }`,
    members: `data: { username: "u", success: true, failure_reason: "" }`,
    wrong: `data: { username: "u", success: "yes", failure_reason: "" }`,
    reads: ["data.username", "data.usernam"],
    answer: `undefined`,
    refused: `block("no")`,
  },
  {
    catalog: "proxyCatalog",
    kind: "proxy.packet",
    filter: `where: { protocol: ["http", "ftp"], direction: "inbound" }`,
    misspelt: `{ protocl: "http" }`,
    mistyped: `{ direction: true }`,
    members: `session_id: "7", data: { protocol: "http", client_addr: "a", direction: "inbound", bytes: "" }`,
    wrong: `session_id: "7", data: { protocol: "http", client_addr: "a", direction: "up", bytes: "" }`,
    reads: ["data.direction", "data.directoin"],
    answer: `undefined`,
    refused: `modify({})`,
  },
  {
    catalog: "agentCatalog",
    kind: "agent.before_agent_execution",
    filter: `where: { component_type: "agent", tags: ["red", "blue"] }`,
    misspelt: `{ tag: "red" }`,
    mistyped: `{ component_name: 7 }`,
    members: `data: { component: { type: "agent", name: "a" } }`,
    wrong: `data: { component: { type: "agnt", name: "a" } }`,
    reads: ["data.component.name", "data.component.nam"],
    answer: `block("no")`,
    refused: `inject("hi")`,
  },
  {
    catalog: "mine",
    kind: "mine.step",
    filter: `where: { step: [1, 2] }`,
    misspelt: `{ stepp: 1 }`,
    mistyped: `{ step: "1" }`,
    members: `data: { step: 1, name: "n" }`,
    wrong: `data: { step: "1", name: "n" }`,
    reads: ["data.step", "data.stp"],
    answer: `block("no")`,
    refused: `modify({})`,
  },
  {
    catalog: "synapsCatalog",
    kind: "before_message",
    filter: `inputContains: "hi"`,
    misspelt: `{ message: "hi" }`,
    mistyped: `{ session_id: 5 }`,
    members: `message: "hi"`,
    wrong: `message: 5`,
    reads: ["message.length", "message.size"],
    answer: `inject("hi")`,
    refused: `block("no")`,
  },
];

const hostOf = ({ catalog }: Row): string =>
  `const host = createHost({ folders: [], catalogs: [${catalog}] });\n`;
const harnessOf = ({ catalog }: Row): string =>
  `const { send } = await createHarness(defineExtension({ catalogs: [${catalog}] }));\n`;
const childOf = ({ catalog }: Row): string =>
  `const { send } = await spawnHarness({ command: "node", catalogs: [${catalog}] });\n`;
const used = (row: Row, filter: string, answer = "undefined"): string =>
  `${hostOf(row)}await host.use({ id: "a", events: [{ kind: "${row.kind}", filter: { ${filter} }, handler: () => ${answer} }] });`;
const subscribed = (row: Row, filter: string): string =>
  `${hostOf(row)}host.subscribe("${row.kind}", () => {}, { filter: { ${filter} } });`;
const hooked = ({ catalog, kind }: Row, handler: string, name = kind): string =>
  `defineHook("${name}", ${handler}, { catalogs: [${catalog}] });`;
const sent = (given: string, kind: string, members: string): string =>
  `${given}export const { action } = await send({ kind: "${kind}", ${members} });`;
const readBy = (member: string): string => `(event) => void event.${member}`;
const actionOf = (answer: string): string => answer.slice(0, answer.indexOf("("));
const lastOf = (member: string): string => member.slice(member.lastIndexOf(".") + 1);
const keyOf = (conditions: string): string => /\w+/.exec(conditions)?.[0] ?? "";

interface Mistake {
  passes(row: Row): string;
  fails(row: Row): string;
  /** A part of the compiler's message. */
  says(row: Row): string;
}

/** Mistakes that are made once for each row, beside the same program without the mistake. */
const MISTAKES: Readonly<Record<string, Mistake>> = {
  "use: a condition on an undeclared attribute": {
    passes: (row) => used(row, row.filter),
    fails: (row) => used(row, `where: ${row.misspelt}`),
    says: ({ misspelt }) => keyOf(misspelt),
  },
  "use: a condition on an attribute of another type": {
    passes: (row) => used(row, row.filter),
    fails: (row) => used(row, `where: ${row.mistyped}`),
    says: () => "is not assignable to type",
  },
  "use: an answer that the kind does not allow": {
    passes: (row) => used(row, row.filter, row.answer),
    fails: (row) => used(row, row.filter, row.refused),
    says: () => "is not assignable to type",
  },
  "subscribe: a condition on an undeclared attribute": {
    passes: (row) => subscribed(row, row.filter),
    fails: (row) => subscribed(row, `where: ${row.misspelt}`),
    says: ({ misspelt }) => keyOf(misspelt),
  },
  "subscribe: a condition on an attribute of another type": {
    passes: (row) => subscribed(row, row.filter),
    fails: (row) => subscribed(row, `where: ${row.mistyped}`),
    says: () => "is not assignable to type",
  },
  "emit: a payload that is wrong": {
    passes: (row) => `${hostOf(row)}await host.emit({ kind: "${row.kind}", ${row.members} });`,
    fails: (row) => `${hostOf(row)}await host.emit({ kind: "${row.kind}", ${row.wrong} });`,
    says: () => "is not assignable to type",
  },
  "defineHook: a kind that no catalog has": {
    passes: (row) => hooked(row, "() => {}"),
    fails: (row) => hooked(row, "() => {}", `${row.kind}s`),
    says: ({ kind }) => `"${kind}s"`,
  },
  "defineHook: an answer that the kind does not allow": {
    passes: (row) => hooked(row, `() => ${row.answer}`),
    fails: (row) => hooked(row, `() => ${row.refused}`),
    says: () => "is not assignable to type 'Awaitable<void | ",
  },
  "defineHook: a member that the payload has not": {
    passes: (row) => hooked(row, readBy(row.reads[0])),
    fails: (row) => hooked(row, readBy(row.reads[1])),
    says: ({ reads: [, member] }) => `'${lastOf(member)}' does not exist`,
  },
  "createHarness: a kind that no catalog has": {
    passes: (row) => sent(harnessOf(row), row.kind, row.members),
    fails: (row) => sent(harnessOf(row), `${row.kind}s`, row.members),
    says: ({ kind }) => `"${kind}s"`,
  },
  "createHarness: a payload that is wrong": {
    passes: (row) => sent(harnessOf(row), row.kind, row.members),
    fails: (row) => sent(harnessOf(row), row.kind, row.wrong),
    says: () => "is not assignable to type",
  },
  "spawnHarness: a payload that is wrong": {
    passes: (row) => sent(childOf(row), row.kind, row.members),
    fails: (row) => sent(childOf(row), row.kind, row.wrong),
    says: () => "is not assignable to type",
  },
  "spawnHarness: an answer that never comes": {
    passes: (row) =>
      `${sent(childOf(row), row.kind, row.members)}\nif (action === "continue") throw new Error();`,
    fails: (row) =>
      `${sent(childOf(row), row.kind, row.members)}\nif (action === "${actionOf(row.refused)}") throw new Error();`,
    says: ({ refused }) => `"${actionOf(refused)}"' have no overlap`,
  },
};

const PAIRS = ROWS.flatMap((row) =>
  Object.entries(MISTAKES).map(([mistake, { passes, fails, says }]) => ({
    name: `${row.catalog}, ${mistake}`,
    passes: passes(row),
    fails: fails(row),
    says: says(row),
  })),
);

/** Kinds around an operation, where the second one can stand after the first. */
const around = (catalog: string, kind: string, members: string, after: string): string =>
  `const host = createHost({ folders: [], catalogs: [${catalog}] });
await host.intercept({ before: "${kind}", after: "${after}" }, { ${members} }, () => "done");`;
const AFTER: readonly (readonly [string, string, string, fits: string, unfit: string, why: string])[] = [
  [
    "mine",
    "mine.step",
    `data: { step: 1, name: "n" }`,
    "mine.done",
    "mine.timed",
    "a member of data is missing",
  ],
  [
    "mine",
    "mine.step",
    `data: { step: 1, name: "n" }`,
    "mine.done",
    "mine.closed",
    "another member is needed",
  ],
  [
    "agentCatalog",
    "agent.before_agent_execution",
    `data: { component: { type: "agent", name: "a" } }`,
    "agent.after_agent_execution",
    "agent.after_tool_execution",
    "the name of the tool is missing",
  ],
  [
    "agentCatalog",
    "agent.before_tool_execution",
    `tool_name: "t", data: { component: { type: "tool", name: "t" } }`,
    "agent.tool_error",
    "agent.after_agent_execution",
    "the closed payload has no place for the tool",
  ],
  [
    "gatewayCatalog, mine",
    "gateway.before_provider_call",
    `data: { provider: "p", model: "m" }`,
    "mine.called",
    "gateway.after_provider_call",
    "nobody knows of the success yet",
  ],
];

describe("a mistake about the kinds of a catalog", () => {
  let found: Record<string, Finding[]>;
  beforeAll(async () => {
    const pairs = PAIRS.flatMap(({ passes, fails }, n) => [
      [`passes-${n}.ts`, IMPORTS + passes],
      [`fails-${n}.ts`, IMPORTS + fails],
    ]);
    const afters = AFTER.flatMap(([catalog, kind, members, fits, unfit], n) => [
      [`fits-${n}.ts`, IMPORTS + around(catalog, kind, members, fits)],
      [`unfit-${n}.ts`, IMPORTS + around(catalog, kind, members, unfit)],
    ]);
    found = await compile(Object.fromEntries([...pairs, ...afters]) as Record<string, string>);
  });

  it.each(PAIRS.map(({ name, says }, n) => [name, says, n] as const))(
    "%s: does not compile, with %s",
    (_name, says, n) => {
      expect(found[`passes-${n}.ts`]).toEqual([]);
      expect(found[`fails-${n}.ts`]?.map(({ message }) => message)).toEqual([expect.stringContaining(says)]);
    },
  );

  it.each(AFTER.map(([, kind, , fits, unfit, why], n) => [kind, unfit, fits, why, n] as const))(
    "intercept: after %s, %s does not compile and %s does: %s",
    (_kind, unfit, _fits, _why, n) => {
      expect(found[`fits-${n}.ts`]).toEqual([]);
      expect(found[`unfit-${n}.ts`]?.map(({ message }) => message)).toEqual([
        expect.stringContaining(`"${unfit}"`),
      ]);
    },
  );
});
