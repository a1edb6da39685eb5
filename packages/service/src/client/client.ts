import {
  defaultBaseDir,
  HostError,
  HOST_ERROR_CODES,
  type CommandEntry,
  type CommandOutcome,
  type EventInput,
  type HostErrorCode,
  type InterceptKinds,
  type Outcome,
  type OutputEvent,
  type ToolInfo,
  type ToolProgress,
  type ToolResult,
} from "@synaps/host";
import type { JsonValue } from "@synaps/sdk/protocol";
import { request } from "node:http";
import type { Socket } from "node:net";
import {
  CancellationTokenSource,
  createMessageConnection,
  ParameterStructures,
  ResponseError,
  StreamMessageReader,
  StreamMessageWriter,
  type MessageConnection,
} from "vscode-jsonrpc/node";
import type { OperationEnd, Step } from "../server/operations.js";
import type { OutcomeNotice } from "../server/outcomes.js";
import { servicePlaces } from "../server/places.js";
import { RPC_PROTOCOL } from "../server/service.js";
import type { ServiceStatus } from "../server/status.js";
import { ensureService, type ServiceCommand } from "./start.js";

/** Options of `connectService`. */
export interface ConnectOptions {
  /** Base folder of the service. Default: `SYNAPS_BASE_DIR` or `~/.synaps-cli`. */
  baseDir?: string;
  /** Started when no service runs. Default: nothing is started, and the call rejects. */
  start?: ServiceCommand;
}

/** Where an event comes from. */
export interface From {
  /** Folder that decides which project's extensions are asked. Default: those of the user only. */
  cwd?: string;
  /** Name of the program, for the audit and for those who follow outcomes. */
  agent?: string;
}

/** The end of an operation's run: its output, or an output that describes its failure. */
export type RunResult = string | null | undefined | { output: string | null; isError: boolean };

/** A run of an operation, as the hooks want it. */
export type Run = (
  input: JsonValue,
  context: { target: string | undefined; attempt: number },
) => RunResult | Promise<RunResult>;

/** Asked when an extension wants a confirmation. Only true is a yes. */
export type Ask = (question: {
  message: string;
  extension: string;
  tool_name: string | null;
}) => boolean | Promise<boolean>;

/**
 * Connects to the service of this user. Rejects with a HostError `SERVICE_UNAVAILABLE` when none runs and none is to be started.
 */
export async function connectService(options: ConnectOptions = {}): Promise<ServiceClient> {
  const places = servicePlaces(options.baseDir ?? defaultBaseDir(process.env));
  if (options.start !== undefined) await ensureService(places, options.start, process.env);
  return new ServiceClient(await upgraded(places.socket));
}

/**
 * A connection to the resident service. Calls reject with a HostError: the service's own, or `SERVICE_UNAVAILABLE` when the
 * connection is lost. The service goes on when the client is closed.
 */
export class ServiceClient {
  readonly #rpc: MessageConnection;
  readonly #socket: Socket;
  readonly #told = new Map<number, (name: string, value: unknown) => void>();
  #last = 0;

  /** Use `connectService`. */
  constructor(socket: Socket) {
    this.#socket = socket;
    this.#rpc = createMessageConnection(new StreamMessageReader(socket), new StreamMessageWriter(socket));
    this.#rpc.onNotification((method, params) => {
      const { id, value } = params as { id: number; value: unknown };
      this.#told.get(id)?.(method.slice(method.lastIndexOf("/") + 1), value);
    });
    this.#rpc.onError(() => socket.destroy());
    this.#rpc.listen();
  }

  status(): Promise<ServiceStatus> {
    return this.#ask("status", {});
  }

  /** Raises an event. `settled` waits for the votes of observers, too. */
  emit(event: EventInput, from: From & { settled?: boolean } = {}): Promise<Outcome> {
    return this.#ask("emit", { event, ...from });
  }

  /**
   * Runs an operation of this program between its hooks, as `host.intercept` does in one process. Without `ask`, a confirmation
   * is a no.
   */
  async intercept(
    kinds: InterceptKinds,
    event: Omit<EventInput, "kind">,
    run: Run,
    { ask, ...from }: From & { ask?: Ask } = {},
  ): Promise<OperationEnd> {
    let step: Step = await this.#ask("intercept/before", { kinds, event, ...from });
    while (!("done" in step)) step = await this.#carryOut(step, run, ask);
    return step.result;
  }

  /** The tools of all extensions. */
  tools(from: From = {}): Promise<ToolInfo[]> {
    return this.#ask("tools/list", { ...from });
  }

  /** Calls a tool. A hook that wants a confirmation blocks the call. */
  callTool(
    name: string,
    input: JsonValue = {},
    options: From & { sessionId?: string; onProgress?: (progress: ToolProgress) => void } = {},
  ): Promise<ToolResult> {
    const { sessionId, onProgress, ...from } = options;
    const session = sessionId === undefined ? {} : { session_id: sessionId };
    return this.#ask("tools/call", { name, input, ...session, ...from }, (_, value) =>
      onProgress?.(value as ToolProgress),
    );
  }

  /** The commands of all extensions. */
  commands(from: From = {}): Promise<CommandEntry[]> {
    return this.#ask("commands/list", { ...from });
  }

  /** Runs a command of an extension. */
  invoke(
    command: string,
    args: readonly string[] = [],
    options: From & { onOutput?: (event: OutputEvent) => void } = {},
  ): Promise<CommandOutcome> {
    const { onOutput, ...from } = options;
    return this.#ask("commands/invoke", { command, args, ...from }, (_, value) =>
      onOutput?.(value as OutputEvent),
    );
  }

  /**
   * Calls the listener for each outcome from now on: of one project with `cwd`, of one session with `session_id`. Resolves, once
   * nothing is missed any more, with how to stop.
   */
  follow(
    listener: (notice: OutcomeNotice) => void,
    filter: { cwd?: string; session_id?: string } = {},
  ): Promise<() => void> {
    return new Promise((resolve, reject) => {
      const cancellation = new CancellationTokenSource();
      const stop = (): void => cancellation.cancel();
      this.#ask(
        "outcomes",
        { ...filter },
        (name, value) => {
          if (name === "following") resolve(stop);
          else listener(value as OutcomeNotice);
        },
        cancellation,
      ).then(stop, reject);
    });
  }

  /** Ends the connection. Operations that are open are given up. */
  close(): void {
    this.#rpc.dispose();
    this.#socket.destroy();
  }

  async #carryOut(step: Exclude<Step, { done: true }>, run: Run, ask: Ask | undefined): Promise<Step> {
    const { ticket } = step;
    if (!step.run) {
      const agreed = ask !== undefined && (await ask(step.confirm)) === true;
      return this.#ask("intercept/confirm", { ticket, agreed });
    }
    return this.#ask("intercept/after", { ticket, ...(await endOf(step, run)) });
  }

  async #ask<T>(
    method: string,
    params: object,
    told?: (name: string, value: unknown) => void,
    cancellation?: CancellationTokenSource,
  ): Promise<T> {
    const id = (this.#last += 1);
    if (told !== undefined) this.#told.set(id, told);
    try {
      const all = { ...params, id };
      const { byName } = ParameterStructures;
      return await (cancellation === undefined
        ? this.#rpc.sendRequest<T>(method, byName, all)
        : this.#rpc.sendRequest<T>(method, byName, all, cancellation.token));
    } catch (error) {
      throw hostError(error);
    } finally {
      this.#told.delete(id);
    }
  }
}

async function endOf(
  { input, target, attempt }: Extract<Step, { run: true }>,
  run: Run,
): Promise<{ output: string | null; is_error: boolean }> {
  try {
    const end = (await run(input, { target, attempt })) ?? null;
    if (end === null || typeof end === "string") return { output: end, is_error: false };
    return { output: end.output, is_error: end.isError };
  } catch (error) {
    return { output: error instanceof Error ? error.message : String(error), is_error: true };
  }
}

/** Opens a connection over the socket and changes it from HTTP to JSON-RPC. */
function upgraded(socketPath: string): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const asking = request({
      socketPath,
      path: "/v1/rpc",
      headers: { connection: "Upgrade", upgrade: RPC_PROTOCOL },
    });
    asking.once("upgrade", (_response, socket: Socket, head) => {
      if (head.length > 0) socket.unshift(head);
      resolve(socket);
    });
    asking.once("response", () => reject(unreachable(socketPath, "it does not speak this protocol")));
    asking.once("error", (error) => reject(unreachable(socketPath, error.message)));
    asking.end();
  });
}

function unreachable(socketPath: string, why: string): HostError {
  return new HostError("SERVICE_UNAVAILABLE", `The service at '${socketPath}' cannot be reached: ${why}`, {
    hint: "Start it with: synaps-ext serve --detach",
  });
}

function hostError(error: unknown): HostError {
  const data: unknown = error instanceof ResponseError ? error.data : undefined;
  const { code, message, hint } = (data ?? {}) as { code?: string; message?: string; hint?: string };
  if (code !== undefined && Object.hasOwn(HOST_ERROR_CODES, code))
    return new HostError(code as HostErrorCode, message ?? code, hint === undefined ? {} : { hint });
  return new HostError(
    "SERVICE_UNAVAILABLE",
    message ?? (error instanceof Error ? error.message : String(error)),
  );
}
