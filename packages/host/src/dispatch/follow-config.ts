import { isDeepStrictEqual } from "node:util";
import type { Catalog } from "@synaps/sdk/protocol";
import type { HostConfig } from "../loading/host-config/host-config.js";
import {
  changesText,
  LiveHostConfig,
  type HostConfigReload,
} from "../loading/host-config/live-host-config.js";
import { hostConfigPaths } from "../loading/host-config/source.js";
import type { HostConfigReading } from "../loading/host-config/read-host-config.js";
import type { EventInput } from "../delivery/event-input.js";
import { messageOf } from "../errors.js";
import type { Logger } from "../logger.js";
import type { Clock } from "../time/clock.js";
import type { AuditSettings } from "./audit/audit-settings.js";
import { builtInsOf, checkBuiltIns, type BuiltInPlan, type BuiltInServices } from "./hooks/built-in.js";
import type { ProgramHooks } from "./hooks/hooks.js";
import { remarksOn, tuningOf } from "./host-tuning.js";
import type { SubscriptionRegistry } from "./registry.js";

/** Ending of the names of kinds that tell of a new configuration. */
const RELOAD_KIND = ".config_reload";

interface ConfigSettings {
  readonly baseDir: string;
  readonly hostConfig: HostConfigReading;
  readonly readHostConfig: (() => HostConfigReading) | undefined;
  /** The audit that a configuration asks for. */
  readonly auditOf: (config: HostConfig) => AuditSettings | undefined;
  readonly catalogs: readonly Catalog[];
  readonly limits: { readonly configPollMs: number };
  readonly clock: Clock;
  readonly logger: Logger;
}

interface ConfigUsers {
  readonly registry: SubscriptionRegistry;
  readonly hooks: Pick<ProgramHooks, "replaceBuiltIns">;
  readonly auditUnder: (settings: AuditSettings | undefined) => void;
  /** Told before the event is raised. */
  readonly tell: (reload: HostConfigReload) => void;
  readonly emit: (event: EventInput) => Promise<unknown>;
}

/** Makes dispatch follow the host's configuration: all of it at once, between two events. */
export class FollowedConfig {
  readonly live: LiveHostConfig;
  readonly #settings: ConfigSettings;
  readonly #users: ConfigUsers;
  readonly #services: BuiltInServices;
  /** The built-in hooks that are there. */
  #builtIns: readonly BuiltInPlan[] = [];
  /** Remarks that were made, so that each is made once. */
  #made = new Set<string>();
  #started = false;

  constructor(settings: ConfigSettings, users: ConfigUsers) {
    this.#settings = settings;
    this.#users = users;
    const { hostConfig: first, readHostConfig, limits, clock, logger, baseDir, catalogs } = settings;
    this.#services = { catalogs, clock, raise: (event) => this.#raise(event as EventInput) };
    const checked = (reading: HostConfigReading): HostConfigReading => {
      checkBuiltIns(reading.config, this.#services);
      return reading;
    };
    const read = (): HostConfigReading => checked(readHostConfig?.() ?? first);
    const paths = readHostConfig ? hostConfigPaths(baseDir) : [];
    const everyMs = limits.configPollMs;
    const apply = (config: HostConfig): void => this.#apply(config);
    const tell = (reload: HostConfigReload): void => this.#tell(reload);
    this.live = new LiveHostConfig({ first, read, apply, tell, paths, everyMs, clock, logger });
    checked(first);
    for (const warning of first.warnings) logger.warn(warning);
    this.#apply(first.config);
  }

  /** Everything that extensions declare is known: begins to look at the file, and says what concerns nothing. */
  start(): void {
    this.#started = true;
    this.#remark(this.live.config);
    this.live.start();
  }

  stop(): void {
    this.live.stop();
  }

  /** Names of what the configuration switches off, as `[hooks.of]` has them. */
  get switchedOff(): string[] {
    return this.#users.registry.switchedOff().map(({ extension, id }) => `${extension}/${id}`);
  }

  #apply(config: HostConfig): void {
    this.#users.registry.tune(tuningOf(config));
    this.#replaceBuiltIns(builtInsOf(config, this.#services));
    this.#users.auditUnder(this.#settings.auditOf(config));
    if (this.#started) this.#remark(config);
  }

  #replaceBuiltIns(plans: readonly BuiltInPlan[]): void {
    const isKept = (plan: BuiltInPlan, among: readonly BuiltInPlan[]): boolean =>
      among.some(({ id, part }) => id === plan.id && isDeepStrictEqual(part, plan.part));
    const gone = this.#builtIns.filter((plan) => !isKept(plan, plans)).map(({ id }) => id);
    const added = plans.filter((plan) => !isKept(plan, this.#builtIns)).map(({ make }) => make());
    this.#builtIns = plans;
    if (gone.length + added.length > 0) this.#users.hooks.replaceBuiltIns(gone, added);
  }

  #remark(config: HostConfig): void {
    const remarks = remarksOn(tuningOf(config), this.#users.registry.all());
    for (const remark of remarks) if (!this.#made.has(remark)) this.#settings.logger.warn(remark);
    this.#made = new Set(remarks);
  }

  #tell(reload: HostConfigReload): void {
    this.#users.tell(reload);
    if (!reload.applied) return;
    const data = { changes: changesText(reload.changes) };
    for (const kind of reloadKinds(this.#settings.catalogs)) this.#raise({ kind, data } as EventInput);
  }

  /** Raises an event of the host itself. Nobody waits for it. */
  #raise(event: EventInput): void {
    this.#users.emit(event).catch((error: unknown) => {
      this.#settings.logger.warn(`'${event.kind}' could not be raised: ${messageOf(error)}`);
    });
  }
}

function reloadKinds(catalogs: readonly Catalog[]): string[] {
  return catalogs.flatMap(({ kinds }) => Object.keys(kinds).filter((kind) => kind.endsWith(RELOAD_KIND)));
}
