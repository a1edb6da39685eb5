import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Host, Outcome } from "@synaps/host";
import { CATALOGS } from "@synaps/sdk/catalogs";
import type { Catalog, PayloadSchema } from "@synaps/sdk/protocol";
import { expect, it } from "vitest";
import { startedHost } from "../../helpers/hosts.js";
import { repo } from "../../helpers/paths.js";
import { sampleOf } from "../../helpers/samples.js";
import { tempDir, writeExtension } from "../../helpers/temp.js";

/** Notes the kind of each event that comes. */
const WITNESS = `import { appendFileSync } from "node:fs";
import { defineExtension, serve } from ${JSON.stringify(repo("packages/sdk/dist/index.js"))};
import { CATALOGS } from ${JSON.stringify(repo("packages/sdk/dist/catalogs/index.js"))};
const note = ({ kind }) => appendFileSync("seen", kind + "\\n");
const kinds = Object.values(CATALOGS).flatMap((one) => Object.keys(one.kinds)).filter((kind) => kind !== "on_decision");
const hooks = Object.fromEntries(kinds.map((kind) => [kind, note]));
serve(defineExtension({ catalogs: Object.values(CATALOGS), hooks }));`;

const catalogs = Object.values(CATALOGS) as Catalog[];
/** The host itself raises this one, after each of the others. */
const isRaised = (kind: string): boolean => kind !== "on_decision";
const specs = catalogs.flatMap((one) => Object.entries(one.kinds)).filter(([kind]) => isRaised(kind));
const kinds = specs.map(([kind]) => kind);

/** An event of each kind, with members that its schema asks for. */
const events = catalogs.flatMap(({ name }) => {
  const text = readFileSync(repo(`manifests/catalogs/${name}.json`), "utf8");
  const all = Object.entries((JSON.parse(text) as Catalog).kinds).filter(([kind]) => isRaised(kind));
  return all.map(([kind, { payload = {} }]) => ({ ...(sampleOf(payload as PayloadSchema) as object), kind }));
});

async function witnessed() {
  const folder = tempDir();
  const root = writeExtension(
    folder,
    "witness",
    {
      protocol_version: 3,
      runtime: "process",
      command: "node",
      args: ["main.mjs"],
      permissions: [...new Set(specs.map(([, { permission }]) => permission))],
      hooks: kinds.map((hook) => ({ hook, timeout_ms: 30_000 })),
    },
    { "main.mjs": WITNESS },
  );
  const { host } = await startedHost([folder], { catalogs, limits: { lifecycleBudgetMs: 30_000 } });
  const seen = (): string[] =>
    existsSync(join(root, "seen")) ? readFileSync(join(root, "seen"), "utf8").split("\n").slice(0, -1) : [];
  return { host: host as Host, seen };
}

it("defect 3: every event that a catalog declares reaches its subscribers when it is raised", async () => {
  const { host, seen } = await witnessed();
  expect(new Set(events.map(({ kind }) => kind))).toEqual(new Set(kinds));
  const outcomes: Outcome[] = [];
  for (const event of events) outcomes.push(await (await host.emit(event as never)).settled);
  const unheard = outcomes.filter(({ votes }) => votes.length !== 1 || votes[0]?.status !== "voted");
  expect(unheard.map(({ kind, votes }) => [kind, votes])).toEqual([]);
  expect(seen().sort()).toEqual([...kinds].sort());
});
