import type { Host, ProviderInfo } from "@synaps/host";
import { TrustStore } from "@synaps/host/tooling";
import { didYouMean } from "@synaps/sdk/protocol";
import { EXIT } from "../exit-codes.js";
import type { Io, Output } from "../io.js";
import { placesOf, type PlaceFlags } from "../places.js";
import { errors } from "../present-error.js";
import { withHost } from "../started-host.js";
import { table, type Cell } from "../table.js";
import { jsonDocument, plain } from "../text.js";

export type ProvidersAction = "list" | "enable" | "disable";

export interface ProvidersFlags extends PlaceFlags {
  reason?: string;
  json?: boolean;
}

/** A provider that an extension offers, or one that is switched off and that nobody offers now. */
interface ListedProvider {
  id: string;
  disabled: boolean;
  reason: string | null;
  /** Null when no extension that runs offers it. */
  offered: Omit<ProviderInfo, "id" | "disabled"> | null;
}

/** Shows the providers of extensions, or switches one on or off for all hosts of the base folder. */
export function providers(
  io: Io,
  action: ProvidersAction,
  id: string | undefined,
  flags: ProvidersFlags,
): Promise<number> {
  if (action === "list" && id !== undefined)
    throw errors.usage("list takes no provider", "Run: synaps-ext providers list");
  if (action !== "disable" && flags.reason !== undefined)
    throw errors.usage("--reason belongs to disable", "Leave it out.");
  if (action === "list") return list(io, flags);
  if (id === undefined)
    throw errors.usage(
      `${action} needs a provider`,
      `Run: synaps-ext providers ${action} <extension>:<provider>`,
    );
  return change(io, id, action === "disable", flags);
}

async function list(io: Io, flags: ProvidersFlags): Promise<number> {
  const trust = new TrustStore(placesOf(flags).baseDir);
  const disabled = await trust.disabled();
  return withHost(io, flags, {}, async (host) => {
    const all = listed(await host.providers.list(), disabled);
    if (flags.json)
      await io.stdout.write(jsonDocument({ schemaVersion: 1, file: trust.path, providers: all.map(jsonOf) }));
    else if (all.length === 0) await io.stderr.write("No extension offers a provider.\n");
    else await io.stdout.write(tableOf(all, io.stdout));
    return EXIT.ok;
  });
}

async function change(io: Io, id: string, off: boolean, flags: ProvidersFlags): Promise<number> {
  const trust = new TrustStore(placesOf(flags).baseDir);
  const disabled = await trust.disabled();
  const changed = disabled.has(id) !== off || (off && flags.reason !== undefined);
  // The file names some providers; all others are known by the extensions only, which have to run to say it.
  if (!disabled.has(id)) {
    const code = await withHost(io, flags, {}, async (host) => {
      await mustBeKnown(host, id, [...disabled.keys()]);
      return EXIT.ok;
    });
    if (code !== EXIT.ok) return code;
  }
  if (changed) await trust.set(id, off, flags.reason);
  if (flags.json) {
    await io.stdout.write(jsonDocument({ schemaVersion: 1, id, disabled: off, changed, file: trust.path }));
    return EXIT.ok;
  }
  const word = off ? "off" : "on";
  const line = changed
    ? `Switched ${id} ${word} in ${trust.path}`
    : `${id} is switched ${word} already in ${trust.path}`;
  const hosts = changed ? "Hosts that run know it from their next question on.\n" : "";
  await io.stdout.write(`${plain(line)}\n${hosts}`);
  return EXIT.ok;
}

async function mustBeKnown(host: Host, id: string, others: readonly string[]): Promise<void> {
  const known = [...(await host.providers.list()).map((one) => one.id), ...others];
  if (known.includes(id)) return;
  throw errors.providerNotFound(id, known, didYouMean(id, known));
}

function listed(
  offered: readonly ProviderInfo[],
  disabled: ReadonlyMap<string, string | undefined>,
): ListedProvider[] {
  const ids = new Set(offered.map(({ id }) => id));
  const unknown = [...disabled.keys()].filter((id) => !ids.has(id));
  return [
    ...offered.map(({ id, disabled: off, ...rest }) => ({ id, disabled: off, offered: rest })),
    ...unknown.map((id) => ({ id, disabled: true, offered: null })),
  ].map((one) => ({ ...one, reason: disabled.get(one.id) ?? null }));
}

function jsonOf({ id, disabled, reason, offered }: ListedProvider): object {
  return { id, disabled, reason, offered: offered !== null, ...offered };
}

function tableOf(all: readonly ListedProvider[], out: Output): string {
  const rows = all.map(({ id, disabled, reason, offered }): Cell[] => [
    id,
    disabled ? { text: "off", style: "yellow" } : "on",
    offered ? offered.models.map((model) => model.id) : "(not offered now)",
    reason ?? offered?.displayName ?? "",
  ]);
  return table(["PROVIDER", "USED", "MODELS", "NAME OR REASON"], rows, out);
}
