import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { variant } from "../e2e/host/support/fixture.js";
import { tempDir } from "./temp.js";

export const ECHO = { name: "echo", description: "Says it again", input_schema: { type: "object" } };
export const SHOUT = { name: "shout", description: "Says it loudly", input_schema: { type: "object" } };
export const PROVIDER = {
  id: "local",
  display_name: "Local",
  description: "On this machine",
  models: [{ id: "small", capabilities: { tools: true } }],
};

export interface Late {
  folder: string;
  root: string;
  /** What it noted: a line for each start, event and call. */
  notes(): string[];
  /** Process ids of its starts. */
  starts(): number[];
}

export interface LateOptions {
  folder?: string;
  id?: string;
  /** What it does, as the fixture understands it. */
  does?: Readonly<Record<string, unknown>>;
  extension?: Readonly<Record<string, unknown>>;
}

/** An extension that says when it was started. By default it declares one tool, in its manifest and when it runs. */
export function late({ folder = tempDir(), id = "late", does = {}, extension = {} }: LateOptions = {}): Late {
  const log = join(folder, `${id}.log`);
  const notes = (): string[] =>
    existsSync(log) ? readFileSync(log, "utf8").trim().split("\n").filter(Boolean) : [];
  const root = variant(folder, "works-late", {
    id,
    args: [JSON.stringify({ log, declares: { tools: [ECHO] }, ...does })],
    extension: { deferred: { tools: [ECHO] }, ...extension },
  });
  return {
    folder,
    root,
    notes,
    starts: () =>
      notes().flatMap((line) => (line.startsWith("start ") ? [Number(line.slice("start ".length))] : [])),
  };
}
