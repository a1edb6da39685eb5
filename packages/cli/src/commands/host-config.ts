import { resolve } from "node:path";
import { defaultBaseDir } from "@synaps/host";
import {
  collectInventory,
  inspectHostConfig,
  writtenValues,
  type HostConfigInspection,
  type HostConfigProblem,
} from "@synaps/host/tooling";
import { didYouMean } from "@synaps/sdk/protocol";
import { everyCatalog, type CatalogFlags } from "../catalogs.js";
import { shortPath } from "../diagnostics.js";
import { EXIT } from "../exit-codes.js";
import { jsonTables, tomlText } from "../host-config-text.js";
import type { Io, Output } from "../io.js";
import type { PlaceFlags } from "../places.js";
import { count, jsonDocument, plain } from "../text.js";

export type HostConfigAction = "check" | "show";

export interface HostConfigFlags extends PlaceFlags, CatalogFlags {
  origin?: boolean;
  json?: boolean;
}

/** A name under `[hooks.of]` that no installed extension and no hook of one has. */
interface Unmatched {
  id: string;
  line: number | null;
  hint: string;
}

/** Checks or shows the configuration that a host of the base folder would take. Starts nothing and changes nothing. */
export async function hostConfig(io: Io, action: HostConfigAction, flags: HostConfigFlags): Promise<number> {
  const baseDir = resolve(flags.baseDir ?? defaultBaseDir(io.env));
  const inspection = inspectHostConfig({ baseDir, env: io.env });
  return action === "check" ? check(io, baseDir, inspection, flags) : show(io, inspection, flags);
}

async function check(
  { stdout, env }: Io,
  baseDir: string,
  inspection: HostConfigInspection,
  flags: HostConfigFlags,
): Promise<number> {
  const { file, problems, warnings } = inspection;
  // The rest of the warnings stand among the problems.
  const notes = warnings.slice(problems.filter(({ severity }) => severity === "warning").length);
  const unmatched = await unmatchedIn(inspection, baseDir, env, flags);
  const valid = problems.length === 0;
  if (flags.json) {
    await stdout.write(jsonDocument({ schemaVersion: 1, file, valid, problems, notes, unmatched }));
  } else {
    const remarks = [
      ...notes.map((note) => `${stdout.paint("cyan", "note:")} ${plain(note)}\n`),
      ...unmatched.map((one) => unmatchedText(one, file, stdout)),
    ];
    const verdict = valid
      ? stdout.paint("green", "ok")
      : stdout.paint("red", count(problems.length, "mistake"));
    const name = file === null ? "no host.toml and no host.json: the defaults" : plain(shortPath(file));
    await stdout.write(
      [...problems.map((one) => problemLines(one, stdout)), ...remarks, `${name}: ${verdict}\n`].join(""),
    );
  }
  return valid ? EXIT.ok : EXIT.failed;
}

async function show(
  { stdout, stderr }: Io,
  inspection: HostConfigInspection,
  flags: HostConfigFlags,
): Promise<number> {
  const { config, file, origins, problems, warnings } = inspection;
  const errors = problems.filter(({ severity }) => severity === "error");
  if (errors.length > 0) {
    await stderr.write(errors.map((one) => problemLines(one, stderr)).join(""));
    return EXIT.failed;
  }
  await stderr.write(
    warnings.map((warning) => `${stderr.paint("yellow", "warn:")} ${plain(warning)}\n`).join(""),
  );
  const values = writtenValues(config);
  if (flags.json) {
    const from = flags.origin ? { origins: Object.fromEntries(origins) } : {};
    await stdout.write(jsonDocument({ schemaVersion: 1, file, config: jsonTables(values), ...from }));
  } else {
    await stdout.write(tomlText(values, file, flags.origin ? origins : undefined));
  }
  return EXIT.ok;
}

/** `file:line:column  error  'key' message`, then what to do. */
function problemLines(problem: HostConfigProblem, out: Output): string {
  const { severity, file, line, column, variable, key, message, hint } = problem;
  const where = [variable ?? (file === null ? null : shortPath(file)), line, column];
  const place = where.filter((part) => part !== null).join(":");
  const word = severity === "error" ? out.paint("red", "error") : out.paint("yellow", "warn");
  const what = key === "" ? message : `'${key}' ${message}`;
  return `${plain(place)}  ${word}  ${plain(what)}\n  ${out.paint("cyan", "hint:")} ${plain(hint)}\n`;
}

function unmatchedText({ id, line, hint }: Unmatched, file: string | null, out: Output): string {
  const place = [file === null ? "" : shortPath(file), line].filter((part) => part !== null).join(":");
  const what = `nothing that is installed has the name '${id}' of [hooks.of]`;
  return `${plain(place)}  ${out.paint("yellow", "warn")}  ${plain(what)}\n  ${out.paint("cyan", "hint:")} ${plain(hint)}\n`;
}

async function unmatchedIn(
  { config, origins }: HostConfigInspection,
  baseDir: string,
  env: Io["env"],
  flags: HostConfigFlags,
): Promise<Unmatched[]> {
  const ids = Object.keys(config.hooks.of);
  if (ids.length === 0) return [];
  const entries = await collectInventory({
    folders: flags.extensionsDir,
    baseDir,
    projectDir: process.cwd(),
    projectExtensions: config.host.projectExtensions,
    catalogs: await everyCatalog(flags),
    env,
    nowMs: Date.now(),
    recordNew: false,
  });
  const known = entries.flatMap(({ id, section }) => [id, ...subscriptionsOf(id, section?.hooks ?? [])]);
  const lines = new Map([...origins].map(([key, { line }]) => [key.slice(0, key.lastIndexOf(".")), line]));
  return ids
    .filter((id) => !known.includes(id))
    .map((id) => {
      const meant = didYouMean(id, known);
      const hint =
        meant === undefined
          ? "A hook of a program may have it. Installed ones: synaps-ext list"
          : `Did you mean '${meant}'?`;
      return { id, line: lineOf(id, lines), hint };
    });
}

function lineOf(id: string, lines: ReadonlyMap<string, number | null>): number | null {
  const name = /^[A-Za-z0-9_-]+$/.test(id) ? id : JSON.stringify(id);
  return lines.get(`hooks.of.${name}`) ?? null;
}

/** Names of single subscriptions, as the host makes them: the hook's own id, or its kind with a number. */
function subscriptionsOf(id: string, hooks: readonly { hook: string; id?: string | undefined }[]): string[] {
  const counts = new Map<string, number>();
  return hooks.map((hook) => {
    const number = (counts.get(hook.hook) ?? 0) + 1;
    counts.set(hook.hook, number);
    return `${id}/${hook.id ?? `${hook.hook}#${number}`}`;
  });
}
