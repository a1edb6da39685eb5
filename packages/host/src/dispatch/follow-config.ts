import { isDeepStrictEqual } from "node:util";
import type { DebugRing } from "@synaps/builtins";
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
import { hostStopped } from "../supervision/failures.js";
import type { Clock } from "../time/clock.js";
import type { AuditSettings } from "./audit/audit-settings.js";
import {
  builtInsOf,
  checkBuiltIns,
  type BuiltIn,
  type BuiltInPlan,
  type BuiltInServices,
} from "./hooks/built-in.js";
import type { ProgramHooks } from "./hooks/hooks.js";
import type { Outcome } from "./outcome.js";
import { guardsOff, remarksOn, tuningOf } from "./host-tuning.js";
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
  readonly clock: Clock;
  readonly logger: Logger;
}

interface ConfigUsers {
  readonly registry: SubscriptionRegistry;
  readonly hooks: Pick<ProgramHooks, "replaceBuiltIns">;
  readonly auditUnder: (settings: AuditSettings | undefined) => void;
  /** Returns how to stop listening. */
  readonly onOutcome: (listener: (outcome: Outcome) => void) => () => void;
  /** Told before the event is raised. */
  readonly tell: (reload: HostConfigReload) => void;
  readonly emit: (event: EventInput) => Promise<unknown>;
}

interface RunningBuiltIn {
  readonly plan: BuiltInPlan;
  readonly builtIn: BuiltIn;
  readonly deafen: () => void;
}

/** Makes dispatch follow the host's configuration: all of it at once, between two events. */
export class FollowedConfig {
  readonly live: LiveHostConfig;
  readonly #settings: ConfigSettings;
  readonly #users: ConfigUsers;
  readonly #services: BuiltInServices;
  /** The built-in hooks that are there, with the plans that they were made of. */
  #builtIns: readonly RunningBuiltIn[] = [];
  /** Remarks that were made, so that each is made once. */
  #made = new Set<string>();
  #started = false;

  constructor(settings: ConfigSettings, users: ConfigUsers) {
    this.#settings = settings;
    this.#users = users;
    const { hostConfig: first, readHostConfig, clock, logger, baseDir, catalogs } = settings;
    this.#services = { catalogs, clock, logger, raise: (event) => this.#raise(event as EventInput) };
    const checked = (reading: HostConfigReading): HostConfigReading => {
      checkBuiltIns(reading.config, this.#services);
      return reading;
    };
    const read = (): HostConfigReading => checked(readHostConfig?.() ?? first);
    const paths = readHostConfig ? hostConfigPaths(baseDir) : [];
    const apply = (config: HostConfig): void => this.#apply(config);
    const tell = (reload: HostConfigReload): void => this.#tell(reload);
    const file = { paths, clock, logger };
    this.live = new LiveHostConfig({ first, read, apply, tell, stopped: hostStopped, ...file });
    // A guard that comes later is switched off as well, and that is told as well.
    users.registry.onAdded = (added) => {
      if (this.#started) this.#tellOnce(guardsOff(tuningOf(this.live.config), added));
    };
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

  /** The ring of what was asked and answered, if `[debug]` keeps one. */
  get debugRing(): DebugRing | undefined {
    return this.#builtIns.find(({ builtIn }) => builtIn.ring)?.builtIn.ring;
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
    const isSame = (one: BuiltInPlan, other: BuiltInPlan): boolean =>
      one.id === other.id && isDeepStrictEqual(one.part, other.part);
    const kept = this.#builtIns.filter(({ plan }) => plans.some((one) => isSame(one, plan)));
    const gone = this.#builtIns.filter((one) => !kept.includes(one));
    const added = plans.filter((plan) => !kept.some((one) => isSame(one.plan, plan)));
    const begun = added.map((plan) => this.#begin(plan));
    this.#builtIns = [...kept, ...begun];
    if (gone.length + begun.length === 0) return;
    for (const { deafen } of gone) deafen();
    const hooks = begun.map(({ builtIn }) => builtIn.hook);
    const leftOut = this.#users.hooks.replaceBuiltIns(
      gone.map(({ plan }) => plan.id),
      hooks,
    );
    // Left out in whole: what is there no more hears no outcomes either.
    const isLeftOut = ({ plan }: RunningBuiltIn): boolean => leftOut.includes(plan.id);
    for (const { deafen } of begun.filter(isLeftOut)) deafen();
    this.#builtIns = this.#builtIns.filter((one) => !isLeftOut(one));
  }

  #begin(plan: BuiltInPlan): RunningBuiltIn {
    const builtIn = plan.make();
    const { outcome } = builtIn;
    return { plan, builtIn, deafen: outcome ? this.#users.onOutcome(outcome) : () => {} };
  }

  #remark(config: HostConfig): void {
    const remarks = remarksOn(tuningOf(config), this.#users.registry.all());
    this.#tellOnce(remarks);
    this.#made = new Set(remarks);
  }

  #tellOnce(remarks: readonly string[]): void {
    for (const remark of remarks) if (!this.#made.has(remark)) this.#settings.logger.warn(remark);
    for (const remark of remarks) this.#made.add(remark);
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
