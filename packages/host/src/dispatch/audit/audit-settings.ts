import { join, resolve } from "node:path";
import { between, optionsCheck, SWITCH, TEXT, type OptionCheck } from "../options-check.js";
import { HostError } from "../../errors.js";
import type { HostConfig } from "../../loading/host-config/host-config.js";
import type { AuditOptions } from "../../options.js";

/** The options of an audit with all defaults filled in. Undefined where the writer has its own default. */
export interface AuditSettings extends AuditOptions {
  readonly folder: string;
  readonly onFailure: "open" | "closed";
  readonly content: "none" | "summary" | "full";
  readonly events: "all" | "security" | readonly string[];
}

/** Below this a file would hold only a few lines, and a new file would cost more than writing. */
const MIN_FILE_BYTES = 1024;

const oneOf = (...words: string[]): OptionCheck => [
  (value) => words.includes(value as string),
  words.join(" or "),
];
const count = (least: number): OptionCheck => [
  (value) => Number.isSafeInteger(value) && (value as number) >= least,
  `a whole number of at least ${least}`,
];

const isList = (value: unknown): boolean =>
  Array.isArray(value) && value.every((one) => typeof one === "string" && one !== "");
const EVENTS: OptionCheck = [
  (value) => value === "all" || value === "security" || isList(value),
  "'all', 'security' or a list of kinds",
];

const wrongAudit = optionsCheck<AuditOptions>("createHost, 'audit'", {
  folder: TEXT,
  format: oneOf("json", "text"),
  maxFileBytes: between(MIN_FILE_BYTES, Number.MAX_SAFE_INTEGER),
  files: count(0),
  queue: count(1),
  durability: oneOf("queue", "before_answer"),
  onFailure: oneOf("open", "closed"),
  fsync: SWITCH,
  chain: SWITCH,
  key: [(value) => typeof value === "string" && value !== "", "a text that is not empty"],
  content: oneOf("none", "summary", "full"),
  events: EVENTS,
});

/** Undefined when nothing is recorded. Throws a HostError for a wrong option. */
export function auditSettings(
  options: AuditOptions | boolean | null | undefined,
  baseDir: string,
): AuditSettings | undefined {
  if (options === undefined || options === null || options === false) return undefined;
  const given = options === true ? {} : options;
  const wrong = wrongAudit(given);
  if (wrong) throw wrong;
  return {
    ...given,
    folder: resolve(given.folder ?? join(baseDir, "extensions", "audit")),
    onFailure: given.onFailure ?? "open",
    content: given.content ?? "none",
    events: given.events ?? "all",
  };
}

/** Parts of a host's configuration that concern the audit. */
type ConfiguredAudit = Pick<HostConfig, "audit">;

/** The parts of a host beside its options that decide about its audit. */
export interface AuditSources {
  readonly option: AuditOptions | boolean | null | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly baseDir: string;
}

/** The audit that a configuration asks for; undefined for none. Throws a HostError when the variable of its secret is not set. */
export function configuredAudit(
  { audit }: ConfiguredAudit,
  { option, env, baseDir }: AuditSources,
): AuditSettings | undefined {
  const { enabled, keyEnv, ...values } = audit;
  if (!enabled) return undefined;
  const set = Object.entries(values).filter(([, value]) => value !== null);
  const own = typeof option === "object" ? option?.key : undefined;
  const key = own ?? (keyEnv === null ? undefined : secretOf(env, keyEnv));
  return auditSettings({ ...Object.fromEntries(set), ...(key === undefined ? {} : { key }) }, baseDir);
}

function secretOf(env: AuditSources["env"], variable: string): string {
  const secret = env[variable];
  if (secret !== undefined && secret !== "") return secret;
  throw new HostError(
    "HOST_CONFIG_INVALID",
    `The host's configuration is wrong: 'audit.key_env' names the variable '${variable}', which is not set`,
    { hint: "Set the variable for the program, or remove 'audit.key_env'." },
  );
}
