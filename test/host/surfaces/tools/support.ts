import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Host, HostOptions } from "@synaps/host";
import { variant } from "../../../e2e/host/support/fixture.js";
import { startedHost } from "../../../helpers/hosts.js";
import { tempDir } from "../../../helpers/temp.js";

export interface ToolHost extends Awaited<ReturnType<typeof startedHost>> {
  host: Host;
  /** What the extension noted about its calls, one line each. */
  calls(): string[];
  /** Lets the tool `waits` go on, when it waits for this leave. */
  go(leave?: string): void;
}

/** A host with the extension `offers-tools`, its `extension` section changed. */
export async function toolHost(
  extension: Readonly<Record<string, unknown>> = {},
  options: HostOptions = {},
): Promise<ToolHost> {
  const folder = tempDir();
  const state = tempDir();
  variant(folder, "offers-tools", { args: [state], extension });
  const started = await startedHost([folder], options);
  return {
    ...started,
    calls: () => {
      try {
        return readFileSync(join(state, "calls"), "utf8").split("\n").slice(0, -1);
      } catch {
        return [];
      }
    },
    go: (leave = "go") => writeFileSync(join(state, leave), ""),
  };
}

/** The declaration of a tool with nothing special about it. */
export function declared(name: string, more: Readonly<Record<string, unknown>> = {}): object {
  return { name, description: `What ${name} does`, input_schema: { type: "object" }, ...more };
}
