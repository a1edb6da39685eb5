import type { Clock } from "../time/clock.js";
import { HostError, messageOf } from "../errors.js";
import type { Logger } from "../logger.js";
import type { LoadedExtension } from "../loading/manifest/loaded.js";
import type { HostLimits } from "../options.js";
import type { ChildProcess, SpawnRequest } from "../transport/process/child.js";
import type { Children } from "../transport/process/children.js";
import { exitDiagnosis, spawnError, startRemedy } from "../transport/process/diagnose.js";
import { drained } from "../transport/process/drained.js";
import { childEnvironment } from "../transport/process/environment.js";
import { lineOf, stripControl } from "../text-bounds.js";
import { LATE, limited } from "../time/limited.js";
import { terminate } from "../transport/process/terminate.js";
import { Connection } from "../transport/rpc/connection.js";
import type { Reply } from "../transport/rpc/reply.js";
import type { RequestHandler } from "../transport/rpc/inbound-requests.js";
import { initializeParams, readHandshake, type Handshake } from "./handshake.js";

export interface GenerationServices {
  env: Readonly<Record<string, string | undefined>>;
  limits: HostLimits;
  clock: Clock;
  logger: Logger;
  children: Pick<Children, "spawn">;
  /** Handler of requests that the extension makes by itself. */
  onRequest: RequestHandler;
  /** `inexact`: JSON pointers of integers in the parameters whose digits were lost in parsing. */
  onNotification(method: string, params: unknown, inexact: readonly string[]): void;
  /** The last open request of the extension was answered. */
  onAnswered(): void;
  onLateReply(): void;
  onStderrLine(line: string): void;
}

/** Text outside of frames that is skipped before the handshake; more means that this is no extension. */
const MAX_NOISE_BYTES = 64 * 1024;
/** Of an extension's own error, in a message. */
const MAX_ERROR_BYTES = 1_024;
/** Of what arrived, in a message. */
const MAX_SAMPLE = 80;

/** One process of an extension with its connection, from the spawn to the end. A restart makes the next one. */
export class Generation {
  readonly child: ChildProcess;
  readonly connection: Connection;
  /** Resolves when the process is gone and what it wrote last was read. The connection is still open then. */
  readonly gone: Promise<void>;
  /** Features that both sides have, from the handshake on. */
  features: Handshake["features"] = new Set();
  #strayBytes = 0;
  /** The beginning of the first thing that arrived and was no message. */
  #arrived: string | undefined;
  #fault: string | undefined;
  readonly #problems = new Map<string, number>();
  #lastSign: number;
  #onNoise: (() => void) | undefined;
  readonly #extension: LoadedExtension;
  readonly #services: GenerationServices;
  readonly #request: SpawnRequest;

  constructor(extension: LoadedExtension, services: GenerationServices) {
    const { clock, logger, limits } = services;
    const { id } = extension;
    this.#extension = extension;
    this.#services = services;
    this.#lastSign = clock.now();
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
      onStray: (bytes, sample) => this.#noteStray(bytes, sample),
      onProblem: (problem, sample) => this.#noteProblem(problem, sample),
      onLateReply: services.onLateReply,
      onRequest: services.onRequest,
      onAnswered: services.onAnswered,
      onNotification: (method, params, inexact) => {
        this.#lastSign = clock.now();
        this.#guarded(() => services.onNotification(method, params, inexact));
      },
      onEnd: () => void this.#outputEnded(),
    });
    this.gone = this.child.exited.then(() => drained(this.child, limits.exitDrainMs));
  }

  /** The reason for which the host ended the process unasked; undefined when the process ended by itself. */
  get fault(): string | undefined {
    return this.#fault;
  }

  get strayBytes(): number {
    return this.#strayBytes;
  }

  /** Sends `initialize` and checks the answer. Throws a HostError, and leaves no process behind then. */
  async shakeHands(first: boolean): Promise<Handshake> {
    try {
      const reply = await this.#initialize(first);
      const handshake = readHandshake(this.#extension, reply);
      this.features = handshake.features;
      if (handshake.features.has("cancel")) this.connection.enableCancel();
      if (this.#extension.protocol >= 3) this.connection.allowMany();
      return handshake;
    } catch (error) {
      await this.stop();
      throw error;
    }
  }

  /** Ends the process, gently first. */
  async stop(): Promise<void> {
    const { limits } = this.#services;
    const ask = (): Promise<Reply> => this.connection.request("shutdown", "null", limits.shutdownMs);
    await terminate(this.child, ask, limits);
    this.close();
  }

  /** Settles everything under way and takes the rest of the process group down. */
  close(): void {
    this.connection.close();
    this.child.release();
  }

  async #initialize(first: boolean): Promise<unknown> {
    const { limits, clock } = this.#services;
    const params = JSON.stringify(initializeParams(this.#extension));
    const totalMs = first ? limits.handshakeTotalMs : limits.restartHandshakeMs;
    const silenceMs = first ? limits.handshakeMs : limits.restartHandshakeMs;
    const over = new AbortController();
    const outcome = await Promise.race([
      this.connection.request("initialize", params, totalMs, over.signal),
      this.gone.then(() => "gone" as const),
      this.#silence(silenceMs, clock, over.signal),
      new Promise<"noise">((resolve) => {
        this.#onNoise = () => resolve("noise");
      }),
    ]);
    over.abort();
    this.#onNoise = undefined;
    if (outcome === "gone") throw this.#goneError();
    if (outcome === "noise") throw this.#noiseError();
    if (outcome === "silence") throw this.#timeoutError(silenceMs);
    return this.#accept(outcome, totalMs);
  }

  #accept(reply: Reply, totalMs: number): unknown {
    switch (reply.type) {
      case "result":
        return reply.result;
      case "timeout":
        throw this.#timeoutError(totalMs);
      case "error":
        throw this.#error(
          "HANDSHAKE_REFUSED",
          `it answered initialize with error ${reply.code}: ${lineOf(reply.message, MAX_ERROR_BYTES)}`,
        );
      case "unreadable":
        throw this.#error("HANDSHAKE_MALFORMED", reply.detail);
      case "closed":
      case "cancelled":
      case "not_sent":
        throw this.#goneError();
    }
  }

  /** Resolves when nothing was heard for `ms`. A lively extension may take longer, to fetch a model for instance. */
  #silence(ms: number, clock: Clock, over: AbortSignal): Promise<"silence"> {
    return new Promise((resolve) => {
      const check = (): void => {
        const left = this.#lastSign + ms - clock.now();
        if (left <= 0) return resolve("silence");
        timer = clock.after(left, check);
      };
      let timer = clock.after(ms, check);
      over.addEventListener("abort", () => timer.cancel());
    });
  }

  #noteStray(bytes: number, sample: string): void {
    const { logger } = this.#services;
    const { id } = this.#extension;
    this.#arrived ??= sample;
    if (this.#strayBytes === 0) {
      const hint = "standard output is for the protocol: print to stderr";
      logger.warn("extension printed to standard output", {
        extension: id,
        sample: sample.slice(0, 80),
        hint,
      });
    }
    this.#strayBytes += bytes;
    if (this.#strayBytes > MAX_NOISE_BYTES) this.#onNoise?.();
  }

  /** Warns of the 1st, the 10th, the 100th of a kind: a flood of garbage must not become a flood of warnings. */
  #noteProblem(problem: string, sample: string): void {
    this.#arrived ??= sample;
    const count = (this.#problems.get(problem) ?? 0) + 1;
    this.#problems.set(problem, count);
    if (!/^10*$/.test(String(count))) return;
    const { logger } = this.#services;
    const extension = this.#extension.id;
    logger.warn("extension sent something that is no message", {
      extension,
      problem,
      count,
      sample: stripControl(sample).slice(0, MAX_SAMPLE),
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

  #goneError(): HostError {
    const { exit } = this.child;
    if (exit?.error)
      return spawnError(this.#extension.id, this.#request, exit, this.#extension.section.setup ?? undefined);
    const how = this.#fault ?? exitDiagnosis(this.child, "starting");
    const remedy = this.#fault === undefined ? startRemedy(this.child) : undefined;
    return this.#error("SPAWN_EXITED_EARLY", `${how}${this.#whatArrived()}`, remedy);
  }

  #noiseError(): HostError {
    const what = `it printed over ${MAX_NOISE_BYTES} bytes of text on standard output before its first message`;
    return this.#error("HANDSHAKE_NOISE", what);
  }

  #timeoutError(ms: number): HostError {
    return this.#error(
      "HANDSHAKE_TIMEOUT",
      `initialize was not answered within ${ms} ms${this.#whatArrived()}`,
    );
  }

  /** The first thing that arrived and was no message, for a handshake that failed. */
  #whatArrived(): string {
    if (this.#arrived === undefined) return "";
    return `; what it sent is no message in a frame: ${JSON.stringify(stripControl(this.#arrived).slice(0, MAX_SAMPLE))}`;
  }

  #error(code: HandshakeCode, why: string, remedy?: string): HostError {
    const { id } = this.#extension;
    const [what, usual] = HANDSHAKE_FAILURES[code];
    const hint = remedy ?? usual;
    return new HostError(code, `Extension '${id}' ${what}: ${why}`, { hint, data: { extension: id } });
  }
}

type HandshakeCode = keyof typeof HANDSHAKE_FAILURES;

const HANDSHAKE_FAILURES = {
  SPAWN_EXITED_EARLY: [
    "ended before its handshake",
    "Start its command by hand in its folder and read what it prints.",
  ],
  HANDSHAKE_TIMEOUT: [
    "did not shake hands",
    "Answer initialize first and do slow work later; stderr output counts as a sign of life.",
  ],
  HANDSHAKE_REFUSED: ["refused to start", "Correct what its message names, often its configuration."],
  HANDSHAKE_NOISE: ["did not shake hands", "Send its output to stderr; standard output is for the protocol."],
  HANDSHAKE_MALFORMED: [
    "failed its handshake",
    "Send each message as 'Content-Length: <bytes>', a blank line, and JSON in UTF-8 of at most 4 MiB.",
  ],
} as const;
