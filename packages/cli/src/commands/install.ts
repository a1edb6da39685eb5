import { existsSync } from "node:fs";
import { stat } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import { findHosts } from "@synaps/host";
import { codeHash, installFolder, planFolder, type FolderPlan } from "@synaps/host/tooling";
import { didYouMean, type Catalog } from "@synaps/sdk/protocol";
import { bundledExtensions } from "../bundled.js";
import type { CatalogFlags } from "../catalogs.js";
import { consentText, section } from "../consent-text.js";
import { findingText } from "../diagnostics.js";
import { EXIT } from "../exit-codes.js";
import { baseDirFlag } from "../hosts.js";
import type { Io } from "../io.js";
import { inventoryOf, placesOf, toolSettings, type PlaceFlags } from "../places.js";
import { errors } from "../present-error.js";
import { systemCode } from "../system-error.js";
import { askOnTerminal, isYes } from "../terminal.js";
import { jsonDocument, plain, shellWord } from "../text.js";
import { findingsFor, isError } from "./validate.js";

export interface InstallFlags extends Pick<PlaceFlags, "baseDir">, CatalogFlags {
  yes?: boolean;
  force?: boolean;
  json?: boolean;
}

/** Copies an extension into the user's folder, after showing what it may do and asking. */
export async function install(io: Io, source: string, flags: InstallFlags): Promise<number> {
  const settings = await toolSettings(flags);
  const { folder, isBundled } = await sourceOf(source);
  const plan = await validPlan(io, folder, source, settings);
  const isCurrent = plan.replaces && (await codeHash(plan.target)) === plan.record.hash;
  if (isCurrent && plan.before && !flags.force) {
    await report(io, plan, flags, true);
    return EXIT.ok;
  }
  await agree(io, { plan, catalogs: settings.catalogs }, isBundled, source, flags);
  await installFolder(plan, { settings });
  await report(io, plan, flags, false);
  return EXIT.ok;
}

/** A bare name is an extension that comes along, or else a folder here; everything else is a folder. */
async function sourceOf(source: string): Promise<{ folder: string; isBundled: boolean }> {
  const bundled = await bundledExtensions();
  const own = bundled.get(source);
  if (own !== undefined) return { folder: own, isBundled: true };
  const stats = await stat(source).catch((error: unknown) => {
    // A place that cannot be looked into is there all the same: the system's own reason is told.
    if (!["ENOENT", "ENOTDIR"].includes(systemCode(error) ?? "")) throw error;
  });
  const names = [...bundled.keys()];
  if (!stats) throw errors.sourceNotFound(source, names, didYouMean(source, names));
  if (!stats.isDirectory()) throw errors.sourceNoFolder(source);
  return { folder: resolve(source), isBundled: false };
}

/** Refuses what `validate` refuses. A program that only the setup makes may be missing. */
async function validPlan(
  io: Io,
  folder: string,
  source: string,
  settings: Awaited<ReturnType<typeof toolSettings>>,
): Promise<FolderPlan> {
  const manifestPath = join(folder, ".synaps-plugin", "plugin.json");
  if (!existsSync(manifestPath)) throw errors.manifestNotFound(source);
  const candidate = { id: basename(folder), root: folder, manifestPath, origin: "named" } as const;
  const wrong = (await findingsFor(candidate, {}, io, settings.catalogs)).filter(isError);
  const isFatal = wrong.some(({ code }) => code !== "SPAWN_COMMAND_NOT_FOUND");
  const plan = isFatal ? undefined : await planFolder(folder, { settings });
  if (plan && (wrong.length === 0 || needsSetup(plan))) return plan;
  if (!io.json) await io.stderr.write(wrong.map((finding) => findingText(finding, io.stderr)).join(""));
  throw errors.notValid(source);
}

function needsSetup({ section, manifest }: FolderPlan): boolean {
  const script = section.setup ?? manifest.provides?.sidecar?.setup;
  return script != null || Object.keys(section.prebuilt).length > 0;
}

/** Shows what the extension may do and what is replaced, and asks. Throws when there is no yes. */
async function agree(
  io: Io,
  { plan, catalogs }: { plan: FolderPlan; catalogs: readonly Catalog[] },
  isBundled: boolean,
  source: string,
  { yes = false, force = false, json = false, baseDir, catalog = [] }: InstallFlags,
): Promise<void> {
  const { id, record, before, replaces, target, tree } = plan;
  const isAgreed = yes || force;
  const asks = !isAgreed && io.stdin.isTTY === true;
  if (!json || asks) {
    const out = json ? io.stderr : io.stdout;
    const changed = replaces ? before : undefined;
    const from = isBundled ? `${plan.source} (comes with synaps-ext)` : plan.source;
    const replaced = `${before?.version ?? "a version that was put there"} in ${target}; configuration and data stay`;
    await out.write(
      consentText({ ...plan, from }, record, changed, catalogs, out) +
        (replaces ? section("Replaces", [replaced]) : "") +
        (tree.leftOut.length > 0 ? section("Is no code and is not copied", tree.leftOut) : ""),
    );
  }
  if (isAgreed) return;
  const question = `\n${replaces ? "Replace" : "Install"} ${plain(id)}? [y/N] `;
  const answer = asks ? await askOnTerminal(question) : "no_terminal";
  if (answer === "no_terminal") {
    const flag = baseDir === undefined ? "" : ` --base-dir ${shellWord(baseDir)}`;
    const named = catalog.map((one) => ` --catalog ${shellWord(one)}`).join("");
    throw errors.installConsentNeeded(id, `synaps-ext install ${shellWord(source)}${flag}${named}`);
  }
  if (!isYes(answer.line)) throw errors.installRefused(id);
}

async function report(
  { stdout }: Io,
  plan: FolderPlan,
  flags: InstallFlags,
  already: boolean,
): Promise<void> {
  const { id, version, target, record, replaces, tree } = plan;
  if (flags.json) {
    const { leftOut } = tree;
    const one = {
      id,
      version,
      folder: target,
      hash: record.hash,
      replaced: replaces && !already,
      already,
      leftOut,
    };
    return stdout.write(jsonDocument({ schemaVersion: 1, installed: [one] }));
  }
  const name = `${id} ${version ?? "(no version)"}`;
  const done = already
    ? `${name} is installed already: ${target}`
    : `${replaces ? "Replaced" : "Installed"} ${name} in ${target}.`;
  const next = await nextSteps(plan, flags, already);
  return stdout.write(
    `${already ? "" : "\n"}${plain(done)}\n${next.map((line) => `${plain(line)}\n`).join("")}`,
  );
}

/** Lines about everything that still keeps the extension from running, and where it does not run yet. */
async function nextSteps(plan: FolderPlan, flags: InstallFlags, already: boolean): Promise<string[]> {
  const { id } = plan;
  const { baseDir } = placesOf(flags);
  const flag = baseDirFlag(baseDir);
  const entry = (await inventoryOf(flags)).find(({ root }) => root === plan.target);
  const steps = [
    ...(needsSetup(plan) ? [`Before it can run: synaps-ext setup ${id}${flag}`] : []),
    ...(entry?.status === "disabled"
      ? [`It is switched off. To switch it on: synaps-ext enable ${id}${flag}`]
      : []),
    ...(entry?.diagnostics ?? [])
      .filter(({ code, severity }) => severity === "error" && code.startsWith("CONFIG_"))
      .map(({ message, hint }) => `${message}.${hint === undefined ? "" : ` ${hint}`}`),
  ];
  if (already) return steps;
  const reload = findHosts(baseDir).length > 0 ? [`Hosts that run now: synaps-ext reload ${id}${flag}`] : [];
  return [...steps, ...(steps.length > 0 ? [] : ["It runs from the next start on."]), ...reload];
}
