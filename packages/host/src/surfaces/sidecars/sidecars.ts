import { isWorthTelling } from "../../logger.js";
import type { ManifestSidecar } from "@synaps/sdk/manifest";
import { HostError } from "../../errors.js";
import { Lines } from "../../lines.js";
import { hasProcess } from "../../loading/manifest/loaded.js";
import type { Extension } from "../../supervision/extension.js";
import type { ChildProcess, ExitInfo, SpawnRequest } from "../../transport/process/child.js";
import { exitDiagnosis, spawnError } from "../../transport/process/diagnose.js";
import { drained } from "../../transport/process/drained.js";
import { programEnvironment } from "../../transport/process/environment.js";
import { readBraked } from "../../transport/read-braked.js";
import type { HostServices } from "../services.js";
import { parseFrame, SIDECAR_PROTOCOL, type SidecarFrame } from "./frames.js";
import { sidecarProgram, withModel } from "./program.js";
import { Sidecar } from "./sidecar.js";
import { askSpawnArgs, DEFAULT_SPAWN_ARGS, type SpawnArgs } from "./spawn-args.js";

/** Longest line that is read. The reference's. */
export const MAX_SIDECAR_LINE_BYTES = 1024 * 1024;

/** Frames that a sidecar may print before the host has dealt with its hello. */
const MAX_EARLY = 64;

/** A sidecar that an extension declares. */
export interface SidecarEntry {
  extension: string;
  /** The command that the user starts the sidecar with, when the manifest names one. */
  command: string | undefined;
  displayName: string;
  settingsCategory: string | undefined;
  /** From -100 to 100; the highest goes first where there is room for one. */
  importance: number;
  model: { defaultPath: string | undefined; required: boolean } | undefined;
  running: boolean;
}

type Hello = Extract<SidecarFrame, { type: "hello" }>;

/** Sidecars of extensions. Only `start` ever starts a sidecar, because the user asked for it. */
export class Sidecars {
  readonly #services: HostServices;
  readonly #running = new Map<string, Promise<Sidecar>>();

  constructor(services: HostServices) {
    this.#services = services;
    services.onState(({ id }, _from, to) => {
      if (to === "stopped") void this.stop(id);
    });
  }

  /** Sidecars that extensions declare, in load order. */
  list(): SidecarEntry[] {
    return this.#services.extensions().flatMap(({ id, loaded }) => {
      const sidecar = loaded.manifest.provides?.sidecar;
      return sidecar ? [entryOf(id, sidecar, this.#running.has(id))] : [];
    });
  }

  /** Asks an extension for the arguments of its sidecar. Rejects with a HostError when there is no good answer. */
  // async: an unknown id rejects like everything else.
  async spawnArgs(id: string): Promise<SpawnArgs> {
    return askSpawnArgs(this.#services, this.#services.extension(id));
  }

  /**
   * Starts the sidecar of an extension and resolves when the sidecar said hello and was initialised. Resolves to the
   * running sidecar if there is one. Rejects with a HostError when there is none, it does not start, or says no hello
   * within 10 s; no process is left then.
   */
  start(id: string): Promise<Sidecar> {
    const running = this.#running.get(id);
    if (running) return running;
    const starting = this.#services.activity.during(this.#start(id));
    this.#running.set(id, starting);
    const forget = (): void => {
      if (this.#running.get(id) === starting) this.#running.delete(id);
    };
    starting.then((sidecar) => sidecar.ended.then(forget), forget);
    return starting;
  }

  /**
   * Does what the user's key for a sidecar does: the first time starts the sidecar and presses, then releases and presses
   * in turn, and the process stays. Rejects as `start` does.
   */
  async toggle(id: string): Promise<Sidecar> {
    const sidecar = await this.start(id);
    sidecar.toggle();
    return sidecar;
  }

  /** Ends the sidecar of one extension, or all sidecars. Resolves when the processes are gone. */
  async stop(id?: string): Promise<void> {
    const chosen = id === undefined ? [...this.#running.values()] : [this.#running.get(id)];
    // A sidecar whose start failed has nothing to stop, and whoever started it got the error.
    const stops = chosen.map(async (one) => (await one?.catch(() => undefined))?.stop());
    await this.#services.activity.during(Promise.all(stops));
  }

  async #start(id: string): Promise<Sidecar> {
    const extension = this.#services.extension(id);
    const declared = extension.loaded.manifest.provides?.sidecar;
    if (!declared) {
      throw new HostError("SIDECAR_NOT_DECLARED", `Extension '${id}' has no sidecar`, {
        hint: "Declare it under /provides/sidecar.",
        data: { extension: id },
      });
    }
    const { args } = await this.#argsOf(extension);
    return this.#launch(extension, declared, withModel(args, declared.model, this.#services.env));
  }

  /** An extension that gives no arguments, for whatever reason, gets the manifest's. */
  async #argsOf(extension: Extension): Promise<SpawnArgs> {
    if (!hasProcess(extension.loaded)) return DEFAULT_SPAWN_ARGS;
    try {
      return await askSpawnArgs(this.#services, extension);
    } catch (error) {
      if (!(error instanceof HostError)) throw error;
      const { message: reason, hint, data } = error;
      if (data["unknownMethod"] !== true) {
        const fields = { extension: extension.id, reason, hint };
        this.#services.logger.warn("a sidecar starts with the arguments of its manifest", fields);
      }
      return DEFAULT_SPAWN_ARGS;
    }
  }

  async #launch(
    { id, loaded, logs }: Extension,
    declared: ManifestSidecar,
    args: readonly string[],
  ): Promise<Sidecar> {
    const { clock, env } = this.#services;
    const request: SpawnRequest = {
      command: sidecarProgram(id, declared.command, loaded.root),
      args,
      // The folder that the user works in, because that is what a sidecar is about.
      cwd: process.cwd(),
      env: programEnvironment(env, loaded),
      onStderrLine: (line) => logs.add({ at: clock.wallMs(), line }),
    };
    const child = this.#services.spawn(id, request);
    let sidecar: Sidecar | undefined;
    let greet: (first: SidecarFrame) => void = () => {};
    const greeted = new Promise<SidecarFrame>((resolve) => (greet = resolve));
    /** Frames behind the hello, until there is a sidecar to take them. */
    let early: SidecarFrame[] | undefined;
    const lines = this.#linesOf(id, (frame) => {
      if (sidecar) sidecar.receive(frame);
      else if (early && early.length < MAX_EARLY) early.push(frame);
      else if (!early && frame.type !== "custom") {
        early = [];
        greet(frame);
      }
    });
    const endBrake = readBraked(child.stdout, clock, (chunk) => lines.push(chunk));
    void child.exited.then(endBrake);
    const hello = await this.#hello(id, request, child, greeted);
    sidecar = new Sidecar({ extension: id, capabilities: hello.capabilities }, child, this.#services);
    for (const frame of early ?? []) sidecar.receive(frame);
    sidecar.send({ type: "init", config: { protocol_version: SIDECAR_PROTOCOL } });
    return sidecar;
  }

  #linesOf(extension: string, onFrame: (frame: SidecarFrame) => void): Lines {
    let passedOver = 0;
    return new Lines(
      { maxBytes: MAX_SIDECAR_LINE_BYTES },
      {
        onLine: (bytes, cut) => {
          const frame = cut ? undefined : parseFrame(bytes);
          if (frame) return onFrame(frame);
          if (!cut) return;
          passedOver += 1;
          if (!isWorthTelling(passedOver)) return;
          const fields = { extension, limit: MAX_SIDECAR_LINE_BYTES, count: passedOver };
          this.#services.logger.warn("a line of a sidecar was passed over: it is too long", fields);
        },
      },
    );
  }

  async #hello(
    id: string,
    request: SpawnRequest,
    child: ChildProcess,
    greeted: Promise<SidecarFrame>,
  ): Promise<Hello> {
    const { clock, limits } = this.#services;
    const late = new Promise<"late">((resolve) => {
      const timer = clock.after(limits.sidecarHelloMs, () => resolve("late"));
      void Promise.race([greeted, child.exited]).then(() => timer.cancel());
    });
    const first = await Promise.race([greeted, late, child.exited]);
    if (isHello(first)) return first;
    if (child.exit) await drained(child, limits.exitDrainMs);
    child.release();
    if (first === "late") throw failed(id, `it said no hello within ${limits.sidecarHelloMs} ms`);
    if ("type" in first) throw failed(id, whyNot(first));
    if (first.error) throw spawnError(id, request, first, undefined);
    throw failed(id, exitDiagnosis(child, "starting"));
  }
}

function isHello(first: SidecarFrame | ExitInfo | "late"): first is Hello {
  return (
    first !== "late" && "type" in first && first.type === "hello" && first.protocolVersion >= SIDECAR_PROTOCOL
  );
}

function whyNot(first: SidecarFrame): string {
  if (first.type === "hello") return `it speaks version ${first.protocolVersion}`;
  return first.type === "error" ? first.message : `its first message was '${first.type}'`;
}

function entryOf(extension: string, { lifecycle, model }: ManifestSidecar, running: boolean): SidecarEntry {
  return {
    extension,
    command: lifecycle?.command,
    displayName: lifecycle?.display_name ?? extension,
    settingsCategory: lifecycle?.settings_category ?? undefined,
    importance: Math.max(-100, Math.min(100, lifecycle?.importance ?? 0)),
    model: model ? { defaultPath: model.default_path ?? undefined, required: model.required } : undefined,
    running,
  };
}

function failed(id: string, why: string): HostError {
  return new HostError("SIDECAR_FAILED", `The sidecar of extension '${id}' did not start: ${why}`, {
    hint: `It must print one line {"type":"hello","protocol_version":${SIDECAR_PROTOCOL},…} first.`,
    data: { extension: id },
  });
}
