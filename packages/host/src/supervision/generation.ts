import type { Clock } from "../time/clock.js";
import { messageOf, type HostError } from "../errors.js";
import type { Logger } from "../logger.js";
import type { DiagnosticNote } from "../loading/manifest/diagnostic.js";
import type { LoadedExtension } from "../loading/manifest/loaded.js";
import type { HostLimits } from "../options.js";
import type { ChildProcess, SpawnRequest } from "../transport/process/child.js";
import type { Children } from "../transport/process/children.js";
import { drained } from "../transport/process/drained.js";
import { childEnvironment } from "../transport/process/environment.js";
import { LATE, limited } from "../time/limited.js";
import { terminate, type StopStep } from "../transport/process/terminate.js";
import { Connection } from "../transport/rpc/connection.js";
import type { Reply } from "../transport/rpc/reply.js";
import type { RequestHandler } from "../transport/rpc/inbound-requests.js";
import { initializeParams, readHandshake, slipNote, type Handshake } from "./handshake.js";
import { Heard } from "./heard.js";
import { shutdownIgnored } from "./failures.js";
import { StartDiagnosis } from "./start-diagnosis.js";

export interface GenerationServices {
  env: Readonly<Record<string, string | undefined>>;
  limits: HostLimits;
  clock: Clock;
  logger: Logger;
  children: Pick<Children, "spawn">;
}

/** Told what a process asks, tells and gets wrong. */
export interface GenerationEvents {
  /** Handler of requests that the extension makes by itself. */
  onRequest: RequestHandler;
  /** `inexact`: JSON pointers of integers in the parameters whose digits were lost in parsing. */
  onNotification(method: string, params: unknown, inexact: readonly string[]): void;
  /** The last open request of the extension was answered. */
  onAnswered(): void;
  onLateReply(): void;
  onStderrLine(line: string): void;
  /** The extension sent something that is no message: the first of its kind. */
  onMistake(note: DiagnosticNote): void;
}

/** Text outside of frames that is skipped before the handshake; more means that this is no extension. */
const MAX_NOISE_BYTES = 64 * 1024;
/** Share of the time for a handshake after which a silent extension is named. */
const HINT_SHARE = 1 / 6;
/** Time between two looks at what arrived during a handshake. */
const LOOK_MS = 1_000;

/** One process of an extension with its connection, from the spawn to the end. A restart makes the next one. */
export class Generation {
  readonly child: ChildProcess;
  readonly connection: Connection;
  /** Resolves when the process is gone and what it wrote last was read. The connection is still open then. */
  readonly gone: Promise<void>;
  /** Features that both sides have, from the handshake on. */
  features: Handshake["features"] = new Set();
  readonly #heard: Heard;
  readonly #diagnosis: StartDiagnosis;
  #fault: string | undefined;
  #lastSign: number;
  #onNoise: (() => void) | undefined;
  /** True if an answer came after its request was given up. */
  #late = false;
  #ending: Promise<StopStep> | undefined;
  #greeted = false;
  readonly #extension: LoadedExtension;
  readonly #services: GenerationServices & GenerationEvents;
  readonly #request: SpawnRequest;

  constructor(extension: LoadedExtension, services: GenerationServices & GenerationEvents) {
    const { clock, logger, limits } = services;
    const { id } = extension;
    this.#extension = extension;
    this.#services = services;
    this.#lastSign = clock.now();
    this.#heard = new Heard(id, (note, count) => {
      if (count === 1) return services.onMistake(note);
      const { code, message, evidence } = note;
      logger.warn(message, { extension: id, code, count, evidence });
    });
    this.#request = {
      command: extension.command,
      args: extension.args,
      cwd: extension.root,
      env: childEnvironment(services.env, extension.section.env),
      onStderrLine: (line) => {
        this.#lastSign = clock.now();
        logger.debug(line, { extension: id });
        this.#guarded(() => services.onStderrLine(line));
      },
    };
    this.child = services.children.spawn(id, this.#request);
    this.connection = new Connection({
      stdin: this.child.stdin,
      stdout: this.child.stdout,
      clock,
      onStray: (bytes, sample) => {
        this.#heard.text(bytes, sample);
        if (this.#heard.strayBytes > MAX_NOISE_BYTES) this.#onNoise?.();
      },
      onProblem: (kind, sample, reason) => this.#heard.problem(kind, sample, reason),
      onLateReply: () => {
        this.#late = true;
        services.onLateReply();
      },
      onRequest: services.onRequest,
      onAnswered: services.onAnswered,
      onNotification: (method, params, inexact) => {
        this.#lastSign = clock.now();
        this.#guarded(() => services.onNotification(method, params, inexact));
      },
      onEnd: () => void this.#outputEnded(),
    });
    const { child, connection } = this;
    this.#diagnosis = new StartDiagnosis({ extension, child, connection, heard: this.#heard, logger });
    this.gone = this.child.exited.then(() => drained(this.child, limits.exitDrainMs));
  }

  /** The reason for which the host ended the process unasked; undefined when the process ended by itself. */
  get fault(): string | undefined {
    return this.#fault;
  }

  get strayBytes(): number {
    return this.#heard.strayBytes;
  }

  /** Sends `initialize` and checks the answer. Throws a HostError, and leaves no process behind then. */
  async shakeHands(first: boolean): Promise<Handshake> {
    try {
      const reply = await this.#initialize(first);
      const handshake = readHandshake(this.#extension, reply);
      this.features = handshake.features;
      if (handshake.features.has("cancel")) this.connection.enableCancel();
      if (this.#extension.protocol >= 3) this.connection.allowMany();
      this.#greeted = true;
      this.#heard.release();
      if (handshake.slip) this.#services.onMistake(slipNote(this.#extension.id, handshake.slip));
      return handshake;
    } catch (error) {
      await this.stop();
      throw error;
    }
  }

  /** Ends the process, gently first. */
  async stop(): Promise<void> {
    // A process that hangs over an event cannot hear that it is to end.
    const hangs = this.connection.owing;
    const step = await this.#end();
    if (this.#greeted && !hangs && (step === "sigterm" || step === "sigkill"))
      this.#services.onMistake(shutdownIgnored(this.#extension.id, step, this.#request));
    this.close();
  }

  #end(): Promise<StopStep> {
    const { limits } = this.#services;
    const ask = (): Promise<Reply> => this.connection.request("shutdown", "null", limits.shutdownMs);
    this.#ending ??= terminate(this.child, ask, limits);
    return this.#ending;
  }

  /** Settles everything under way and takes the rest of the process group down. */
  close(): void {
    this.connection.close();
    this.child.release();
  }

  async #initialize(first: boolean): Promise<unknown> {
    const { limits } = this.#services;
    const params = JSON.stringify(initializeParams(this.#extension));
    const totalMs = first ? limits.handshakeTotalMs : limits.restartHandshakeMs;
    const silenceMs = first ? limits.handshakeMs : limits.restartHandshakeMs;
    const over = new AbortController();
    const outcome = await Promise.race([
      this.connection.request("initialize", params, totalMs, over.signal),
      this.gone.then(() => "gone" as const),
      this.#watch(silenceMs, first, over.signal),
      new Promise<"noise">((resolve) => {
        this.#onNoise = () => resolve("noise");
      }),
    ]);
    over.abort();
    this.#onNoise = undefined;
    if (outcome === "gone") throw this.#diagnosis.gone(this.#fault);
    if (outcome === "noise") throw this.#diagnosis.noise();
    if (outcome === "silence") throw await this.#timeoutError(silenceMs);
    if (outcome === "mistake") throw this.#diagnosis.malformed();
    return this.#accept(outcome, totalMs);
  }

  async #accept(reply: Reply, totalMs: number): Promise<unknown> {
    switch (reply.type) {
      case "result":
        return reply.result;
      case "timeout":
        throw await this.#timeoutError(totalMs);
      case "error":
        throw this.#diagnosis.refused(reply);
      case "unreadable":
        throw this.#diagnosis.malformed();
      case "closed":
      case "cancelled":
      case "not_sent":
        throw this.#diagnosis.gone(this.#fault);
    }
  }

  /**
   * Resolves when nothing was heard for `ms`, or when an answer without a frame is all that came. A lively extension may
   * take longer, to fetch a model for instance.
   */
  #watch(ms: number, first: boolean, over: AbortSignal): Promise<"silence" | "mistake"> {
    const { clock } = this.#services;
    return new Promise((resolve) => {
      let unframed = false;
      let told: string | undefined;
      const look = (): void => {
        const left = this.#lastSign + ms - clock.now();
        if (left <= 0) return resolve("silence");
        // Seen twice: an extension may print a message for debugging, right before it sends the message in a frame.
        if (unframed) return resolve("mistake");
        unframed = this.#diagnosis.mistake?.kind === "json_line";
        // Said again when something has come meanwhile that says more.
        const known = this.#diagnosis.mistake?.kind ?? "nothing";
        if (first && told !== known && ms - left >= ms * HINT_SHARE) {
          told = known;
          this.#diagnosis.tellSilence(ms - left);
        }
        timer = clock.after(Math.min(left, LOOK_MS), look);
      };
      let timer = clock.after(Math.min(ms, LOOK_MS), look);
      over.addEventListener("abort", () => timer.cancel());
    });
  }

  /** The one boundary between what an extension sends by itself and the host's parts: nothing throws through it. */
  #guarded(run: () => void): void {
    try {
      run();
    } catch (error) {
      const fields = { extension: this.#extension.id, reason: messageOf(error) };
      this.#services.logger.error("a part of the host failed on what an extension sent", fields);
    }
  }

  /** The end of the output is the end of the process: by itself in a moment, or else by the host. */
  async #outputEnded(): Promise<void> {
    const { clock, limits } = this.#services;
    if ((await limited(clock, limits.exitDrainMs, this.child.exited)) !== LATE) return;
    this.#fault = "it closed its standard output";
    this.child.signal("SIGKILL");
  }

  /** Ends the process first: an answer that lay in a buffer of the process comes then. */
  async #timeoutError(ms: number): Promise<HostError> {
    await this.#end();
    await this.gone;
    return this.#diagnosis.timeout(ms, this.#late);
  }
}
