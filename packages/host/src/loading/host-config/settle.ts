import type { HostConfig } from "./host-config.js";
import type { Setting } from "./layers.js";
import type { Settings } from "./merge.js";

const THRESHOLD = "hooks.circuit_breaker_threshold";
const BREAKER = "hooks.breaker";
const AUDIT_HOOK = "hooks.audit_log_hook";
const AUDIT_PATH = "hooks.audit_log_path";

/** Two settings that cannot both be meant: the one to be changed, and what is wrong with it. */
export interface Clash {
  readonly setting: Setting;
  readonly message: string;
  readonly hint: string;
}

/** Settings as they count, after those that speak of the same thing were brought together. */
export interface Settled {
  readonly settings: Settings;
  readonly clashes: readonly Clash[];
  /** Readings of a setting that its author may not expect, one sentence each. */
  readonly notes: readonly string[];
}

/** Brings settings together that stand for the same thing in two tables, or exclude each other. Pure. */
export function settle(given: Settings): Settled {
  const settings = new Map(given);
  const clashes: Clash[] = [];
  const notes: string[] = [];
  settleBreaker(settings, clashes);
  settleAudit(settings, notes);
  return { settings, clashes, notes };
}

/** A breaker and a threshold: of two layers the later one counts, within one layer they exclude each other. */
function settleBreaker(settings: Map<string, Setting>, clashes: Clash[]): void {
  const breaker = settings.get(BREAKER);
  const threshold = settings.get(THRESHOLD);
  if (!breaker || threshold?.value === null) return;
  if (threshold?.origin.from === breaker.origin.from)
    clashes.push({
      setting: threshold,
      message: "excludes 'hooks.breaker', and both are set",
      hint: "Remove one of the two. As a bound of a breaker of your own, the threshold is called failure_rate.",
    });
  if (threshold?.origin.from === "environment") settings.delete(BREAKER);
  else settings.set(THRESHOLD, { ...breaker, path: THRESHOLD.split("."), value: null });
}

/** RustyClaw's switch of the audit stands for the keys of `[audit]` that nobody sets. */
function settleAudit(settings: Map<string, Setting>, notes: string[]): void {
  const hook = settings.get(AUDIT_HOOK);
  if (hook?.value !== true) return;
  const stand = (key: string, value: Setting["value"], origin = hook.origin): void => {
    if (!settings.has(`audit.${key}`)) settings.set(`audit.${key}`, { path: ["audit", key], value, origin });
  };
  stand("enabled", true);
  stand("events", "security");
  const path = settings.get(AUDIT_PATH);
  if (!path) return;
  const written = String(path.value);
  const folder = written.replace(/(?<=[^/\\])\.(?:log|jsonl|txt)$/i, "");
  if (folder !== written && !settings.has("audit.folder"))
    notes.push(
      `'${AUDIT_PATH}' names a file; the audit has one file per process and is written to the folder '${folder}'`,
    );
  stand("folder", folder, path.origin);
}

/** Clashes that only the whole configuration shows. A secret that is named has to be there, unless the program has one (`hasKey`). Pure. */
export function clashesIn(
  config: HostConfig,
  settings: Settings,
  { env, hasKey }: { env: Readonly<Record<string, string | undefined>>; hasKey: boolean },
): Clash[] {
  const clashes: Clash[] = [];
  const clash = (key: string, message: string, hint: string): void => {
    const setting = settings.get(key);
    if (setting) clashes.push({ setting, message, hint });
  };
  const { metrics, rateLimit, audit } = config;
  if (!metrics.allowRemote && !isLoopback(metrics.listen))
    clash(
      "metrics.listen",
      "is an address that other machines may reach",
      "Take 127.0.0.1, or set metrics.allow_remote = true: there is no login and no encryption.",
    );
  // A default that costs too much is no mistake of whoever made the bucket smaller.
  if (rateLimit.controlCost > rateLimit.capacity)
    clash(
      "rate_limit.control_cost",
      `lets no control message ever pass: it costs ${rateLimit.controlCost} of ${rateLimit.capacity} tokens`,
      "Raise capacity, or lower control_cost.",
    );
  if (audit.enabled && !hasKey && audit.keyEnv !== null && (env[audit.keyEnv] ?? "") === "")
    clash(
      "audit.key_env",
      "names a variable that is not set",
      "Set it before the host starts, or remove key_env: without the secret nobody could check the chain.",
    );
  return clashes;
}

function isLoopback(listen: string): boolean {
  const address = listen.slice(0, listen.lastIndexOf(":")).toLowerCase();
  return address === "localhost" || address === "[::1]" || /^127(\.\d{1,3}){3}$/.test(address);
}
