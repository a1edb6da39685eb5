import { FrameReader } from "@synaps/sdk/framing";
import type { Duplex } from "node:stream";
import {
  AbstractMessageReader,
  createMessageConnection,
  ResponseError,
  StreamMessageWriter,
  type CancellationToken,
  type DataCallback,
  type Disposable,
  type Message,
} from "vscode-jsonrpc/node";
import { errorFields, type ErrorFields } from "./error-fields.js";
import { MAX_BODY_BYTES } from "./http.js";
import { callMethod, METHODS, type Caller } from "./methods.js";
import type { ServiceParts } from "./parts.js";

/** The code of an error that a method answered with; what it was stands in `data`. */
const METHOD_ERROR = -32_000;
/** Requests of one connection that may be under way. */
const MAX_OPEN = 256;
/** Bytes that may wait for a client that does not read. */
const MAX_UNREAD_BYTES = 4 * 1024 * 1024;
const SILENT = { error() {}, warn() {}, info() {}, log() {} };

/**
 * Serves the methods over one connection as JSON-RPC. What a method tells beside its answer is a notification `<method>/<name>`
 * with `{ id, value }`, where `id` is the member `id` of the parameters.
 */
export function serveRpc(stream: Duplex, parts: ServiceParts): void {
  const gone = new AbortController();
  const connection = createMessageConnection(
    new BoundedReader(stream),
    new StreamMessageWriter(stream),
    SILENT,
  );
  let open = 0;
  for (const method of Object.keys(METHODS))
    connection.onRequest(method, async (params: unknown, token: CancellationToken) => {
      if (open >= MAX_OPEN)
        throw rpcError({ code: "SERVICE_BUSY", message: `${MAX_OPEN} requests are open` });
      const ended = new AbortController();
      const stop = token.onCancellationRequested(() => ended.abort());
      const caller: Caller = {
        signal: AbortSignal.any([gone.signal, ended.signal]),
        tell: (name, value) => {
          if (gone.signal.aborted) return;
          if (stream.writableLength > MAX_UNREAD_BYTES) stream.destroy();
          else
            // It fails with the connection only, and then there is nobody to tell.
            void connection
              .sendNotification(`${method}/${name}`, { id: idOf(params), value })
              .catch(() => {});
        },
      };
      open += 1;
      try {
        return (await callMethod(method, params, caller, parts)) ?? null;
      } catch (error) {
        throw rpcError(errorFields(error));
      } finally {
        open -= 1;
        stop.dispose();
      }
    });
  connection.onError(() => {});
  stream.on("error", () => stream.destroy());
  // Sockets of an HTTP server stay half open otherwise.
  stream.once("end", () => stream.destroy());
  stream.once("close", () => {
    gone.abort();
    connection.dispose();
  });
  connection.listen();
}

function rpcError(fields: ErrorFields): ResponseError<object> {
  return new ResponseError(METHOD_ERROR, fields.message, fields);
}

function idOf(params: unknown): unknown {
  return typeof params === "object" && params !== null && "id" in params ? params.id : null;
}

/** Reads frames with the bounds of the SDK: the library's own reader would collect without end. */
class BoundedReader extends AbstractMessageReader {
  readonly #stream: Duplex;

  constructor(stream: Duplex) {
    super();
    this.#stream = stream;
  }

  listen(callback: DataCallback): Disposable {
    const frames = new FrameReader({
      onMessage: (message) => callback(message as Message),
      onProblem: () => this.#stream.destroy(),
      maxBodyBytes: MAX_BODY_BYTES,
    });
    const onData = (chunk: Buffer): void => frames.push(chunk);
    this.#stream.on("data", onData);
    this.#stream.once("close", () => this.fireClose());
    return { dispose: () => this.#stream.off("data", onData) };
  }
}
