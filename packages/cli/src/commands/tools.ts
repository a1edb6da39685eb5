import type { ToolInfo } from "@synaps/host";
import { EXIT } from "../exit-codes.js";
import type { Io } from "../io.js";
import type { PlaceFlags } from "../places.js";
import { withHost } from "../started-host.js";
import { table } from "../table.js";
import { jsonDocument } from "../text.js";

export interface ToolsFlags extends PlaceFlags {
  json?: boolean;
}

/** Characters of a description that stand in a table. */
const MAX_DESCRIPTION = 60;

/** Starts all extensions, shows the tools that they declare, and ends them. */
export function tools(io: Io, flags: ToolsFlags): Promise<number> {
  return withHost(io, flags, {}, async (host) => {
    const all = host.tools.list();
    if (flags.json) await io.stdout.write(jsonDocument({ schemaVersion: 1, tools: all }));
    else if (all.length === 0) await io.stderr.write("No extension offers a tool.\n");
    else await io.stdout.write(table(["TOOL", "AGAIN", "DESCRIPTION"], all.map(rowOf), io.stdout));
    return EXIT.ok;
  });
}

function rowOf({ name, idempotent, description }: ToolInfo): string[] {
  const [line = ""] = description.trim().split("\n");
  const short = line.length > MAX_DESCRIPTION ? `${line.slice(0, MAX_DESCRIPTION - 1)}…` : line;
  return [name, idempotent ? "yes" : "no", short];
}
