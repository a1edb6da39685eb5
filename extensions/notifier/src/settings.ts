import { ExtensionError, type ConfigOf } from "@synaps/sdk";
import { globMatches } from "@synaps/sdk/protocol";
import { AddressSet } from "@synaps/sdk/values";

export const CONFIG = {
  webhook_url: { type: "string" },
  authorization: { type: "string" },
  form: { type: "string", enum: ["json", "slack", "discord"], default: "json" },
  report: { type: "string", default: "*" },
  failures: { type: "number", min: 1, max: 1_000, default: 3 },
  repeat_seconds: { type: "number", min: 0, max: 86_400, default: 60 },
  attempts: { type: "number", min: 1, max: 20, default: 5 },
  timeout_seconds: { type: "number", min: 0.05, max: 120, default: 10 },
  backoff_seconds: { type: "number", min: 0.001, max: 60, default: 1 },
  max_waiting: { type: "number", min: 1, max: 10_000, default: 500 },
  allow_http: { type: "boolean", default: false },
} as const;

/** The configuration with everything checked. */
export interface Settings {
  /** Secret, as is `authorization`: neither may reach a log or an error. */
  readonly url: URL;
  readonly authorization: string | undefined;
  readonly form: "json" | "slack" | "discord";
  readonly reports: (name: string) => boolean;
  readonly failures: number;
  readonly repeatMs: number;
  readonly attempts: number;
  readonly timeoutMs: number;
  readonly backoffMs: number;
  readonly maxWaiting: number;
}

/** Names that `report` can mean; topics of these families may have other names. */
const NAMES = [
  "gateway.security_event",
  "gateway.auth_failure",
  "messaging.auth",
  "agent.security_violation",
  "agent.resource_limit_exceeded",
];
const FAMILIES = ["cost", "login", "allowlist", "notify", "notifier"];

const LOOPBACK = AddressSet.of(["127.0.0.0/8", "::1"]);

/** Throws an ExtensionError that names the key and what it may be. A secret value is never repeated. */
export function readSettings(config: ConfigOf<typeof CONFIG>): Settings {
  return {
    url: usableUrl(config.webhook_url, config.allow_http),
    authorization: usableHeader(config.authorization),
    form: config.form,
    reports: reportsOf(config.report),
    failures: whole("failures", config.failures),
    repeatMs: config.repeat_seconds * 1_000,
    attempts: whole("attempts", config.attempts),
    timeoutMs: Math.round(config.timeout_seconds * 1_000),
    backoffMs: Math.round(config.backoff_seconds * 1_000),
    maxWaiting: whole("max_waiting", config.max_waiting),
  };
}

function usableUrl(text: string | undefined, allowHttp: boolean): URL {
  if (text === undefined || text.trim() === "")
    throw wrong("webhook_url", "is missing: set it, or the variable NOTIFIER_WEBHOOK_URL");
  // An error of the parser itself would repeat the address.
  if (!URL.canParse(text.trim()))
    throw wrong("webhook_url", "must be a whole web address that begins with https://");
  const url = new URL(text.trim());
  if (url.protocol !== "https:" && url.protocol !== "http:")
    throw wrong("webhook_url", "must begin with https://, or http:// for this machine");
  if (url.protocol === "http:" && !allowHttp && !isThisMachine(url.hostname))
    throw wrong("webhook_url", "must begin with https:// for another machine, unless 'allow_http' is true");
  return url;
}

function isThisMachine(host: string): boolean {
  return host === "localhost" || (LOOPBACK instanceof AddressSet && LOOPBACK.has(host) === true);
}

function usableHeader(text: string | undefined): string | undefined {
  if (text === undefined || text === "") return undefined;
  if (/^[\x20-\x7e]{1,4096}$/.test(text)) return text;
  throw wrong("authorization", "must be up to 4096 plain characters in one line");
}

function reportsOf(text: string): (name: string) => boolean {
  const globs = text.split(/[\s,;]+/).filter((glob) => glob !== "");
  if (globs.length === 0) throw wrong("report", "must name at least one kind or topic; * reports all");
  const idle = globs.find((glob) => !mayMean(glob));
  if (idle !== undefined)
    throw wrong(
      "report",
      `has '${idle.slice(0, 64)}', which is none of ${[...NAMES, ...FAMILIES.map((name) => `${name}.*`)].join(", ")}`,
    );
  return (name) => globs.some((glob) => globMatches(glob, name));
}

function mayMean(glob: string): boolean {
  return (
    NAMES.some((name) => globMatches(glob, name)) || FAMILIES.some((name) => glob.startsWith(`${name}.`))
  );
}

function whole(key: string, value: number): number {
  if (Number.isSafeInteger(value)) return value;
  throw wrong(key, `must be a whole number, not ${value}`);
}

function wrong(key: string, problem: string): ExtensionError {
  return new ExtensionError(`config key '${key}' ${problem}`);
}
