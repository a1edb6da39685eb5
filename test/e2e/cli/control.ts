import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, vi } from "vitest";
import { ACTOR, cli, lineReader, start, writeActor, type Finished, type ResultLine } from "./command.js";

/** A host that was started with its control socket and reads its events from us. */
export interface ControlledHost {
  pid: number;
  /** Puts an event through it. */
  emit(line: string): Promise<ResultLine>;
  /** Resolves when its standard error has the text. */
  said(text: string): Promise<void>;
  signal(signal: NodeJS.Signals): void;
  /** Ends its input, or kills it with a signal, and waits for its end. */
  end(signal?: NodeJS.Signals): Promise<{ code: number | null; stderr: string }>;
}

export async function startHost(
  folder: string,
  base: string,
  flags: readonly string[] = [],
): Promise<ControlledHost> {
  // Without a folder the user's is read, with consent.
  const from = folder === "" ? [] : ["--extensions-dir", folder];
  const child = start(["run", "--control", ...from, "--base-dir", base, ...flags]);
  let stderr = "";
  child.stderr.on("data", (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  const closed = once(child, "close") as Promise<[number | null]>;
  const next = lineReader(child);
  const said = (text: string): Promise<void> =>
    vi.waitFor(() => expect(stderr).toContain(text), { timeout: 30_000, interval: 10 });
  await said("Look at it with: ");
  return {
    pid: child.pid ?? 0,
    emit: (line) => {
      child.stdin.write(line);
      return next();
    },
    said,
    signal: (signal) => void child.kill(signal),
    end: async (signal) => {
      if (signal) child.kill(signal);
      else child.stdin.end();
      const [code] = await closed;
      return { code, stderr };
    },
  };
}

/** Runs a command on a base folder. */
export function on(base: string, ...args: readonly string[]): Promise<Finished> {
  return cli([...args, "--base-dir", base]);
}

/** An actor that falls over nothing, a moment after each start. */
export const FALLS = ACTOR.replace(
  "return reply(id",
  "return (setTimeout(() => process.exit(9), 1), reply)(id",
);

/** An extension whose program is not there. */
export function writeBroken(parent: string, id = "broken"): string {
  return writeActor(parent, id, { command: "./missing" });
}

/** An extension that is refused. */
export function writeInvalid(parent: string, id = "invalid"): string {
  return writeActor(parent, id, { hooks: [{ hook: "before_tol_call" }] });
}

/** Puts the missing program of a broken extension there. */
export function repair(root: string): void {
  writeFileSync(join(root, "missing"), '#!/bin/sh\nexec node "$@"\n', { mode: 0o755 });
}
