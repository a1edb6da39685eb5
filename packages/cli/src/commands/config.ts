import { createInterface } from "node:readline";
import type { ConfigEntryReport } from "@synaps/host";
import {
  checkedConfigText,
  inspectConfig,
  redacted,
  settingsOf,
  writeConfigValue,
  type ConfigView,
} from "@synaps/host/tooling";
import { EXIT } from "../exit-codes.js";
import type { Io } from "../io.js";
import { hostOptionsOf, type PlaceFlags } from "../places.js";
import { errors } from "../present-error.js";
import { table, type Cell } from "../table.js";
import { jsonDocument, plain } from "../text.js";

export type ConfigAction = "list" | "get" | "set" | "unset";

export interface ConfigArguments {
  id: string;
  key: string | undefined;
  value: string | undefined;
}

export interface ConfigFlags extends PlaceFlags {
  show?: boolean;
  json?: boolean;
}

/** Shows or changes the configuration of an extension, without starting it. */
export async function config(
  io: Io,
  action: ConfigAction,
  { id, key, value }: ConfigArguments,
  flags: ConfigFlags,
): Promise<number> {
  const view = await inspectConfig(
    { ...settingsOf(hostOptionsOf(flags)), nowMs: Date.now() },
    id,
    action === "set" || action === "unset",
  );
  if (action === "list") return list(io, view, flags);
  if (key === undefined) throw errors.usage("missing argument 'key'", `Run: synaps-ext config list ${id}`);
  if (action === "get") return get(io, view, key, flags);
  if (action === "unset") return set(io, view, key, null, flags);
  if (value === undefined)
    throw errors.usage("missing argument 'value'", "Give it, or - to type or pipe it in.");
  return set(io, view, key, value === "-" ? await firstLine(io) : value, flags);
}

async function list({ stdout, stderr }: Io, view: ConfigView, flags: ConfigFlags): Promise<number> {
  if (flags.json) {
    const keys = view.entries.map((entry) => {
      const { key, shown, ...about } = entry;
      return { key, value: flags.show ? valueOf(view, entry, flags) : shown, ...about };
    });
    await stdout.write(
      jsonDocument({ schemaVersion: 1, id: view.id, file: view.path, redacted: !flags.show, keys }),
    );
    return EXIT.ok;
  }
  if (view.entries.length === 0) {
    await stderr.write(`${plain(view.id)} has no configuration\n`);
    return EXIT.ok;
  }
  const heading = ["KEY", "VALUE", "SOURCE", "TYPE", "DESCRIPTION"];
  const rows = view.entries.map((entry): Cell[] => [
    entry.required ? `${entry.key}*` : entry.key,
    textOf(valueOf(view, entry, flags)),
    sourceOf(entry),
    entry.allowed?.join("|") ?? entry.type ?? "-",
    entry.description ?? (entry.declared ? "" : "not in the manifest"),
  ]);
  await stdout.write(table(heading, rows, stdout));
  return EXIT.ok;
}

async function get({ stdout }: Io, view: ConfigView, key: string, flags: ConfigFlags): Promise<number> {
  const entry = view.entries.find((one) => one.key === key);
  if (!entry)
    throw errors.configKeyNotFound(
      view.id,
      key,
      view.entries.map((one) => one.key),
    );
  const value = valueOf(view, entry, flags);
  if (flags.json) {
    const { source, type, declared, required, secret, invalid } = entry;
    const about = { source, type, declared, required, secret, invalid };
    await stdout.write(
      jsonDocument({ schemaVersion: 1, id: view.id, key, value, redacted: !flags.show, ...about }),
    );
  } else {
    await stdout.write(`${plain(textOf(value))}\n`);
  }
  return value === null ? EXIT.failed : EXIT.ok;
}

async function set(
  { stdout, stderr }: Io,
  view: ConfigView,
  key: string,
  value: string | null,
  flags: ConfigFlags,
): Promise<number> {
  const text = checkedConfigText(view.live.entries, key, value, true);
  const { keptAside } = await writeConfigValue(view.baseDir, view.id, key, text);
  if (keptAside !== undefined) {
    await stderr.write(
      `${stderr.paint("yellow", "warn:")} the old file was no text and was kept: ${plain(keptAside)}\n`,
    );
  }
  const declared = view.live.entries.some((entry) => entry.key.trim() === key);
  if (!declared && value !== null) {
    await stderr.write(
      `${stderr.paint("cyan", "note:")} the manifest of ${plain(view.id)} does not name '${plain(key)}'\n`,
    );
  }
  if (flags.json) {
    await stdout.write(
      jsonDocument({ schemaVersion: 1, id: view.id, key, file: view.path, set: value !== null, declared }),
    );
  }
  return EXIT.ok;
}

function valueOf({ live }: ConfigView, { key }: ConfigEntryReport, { show }: ConfigFlags): unknown {
  const value = Object.hasOwn(live.visible, key) ? live.visible[key] : undefined;
  if (value === undefined) return null;
  return show ? value : redacted(typeof value === "string" ? value : JSON.stringify(value));
}

function textOf(value: unknown): string {
  if (value === null) return "-";
  return typeof value === "string" ? value : JSON.stringify(value);
}

function sourceOf({ source, invalid }: ConfigEntryReport): Cell {
  if (invalid) return { text: `${source}, wrong value`, style: "red" };
  return source === "missing" ? { text: source, style: "dim" } : source;
}

/** One line of standard input, so that a secret need not stand in the shell's history. */
async function firstLine({ stdin, stderr }: Io): Promise<string> {
  if (stdin.isTTY) await stderr.write("Value: ");
  for await (const line of createInterface({ input: stdin })) return line;
  return "";
}
