import { existsSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { block, confirm, defineExtension, proceed, type JsonValue } from "@synaps/sdk";
import { ownPlaces, Projects } from "@synaps/guards/paths";
import { decide } from "./decide.js";
import { describe, logLine } from "./message.js";
import { placeOf, type OwnPlaces } from "./place.js";
import { MAX_PATHS, readCall, withGuesses } from "./read-call.js";
import { readSettings } from "./settings.js";
import { guessedKind, isOfServer, toolKind, type OwnTool } from "./tools.js";
import { innerCalls } from "./inner-calls.js";
import type { Call } from "./model.js";

// No limits here: a value outside of them would refuse to start, and a guard with its default rules is better than none.
const config = {
  mode: { type: "string" },
  allow: { type: "string" },
  block: { type: "string" },
  ask: { type: "string" },
  off_rules: { type: "string" },
  tools: { type: "string" },
  project_root: { type: "string" },
} as const;

/** The places of the guard in a folder, with the extensions that stand beside it. */
export const placesFrom = (folder: string, home: string | null): OwnPlaces => ({
  ...ownPlaces(folder, home),
  extensions: extensionsIn(dirname(folder)),
});

/** A program may be told of a folder of extensions anywhere, for instance in a project. */
function extensionsIn(folder: string): string[] {
  try {
    const names = readdirSync(folder).map((name) => join(folder, name));
    return names
      .filter((path) => existsSync(join(path, ".synaps-plugin", "plugin.json")))
      .slice(0, MAX_EXTENSIONS);
  } catch {
    return [];
  }
}

const MAX_EXTENSIONS = 200;

/** What a call touches, with the calls that it makes itself; undefined for one that touches no file as far as can be told. */
function callOf(
  name: string | null,
  runtimeName: string | null,
  input: JsonValue,
  own: readonly OwnTool[],
): Call | undefined {
  const kind = toolKind(name, runtimeName, own);
  if (kind === "none") return undefined;
  const inner = kind === undefined ? innerCalls(input) : undefined;
  if (inner === undefined) {
    const call = readCall(kind, input, kind !== undefined && !isOfServer(runtimeName ?? name));
    return withGuesses(call, kind ?? guessedKind(runtimeName ?? name), input);
  }
  const calls = inner.calls.map((call) => callOf(null, call.name, call.input, own));
  const accesses = calls.flatMap((call) => call?.accesses ?? []);
  const isWhole = inner.isWhole && accesses.length <= MAX_PATHS;
  const unclear = calls.find((call) => call?.unclear !== undefined)?.unclear;
  return {
    accesses: accesses.slice(0, MAX_PATHS),
    unclear: isWhole ? unclear : "it does too much at once",
  };
}

/** The guard with the folders that it belongs to. */
export function makeFileGuard(guarded: OwnPlaces) {
  const projects = new Projects(guarded.home);
  return defineExtension({
    config,
    start(context) {
      for (const problem of readSettings(context.config).problems)
        context.log(`MISTAKE IN THE CONFIGURATION: ${problem}. The default rules stay on.`);
    },
    hooks: {
      async before_tool_call(event, context) {
        const settings = readSettings(context.config);
        const call = callOf(event.tool_name, event.tool_runtime_name, event.tool_input, settings.tools);
        if (call === undefined) return proceed();
        const place = placeOf(event.data, event.tool_input, settings.project, projects, guarded);
        const decision = await decide(call, place, settings);
        if (decision.findings.length > 0) context.log(logLine(decision));
        if (decision.verdict === "block") return block(describe(decision));
        return decision.verdict === "confirm" ? confirm(describe(decision)) : proceed();
      },
    },
  });
}
