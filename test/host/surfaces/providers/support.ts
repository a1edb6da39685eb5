import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { CompletionRequest, HostOptions, StreamEvent } from "@synaps/host";
import { variant } from "../../../e2e/host/support/fixture.js";
import { startedHost } from "../../../helpers/hosts.js";
import { tempDir } from "../../../helpers/temp.js";

/** What the provider does for one question. */
export interface Turn {
  events?: readonly unknown[];
  /** How often the events are sent. */
  times?: number;
  /** Other messages than events. */
  raw?: readonly object[];
  result?: unknown;
  error?: object;
  exit?: true;
  wait?: true;
}

export const text = (value: string): object => ({ type: "text", text: value });
export const answer = (...content: readonly object[]): Turn => ({ result: { content } });
export const uses = (name: string, input: unknown = {}, id = "t-1"): object => ({
  type: "tool_use",
  id,
  name,
  input,
});

export const WHOLE = "offers-models:local:whole";
export const FLOW = "offers-models:local:flow";

export function asking(model: string, ...turns: readonly Turn[]): CompletionRequest {
  return { model, messages: [{ role: "user", turns } as never] };
}

export interface ModelHost extends Awaited<ReturnType<typeof startedHost>> {
  baseDir: string;
  /** What the provider was asked, a question each. */
  asked(): Record<string, unknown>[];
  /** Lets a turn with `wait` go on. */
  go(): void;
  /** Lines of the audit file, as objects. */
  audit(): Promise<Record<string, unknown>[]>;
}

/** A host with the extension `offers-models`, and `offers-tools` when asked for. */
export async function modelHost(
  {
    extension = {},
    withTools = false,
  }: { extension?: Readonly<Record<string, unknown>>; withTools?: boolean } = {},
  options: HostOptions = {},
): Promise<ModelHost> {
  const folder = tempDir();
  const state = tempDir();
  const baseDir = tempDir();
  variant(folder, "offers-models", { args: [state], extension });
  if (withTools) variant(folder, "offers-tools", { args: [state] });
  const started = await startedHost([folder], { baseDir, ...options });
  const lines = (path: string): Record<string, unknown>[] =>
    existsSync(path)
      ? readFileSync(path, "utf8")
          .split("\n")
          .slice(0, -1)
          .map((line) => JSON.parse(line) as Record<string, unknown>)
      : [];
  return {
    ...started,
    baseDir,
    asked: () => lines(join(state, "asked")),
    go: () => writeFileSync(join(state, "go"), ""),
    audit: async () => {
      await started.host.providers.settled();
      return lines(join(baseDir, "extensions", "audit.jsonl"));
    },
  };
}

export async function allOf(stream: AsyncIterable<StreamEvent>): Promise<StreamEvent[]> {
  const events: StreamEvent[] = [];
  for await (const event of stream) events.push(event);
  return events;
}
