import { cpSync, mkdirSync, realpathSync, symlinkSync, writeFileSync } from "node:fs";
import { execFile } from "node:child_process";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { startOpenTelemetry } from "@synaps/metrics";
import { expect, it, onTestFinished } from "vitest";
import { metrics, type BatchObservableCallback, type Meter, type Observable } from "@opentelemetry/api";
import { startedHost } from "../helpers/hosts.js";
import { repo } from "../helpers/paths.js";
import { tempDir } from "../helpers/temp.js";

const SECRET = "the-text-of-a-payload";
const EVENT = { kind: "before_tool_call", tool_name: SECRET, tool_input: { command: SECRET } };

/** An OpenTelemetry of the program that keeps what it is told. */
function program(): { collect: () => string[]; recorded: [name: string, value: number, labels: unknown][] } {
  const recorded: [string, number, unknown][] = [];
  const callbacks = new Set<BatchObservableCallback>();
  const names = new Map<Observable, string>();
  const observable = (name: string): Observable => {
    const one = { addCallback: () => {}, removeCallback: () => {} };
    names.set(one, name);
    return one;
  };
  const meter = {
    createObservableCounter: observable,
    createObservableGauge: observable,
    createHistogram: (name: string) => ({
      record: (value: number, labels: unknown) => void recorded.push([name, value, labels]),
    }),
    addBatchObservableCallback: (callback: BatchObservableCallback) => void callbacks.add(callback),
    removeBatchObservableCallback: (callback: BatchObservableCallback) => void callbacks.delete(callback),
  } as unknown as Meter;
  metrics.setGlobalMeterProvider({ getMeter: () => meter });
  onTestFinished(() => metrics.disable());
  const collect = (): string[] => {
    const seen: string[] = [];
    const observe = (one: Observable, value: number, labels: unknown): void =>
      void seen.push(`${names.get(one)} ${JSON.stringify(labels)} ${value}`);
    for (const callback of callbacks) void callback({ observe });
    return seen;
  };
  return { collect, recorded };
}

it("numbers are collected from the host, and times are recorded with each outcome, until the end", async () => {
  const { collect, recorded } = program();
  const { host } = await startedHost([]);
  host.subscribe("before_tool_call", () => ({ action: "block", reason: SECRET }), { id: "guard" });
  const stop = await startOpenTelemetry(host);
  expect(await startOpenTelemetry(host)).toBe(stop);
  await host.emit(EVENT);
  const labels = { extension: "guard", kind: "before_tool_call" };
  expect(collect()).toContain(`synaps_hook_votes_total ${JSON.stringify({ ...labels, verdict: "block" })} 1`);
  expect(recorded.map(([name, , of]) => [name, of])).toEqual([
    ["synaps_outcome_seconds", { kind: "before_tool_call" }],
    ["synaps_hook_queue_seconds", labels],
    ["synaps_hook_run_seconds", labels],
  ]);
  expect(JSON.stringify([collect(), recorded])).not.toContain(SECRET);
  stop();
  await host.emit(EVENT);
  expect([recorded.length, collect()]).toEqual([3, []]);
});

it("ends with the host", async () => {
  const { collect } = program();
  const { host } = await startedHost([]);
  await startOpenTelemetry(host);
  expect(collect()).not.toEqual([]);
  await host.stop();
  expect(collect()).toEqual([]);
});

it("without the package, only the call for it fails, and says what to install", async () => {
  const folder = tempDir();
  cpSync(repo("packages/metrics/dist"), join(folder, "metrics"), { recursive: true });
  for (const name of ["@synaps/host", "prom-client"]) {
    const to = join(folder, "node_modules", name);
    mkdirSync(dirname(to), { recursive: true });
    symlinkSync(realpathSync(repo(`packages/metrics/node_modules/${name}`)), to);
  }
  writeFileSync(join(folder, "package.json"), '{"type":"module"}');
  writeFileSync(
    join(folder, "main.mjs"),
    `import { createHost } from "@synaps/host";
     import { metricsOf, startOpenTelemetry } from "./metrics/index.js";
     const host = createHost({ baseDir: ${JSON.stringify(tempDir())}, folders: [] });
     const failed = await startOpenTelemetry(host).catch(({ code, hint }) => [code, hint]);
     const text = await metricsOf(host).text();
     console.log(JSON.stringify([...failed, text.includes("synaps_extensions")]));`,
  );
  const { stdout } = await promisify(execFile)(process.execPath, [join(folder, "main.mjs")]);
  expect(JSON.parse(stdout)).toEqual([
    "PACKAGE_MISSING",
    "Install @opentelemetry/api, which the OpenTelemetry of your program brings.",
    true,
  ]);
});
