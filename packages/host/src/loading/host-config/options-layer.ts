import type { JsonValue } from "@synaps/sdk/protocol";
import type { HostOptions } from "../../options.js";
import type { Layer } from "./layers.js";
import { FIXED_KEYS } from "./tables.js";

/** The options of `createHost` that keys of the configuration stand for too. */
export type ConfigurableOptions = Pick<
  HostOptions,
  "lazy" | "projectExtensions" | "control" | "hookEvents" | "chain" | "limits" | "audit"
>;

/** The options as a layer. They are expected to be checked; undefined and null set nothing. The secret of the audit is no part. */
export function optionsLayer({ limits, audit, ...host }: ConfigurableOptions): Layer["settings"] {
  const given: Readonly<Record<string, object | undefined>> = { host, limits, audit: auditOptions(audit) };
  const settings: Layer["settings"] = new Map();
  for (const { table, name, path, text } of FIXED_KEYS) {
    const from = given[table];
    const value: unknown = from && Reflect.get(from, name);
    if (value === undefined || value === null) continue;
    const origin = { from: "options", line: null, variable: null } as const;
    settings.set(text, { path, value: value as JsonValue, origin });
  }
  return settings;
}

function auditOptions(audit: ConfigurableOptions["audit"]): object | undefined {
  if (audit === undefined || audit === null) return undefined;
  return typeof audit === "boolean" ? { enabled: audit } : { ...audit, enabled: true };
}
