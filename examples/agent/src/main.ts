import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import {
  bundled,
  createScratch,
  stopOnSignals,
  tableOf,
  watchKinds,
  witnesses,
  type Scratch,
} from "@synaps/example-shared";
import { createHost, type Host } from "@synaps/host";
import { agentCatalog } from "@synaps/sdk/catalogs";
import { CONFIGURATION, PATHS, prepare, stopWhileBusy, type Stage } from "./demo.js";
import { startModels } from "./model.js";
import { usePolicies } from "./policies.js";
import { Program } from "./program.js";
import { SCRIPT } from "./script.js";

const USAGE = `Usage: node examples/agent/dist/main.js

Runs an agent program with extensions around all that it does, through good and bad paths, and prints what happened and how
often each kind of the catalog 'agent' fired. The models follow a script; requests, tools, files and figures are real.
`;

const say = (line: string): void => void process.stdout.write(`${line}\n`);

await main();

async function main(): Promise<void> {
  try {
    const { values } = parseArgs({ options: { help: { type: "boolean", short: "h" } } });
    if (values.help) return void process.stdout.write(USAGE);
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n\n${USAGE}`);
    process.exitCode = 2;
    return;
  }
  const scratch = createScratch("agent");
  try {
    await run(scratch, stopOnSignals(scratch.remove));
  } finally {
    scratch.remove();
  }
}

async function run(scratch: Scratch, signal: AbortSignal): Promise<void> {
  say(
    "An agent with extensions. What the models say is a script; requests, tools, files and figures are real.",
  );
  const models = await startModels(SCRIPT);
  const host = createHost({
    folders: [bundled("cost-tracker"), ...witnesses(scratch, agentCatalog)],
    catalogs: [agentCatalog],
    baseDir: scratch.base,
    projectDir: scratch.root,
    env: {
      ...process.env,
      // Prices of this script's models, for a million tokens; a word is a token here.
      SYNAPS_EXTENSION_COST_TRACKER_PRICES: "large 20 60; small 0.50 1.50",
      SYNAPS_EXTENSION_COST_TRACKER_BUDGET_SESSION: "0.01",
      SYNAPS_EXTENSION_COST_TRACKER_ON_EXCEEDED: "block",
      SYNAPS_EXTENSION_COST_TRACKER_FOLDER: join(scratch.root, "costs"),
    },
  });
  try {
    await host.start();
    await usePolicies(host);
    await play(host as unknown as Host, scratch, { models, signal });
  } catch (error) {
    if (!signal.aborted) throw error;
    say("\nInterrupted. The extensions are stopped and the scratch folder is removed.");
  } finally {
    await host.stop();
    await models.close();
  }
}

async function play(
  host: Host,
  scratch: Scratch,
  { models, signal }: Pick<Stage, "models"> & { signal: AbortSignal },
): Promise<void> {
  const watch = watchKinds(host, agentCatalog);
  host.events.subscribe("cost.alert", ({ data }) => say(`  cost-tracker raised: ${JSON.stringify(data)}`));
  const folder = join(scratch.root, "program");
  const program = new Program(host, folder, models.url);
  await mkdir(program.work, { recursive: true });
  await prepare(folder, program.work);
  const stage: Stage = {
    program,
    models,
    folder,
    configuration: CONFIGURATION,
    say: (line) => say(`  ${line.replaceAll("\n", " | ")}`),
  };
  const onPath = async (name: string, work: () => Promise<void>): Promise<void> => {
    signal.throwIfAborted();
    say(`\n${name}`);
    await watch.onPath(name, work);
  };
  // A signal ends the program as anything else does: what runs is ended, and everybody is told.
  let stopped = Promise.resolve();
  const stop = (): void => {
    stopped = program.stop();
    // What fails is told below, where it is waited for.
    stopped.catch(() => undefined);
  };
  signal.addEventListener("abort", stop, { once: true });
  try {
    await onPath("start", async () => stage.say(`tools: ${(await program.start()).join(", ")}`));
    for (const [name, work] of PATHS) await onPath(name, () => work(stage));
    await onPath("stop while busy", () => stopWhileBusy(stage));
  } finally {
    await stopped;
  }

  const seen = await watch.seen();
  say(`\n${watch.table(seen)}`);
  await showCosts(host);
  const missing = watch.missing(seen);
  if (missing.length === 0) return;
  say(`\nNever seen: ${missing.join(", ")}`);
  process.exitCode = 1;
}

/** What the cost tracker counted: through its tool, as a model would ask for it. */
async function showCosts(host: Host): Promise<void> {
  const { content } = await host.tools.call("cost-tracker:report", { by: "model" });
  const { rows, total, remarks } = JSON.parse(content) as {
    rows: { name: string; calls: string; cost: string }[];
    total: { calls: string; cost: string };
    remarks: string[];
  };
  say("\nWhat the cost tracker counted, in dollars of made-up prices:");
  say(
    tableOf(
      ["model", "calls", "cost"],
      [...rows, { name: "in all", ...total }].map(({ name, calls, cost }) => [name, Number(calls), cost]),
    ),
  );
  for (const remark of remarks) say(remark);
}
