import { parseArgs } from "node:util";
import { createHost, reportLine, type Host, nullLogger } from "@synaps/host";
import { readAudit } from "./audit.js";
import { findExtensions, type Skipped } from "./bundled.js";
import { Session, type Watcher } from "./loop.js";
import { Mischief } from "./mischief.js";
import { createPaint, wantsColor } from "./paint.js";
import { createScratch, type Scratch } from "./scratch.js";
import type { Screen } from "./screen.js";
import { scriptedModel, TRICKS, USER_MESSAGES } from "./script.js";
import { jsonScreen } from "./show-json.js";
import { TableScreen } from "./show.js";
import { createTools } from "./tools.js";

const USAGE = "Usage: npm start -- [--json]\n";
const SIGNAL_CODES = { SIGINT: 130, SIGTERM: 143 } as const;

await main();

async function main(): Promise<void> {
  const screen = chooseScreen();
  if (!screen) return;
  const scratch = createScratch();
  const signal = stopOnSignals(scratch);
  const { folders, skipped } = findExtensions();
  const host = createExampleHost(folders, scratch);
  let audit;
  try {
    await converse(host, { scratch, skipped, screen, signal });
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    await host.stop();
    audit = readAudit(scratch.auditLog);
    scratch.remove();
  }
  if (signal.aborted) screen.interrupted();
  else screen.finished(reportsOf(host), audit);
}

function createExampleHost(folders: readonly string[], scratch: Scratch): Host {
  return createHost({
    logger: nullLogger,
    folders,
    baseDir: scratch.base,
    projectDir: scratch.project,
    env: {
      ...process.env,
      SYNAPS_EXTENSION_AUDIT_LOG_PATH: scratch.auditLog,
      // With every message instead of every 15 minutes, so that there is something to see.
      SYNAPS_EXTENSION_SESSION_CLOCK_REFRESH_MINUTES: "0",
    },
    // The usual pause before a restart is longer than anybody wants to watch.
    limits: { restartBaseMs: 50 },
  });
}

interface Setting {
  scratch: Scratch;
  skipped: readonly Skipped[];
  screen: Screen;
  signal: AbortSignal;
}

async function converse(host: Host, { scratch, skipped, screen, signal }: Setting): Promise<void> {
  await host.start();
  signal.throwIfAborted();
  const { running, failed } = standOf(host);
  screen.started(scratch.root, running, [...skipped, ...failed]);
  const mischief = new Mischief(host, "path-keeper");
  signal.addEventListener("abort", () => mischief.end(), { once: true });
  const runTool = createTools({ project: scratch.project, home: scratch.home, signal });
  const watcher = withMischief(screen, mischief);
  try {
    await new Session({ host, model: scriptedModel(), runTool, watcher, signal }).run(USER_MESSAGES);
  } finally {
    mischief.end();
  }
}

function withMischief(screen: Screen, mischief: Mischief): Watcher {
  return {
    said: (role, text) => screen.said(role, text),
    emitted: (outcome) => screen.emitted(outcome),
    asked(call) {
      screen.asked(call);
      const trick = TRICKS[call.id];
      if (trick) mischief.play(trick);
    },
    answered(call, result) {
      mischief.end();
      screen.answered(call, result);
      const trick = TRICKS[call.id];
      if (trick) screen.noted(mischief.tell(trick, result));
    },
  };
}

function standOf(host: Host): { running: { id: string; version: string }[]; failed: Skipped[] } {
  const { extensions } = host.snapshot();
  const running = extensions.filter(({ state }) => state === "running");
  const others = extensions.filter(({ state }) => state !== "running");
  return {
    running: running.map(({ id, version }) => ({ id, version: version ?? "" })),
    failed: others.map(({ id, state, diagnostics }) => ({
      id,
      why: diagnostics.map(({ message, hint }) => `${message}. ${hint}`).join(" ") || `it is ${state}`,
    })),
  };
}

function reportsOf(host: Host): string[] {
  const { extensions, subscriptions } = host.snapshot();
  return extensions.map(({ id }) =>
    reportLine(
      id,
      subscriptions.filter(({ extension }) => extension === id),
    ),
  );
}

function chooseScreen(): Screen | undefined {
  const { stdout, stderr, env } = process;
  const write = (line: string): void => void stdout.write(`${line}\n`);
  try {
    const { values } = parseArgs({
      options: { json: { type: "boolean" }, help: { type: "boolean", short: "h" } },
    });
    if (values.help) stdout.write(USAGE);
    else if (values.json) return jsonScreen(write);
    else {
      const width = Math.min(100, Math.max(72, stdout.columns ?? 100));
      return new TableScreen(write, width, createPaint(wantsColor(stdout.isTTY, env)));
    }
  } catch (error) {
    stderr.write(`${error instanceof Error ? error.message : String(error)}\n${USAGE}`);
    process.exitCode = 2;
  }
  return undefined;
}

/** Aborts at the first signal; a second one ends the program at once. Nobody reading any more is a signal, too. */
function stopOnSignals(scratch: Scratch): AbortSignal {
  const stop = new AbortController();
  for (const [name, code] of Object.entries(SIGNAL_CODES)) {
    process.on(name, () => {
      if (stop.signal.aborted) {
        // Added now, so that it runs after the host's own listener, which kills the extensions.
        process.once("exit", scratch.remove);
        process.exit(code);
      }
      process.exitCode = code;
      stop.abort();
    });
  }
  process.stdout.on("error", () => stop.abort());
  return stop.signal;
}
