import { HostError, systemClock } from "@synaps/host";
import { ensurePrivateFolder } from "@synaps/host/tooling";
import { spawn } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { isAnswered, pidOf } from "../server/claim.js";
import type { ServicePlaces } from "../server/places.js";

/** Time for a service to be started: Node, the command and the socket. */
const START_MS = 15_000;
const PAUSE_MS = 20;
/** Marks that agents leave in the environment of what they start. A service is nobody's child. */
const AGENT_MARKS = /^(CLAUDE|CLAUDECODE|CODEX_|GEMINI_(CLI|SESSION|CWD|PROJECT|PLANS)|AI_AGENT)/;

/** The program that runs the service. */
export interface ServiceCommand {
  readonly program: string;
  readonly args: readonly string[];
}

/**
 * Starts the service unless it runs, in the background and as no child of this process. Resolves when somebody listens at its
 * socket; several programs may do this at once. Rejects with a HostError when nobody does after 15 s.
 */
export async function ensureService(
  places: ServicePlaces,
  { program, args }: ServiceCommand,
  env: Readonly<Record<string, string | undefined>>,
): Promise<{ readonly started: boolean; readonly pid: number | undefined }> {
  if (await isAnswered(places.socket)) return { started: false, pid: pidOf(places) };
  ensurePrivateFolder(places.folder);
  const log = openSync(places.log, "a", 0o600);
  const child = spawn(program, [...args], {
    cwd: places.baseDir,
    detached: true,
    env: Object.fromEntries(Object.entries(env).filter(([name]) => !AGENT_MARKS.test(name))),
    stdio: ["ignore", log, log],
  });
  closeSync(log);
  let failure: string | undefined;
  child.once("error", (error) => {
    failure = `it could not be started: ${error.message}`;
  });
  child.once("exit", (code, signal) => {
    // One that found another service in its place ends well.
    if (code !== 0) failure = `it ended at once with ${signal ?? `exit code ${code}`}`;
  });
  child.unref();
  const end = systemClock.now() + START_MS;
  while (!(await isAnswered(places.socket))) {
    if (failure !== undefined || systemClock.now() > end)
      throw new HostError(
        "SERVICE_UNAVAILABLE",
        `The service does not run: ${failure ?? `nobody listens at '${places.socket}' after ${START_MS / 1_000} s`}`,
        { hint: `Look at '${places.log}', or run in the foreground: synaps-ext serve` },
      );
    await pause(PAUSE_MS);
  }
  return { started: true, pid: pidOf(places) };
}

/** Resolves after a time, and keeps the program alive meanwhile. */
function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}
