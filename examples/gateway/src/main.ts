import { join } from "node:path";
import { parseArgs } from "node:util";
import { createScratch, stopOnSignals, watchKinds, witnesses } from "@synaps/example-shared";
import { createHost, nullLogger } from "@synaps/host";
import { metricsOf, startMetricsListener } from "@synaps/metrics";
import { gatewayCatalog } from "@synaps/sdk/catalogs";
import { auditLines, Book, differences, gatewayLines } from "./book.js";
import { day } from "./day.js";
import { Gateway } from "./gateway.js";
import { installed } from "./installed.js";
import { changes, refusals } from "./rules.js";
import { startScriptedModel } from "./scripted-model.js";
import { configFor, Stage, writeConfig } from "./stage.js";
import { startRefused, starts, stopsWhileBusy } from "./start-and-stop.js";
import { trouble } from "./trouble.js";

const USAGE = `Usage: node examples/gateway/dist/main.js

Starts a gateway with extensions on loopback, drives it with real WebSocket clients, and prints what each event of the
catalog 'gateway' was raised for. The model is scripted; everything else is real. Ends by itself after some seconds.
`;
const ABOUT =
  "The model is scripted: an HTTP server of this program. Clients, gateway, extensions and files are real.";

/** Columns for what was done. */
const ROOM = 46;

if (isWanted()) await main();

async function main(): Promise<void> {
  const scratch = createScratch("gateway");
  const signal = stopOnSignals(() => scratch.remove());
  const interrupted = new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve()));
  write(`Gateway with extensions\n${ABOUT}\n\nscratch  ${scratch.root} (removed at the end)`);
  const model = await startScriptedModel();
  const configFile = join(scratch.root, "gateway.json");
  writeConfig(configFile, configFor(model));
  const host = createHost({
    catalogs: [gatewayCatalog],
    folders: witnesses(scratch, gatewayCatalog),
    baseDir: scratch.base,
    audit: { folder: join(scratch.root, "audit"), chain: true, events: ["gateway.*"] },
    // What a hook may still write down at the end, all hooks together.
    limits: { lifecycleBudgetMs: 2_000 },
    logger: nullLogger,
  });
  const gateway = new Gateway({ host, config: configFile, drainMs: 2_000, log: write });
  const book = new Book();
  const stage = new Stage({ host, gateway, model, book, configFile, say });
  try {
    // The clients of an interrupted run see the end of the gateway as any client would.
    const report = await Promise.race([drive(stage), interrupted]);
    if (report) await installed(say, { scratch, interrupted });
    if (report && !signal.aborted) write(`\n${report.table}\n`);
    await end(stage);
    if (report && !signal.aborted) {
      check("metrics", book.metrics(stage.provider, model.bills), report.metrics);
      check("audit", book.lines, await auditLines(join(scratch.root, "audit")));
    }
  } finally {
    await end(stage);
    scratch.remove();
  }
  if (signal.aborted) write("\nInterrupted. The extensions are stopped and the scratch folder is removed.");
}

/** May be called twice. */
async function end({ parts: { gateway, host, model } }: Stage): Promise<void> {
  await gateway.stop();
  await host.stop();
  await model.close();
}

/** What the clients of the gateway do. Resolves with the table of kinds, and with the gateway's metrics after all of it. */
async function drive(stage: Stage): Promise<{ table: string; metrics: string[] }> {
  const { host } = stage.parts;
  const watch = watchKinds(host, gatewayCatalog);
  await host.start();
  await metricsOf(host).countGateway();
  const listener = await startMetricsListener({ host, port: 0 });
  const path = (name: string, work: () => Promise<void>): Promise<void> => {
    write(`\n${name}`);
    return watch.onPath(name, work);
  };
  await path("other starts", () => startRefused(stage));
  await path("day", async () => {
    await starts(stage);
    await day(stage);
  });
  await path("trouble", () => trouble(stage));
  await path("refusal", () => refusals(stage));
  await path("change", () => changes(stage));
  await path("busy stop", () => stopsWhileBusy(stage));
  const metrics = gatewayLines(await (await fetch(`${listener.url}/metrics`)).text());
  const seen = await watch.seen();
  for (const kind of watch.missing(seen)) fail(`${kind} did not fire, or a witness did not see it`);
  return { table: watch.table(seen), metrics };
}

function check(what: string, booked: readonly string[], found: readonly string[]): void {
  const wrong = differences(booked, found);
  write(`${what.padEnd(8)} ${found.length} lines, ${wrong.length} of them other than what the clients did`);
  for (const line of wrong) fail(`${what}, ${line}`);
}

function say(who: string, did: string, got: string): void {
  const shown = did.length > ROOM ? `${did.slice(0, ROOM - 1)}…` : did;
  write(`  ${who.padEnd(15)}  ${shown.padEnd(ROOM)}  ${got}`);
}

function fail(line: string): void {
  process.stderr.write(`gateway: ${line}\n`);
  process.exitCode = 1;
}

function write(line: string): void {
  process.stdout.write(`${line}\n`);
}

function isWanted(): boolean {
  try {
    const { values } = parseArgs({ options: { help: { type: "boolean", short: "h" } } });
    if (values.help) process.stdout.write(USAGE);
    return !values.help;
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n${USAGE}`);
    process.exitCode = 2;
    return false;
  }
}
