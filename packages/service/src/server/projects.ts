import { existsSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { createHost, HostError, type AuditOptions, type Clock, type Host, type Logger } from "@synaps/host";
import { findProjectExtensions } from "@synaps/host/tooling";
import { agentCatalog } from "@synaps/sdk/catalogs";
import { synapsCatalog } from "@synaps/sdk/protocol";
import { markOf } from "./mark.js";

/** Hosts that run at the same time. One more is started in the place of the one that was idle for longest. */
const MAX_HOSTS = 32;
/** Time between two looks at what is installed. */
const LOOK_MS = 1_000;
/** Folders whose project is remembered. */
const MOST_FOUND = 1_000;
/** Longest chain: hooks of agents give up after 12 s, and all votes would be lost with the slowest one. */
const CHAIN_MOST_MS = 10_000;
/** Time for what is under way when the service ends: the longest chain of a host with usual limits. */
const CLOSE_MS = 10_000;

export interface ProjectsSettings {
  readonly baseDir: string;
  readonly logger: Logger;
  readonly clock: Clock;
  readonly audit: AuditOptions | boolean;
  /** Time without events after which the host of a project is ended. */
  readonly idleMs: number;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** One running host, with the extensions of the user and those of at most one project. */
export interface Project {
  readonly host: Host;
  /** The folder of the project; null for all projects that bring no extensions. */
  readonly folder: string | null;
}

interface Running extends Project {
  readonly key: string;
  readonly extensions: string | undefined;
  /** State of what is installed when the host was started; undefined until it is known. */
  mark: string | undefined;
  lookedMs: number;
  usedMs: number;
  uses: number;
  /** Set once no further event goes in: ends the host when nothing is under way any more. */
  stop: (() => void) | undefined;
}

/**
 * The hosts behind one service: one for each project that brings extensions of its own, and one for all others. An event goes
 * to the host of its project and to no other.
 */
export class Projects {
  readonly #settings: ProjectsSettings;
  readonly #hosts = new Map<string, Running>();
  readonly #ending = new Set<Promise<void>>();
  /** Projects of folders, as they were found a moment ago. */
  readonly #found = new Map<string, { readonly extensions: string | undefined; readonly lookedMs: number }>();
  #closed = false;

  constructor(settings: ProjectsSettings) {
    this.#settings = settings;
  }

  /** Runs the work with the host of the project that a folder is in; null means no project. Starts it if it does not run. */
  async with<T>(folder: string | null, work: (project: Project) => T | Promise<T>): Promise<T> {
    const running = this.#find(folder);
    running.uses += 1;
    try {
      return await work(running);
    } finally {
      running.uses -= 1;
      running.usedMs = this.#settings.clock.now();
      if (running.uses === 0) running.stop?.();
    }
  }

  all(): readonly Project[] {
    return [...this.#hosts.values()];
  }

  /** True while an event is under way. */
  get isBusy(): boolean {
    return [...this.#hosts.values()].some(({ uses }) => uses > 0);
  }

  /** Ends the hosts of projects from which nothing came for a time. */
  sweep(): void {
    const dueMs = this.#settings.clock.now() - this.#settings.idleMs;
    for (const running of this.#hosts.values())
      if (running.uses === 0 && running.usedMs <= dueMs) this.#end(running);
  }

  /** Ends all hosts, at the latest when a whole chain of hooks would have ended. */
  async close(): Promise<void> {
    this.#closed = true;
    const running = [...this.#hosts.values()];
    for (const one of running) this.#end(one);
    const timer = this.#settings.clock.after(CLOSE_MS, () => {
      for (const one of running) one.stop?.();
    });
    await Promise.all(this.#ending);
    timer.cancel();
  }

  #find(folder: string | null): Running {
    if (this.#closed) throw new HostError("SERVICE_UNAVAILABLE", "The service ends");
    const extensions = folder === null ? undefined : this.#extensionsOf(folder);
    const key = extensions ?? "";
    const running = this.#hosts.get(key);
    if (running !== undefined && !this.#isOutdated(running)) return running;
    if (running === undefined) this.#makeRoom();
    else this.#end(running);
    return this.#start(key, extensions);
  }

  /** The folder of extensions of the project that a folder is in, looked for at most once a second. */
  #extensionsOf(folder: string): string | undefined {
    const now = this.#settings.clock.now();
    const known = this.#found.get(folder);
    if (known !== undefined && now - known.lookedMs < LOOK_MS) return known.extensions;
    if (this.#found.size >= MOST_FOUND) this.#found.clear();
    const extensions = extensionsOf(folder);
    this.#found.set(folder, { extensions, lookedMs: now });
    return extensions;
  }

  #start(key: string, extensions: string | undefined): Running {
    const { baseDir, logger, audit, clock, env } = this.#settings;
    const folder = extensions === undefined ? null : dirname(dirname(extensions));
    const host = createHost({
      baseDir,
      // Without extensions of a project, no folder of one is looked for.
      projectDir: folder ?? baseDir,
      projectExtensions: folder !== null,
      catalogs: [synapsCatalog, agentCatalog],
      control: true,
      audit,
      logger,
      env,
      limits: { chainMostMs: CHAIN_MOST_MS },
    }) as unknown as Host;
    const now = clock.now();
    const running: Running = {
      host,
      folder,
      key,
      extensions,
      mark: undefined,
      lookedMs: now,
      usedMs: now,
      uses: 0,
      stop: undefined,
    };
    this.#hosts.set(key, running);
    const started = host.start().then(
      () => {
        // The start itself records what is new: looked at only now.
        running.mark = markOf(baseDir, extensions);
      },
      (error: unknown) => {
        logger.error(`the extensions of ${folder ?? "the user"} cannot be started`, {
          reason: error instanceof Error ? error.message : String(error),
        });
        // The next event tries again.
        if (this.#hosts.get(key) === running) this.#end(running);
      },
    );
    this.#ending.add(started);
    void started.finally(() => this.#ending.delete(started));
    return running;
  }

  /** True if extensions, approvals or the list of disabled ones are others than at the start of the host. */
  #isOutdated(running: Running): boolean {
    const now = this.#settings.clock.now();
    if (running.mark === undefined || now - running.lookedMs < LOOK_MS) return false;
    running.lookedMs = now;
    if (markOf(this.#settings.baseDir, running.extensions) === running.mark) return false;
    this.#settings.logger.info("what is installed has changed: the extensions are started anew", {
      project: running.folder ?? "none",
    });
    return true;
  }

  #makeRoom(): void {
    if (this.#hosts.size < MAX_HOSTS) return;
    const idle = [...this.#hosts.values()].filter(({ uses }) => uses === 0);
    const oldest = idle.sort((a, b) => a.usedMs - b.usedMs)[0];
    if (oldest === undefined)
      throw new HostError("SERVICE_BUSY", `Events of ${MAX_HOSTS} projects are under way at the same time`, {
        hint: "Try again when one of them has ended.",
      });
    this.#end(oldest);
  }

  /** Lets no further event in, and ends the host once those that are under way have their answers. */
  #end(running: Running): void {
    if (this.#hosts.get(running.key) === running) this.#hosts.delete(running.key);
    if (running.stop !== undefined) return;
    const idle = new Waiting();
    running.stop = idle.end;
    if (running.uses === 0) idle.end();
    const ended = idle.over
      .then(() => running.host.stop())
      .catch((error: unknown) => {
        this.#settings.logger.error("a host could not be ended", { reason: String(error) });
      });
    this.#ending.add(ended);
    void ended.finally(() => this.#ending.delete(ended));
  }
}

/** The time until nothing is under way any more. */
class Waiting {
  end: () => void = () => {};
  readonly over = new Promise<void>((done) => {
    this.end = done;
  });
}

/** The folder of extensions that a project brings; undefined for a folder in no such project. */
function extensionsOf(folder: string): string | undefined {
  if (!existsSync(folder)) return undefined;
  const extensions = findProjectExtensions(resolve(folder));
  return existsSync(extensions) ? extensions : undefined;
}
