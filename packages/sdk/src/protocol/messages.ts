import { isJsonObject, type JsonObject, type JsonValue } from "./json.js";

/** Id of a request, repeated in its answer. A host counts numbers from 1; extensions may use either type. */
export type RequestId = string | number;

/** A JSON-RPC message that wants an answer with the same id. */
export interface RequestMessage {
  jsonrpc: "2.0";
  method: string;
  params?: unknown;
  id: RequestId;
}

/** A JSON-RPC message that nobody answers. */
export interface NotificationMessage {
  jsonrpc: "2.0";
  method: string;
  params?: unknown;
}

/** The error of an answer. An error of an extension is an answer: it restarts nothing. */
export interface WireError {
  code: number;
  message: string;
  data?: unknown;
}

/** The answer to a request: `result` or `error`. `id` is null when the id of the request could not be read. */
export interface ResponseMessage {
  jsonrpc: "2.0";
  id: RequestId | null;
  result?: unknown;
  error?: WireError;
}

/** What the host tells in `initialize`. `features` only from protocol 3 on. */
export interface InitializeParams {
  synaps_version: string;
  extension_protocol_version: number;
  plugin_id: string;
  plugin_root: string | null;
  config: JsonObject;
  features?: string[];
}

/** A tool as an extension declares it in the handshake, or a lazy extension in its manifest. */
export interface ToolDeclaration {
  name: string;
  description: string;
  input_schema: JsonObject;
  /** True if a call may be sent once more when the process crashed under the call. Default false. */
  idempotent?: boolean;
}

/** What the extension answers to `initialize`. Unknown keys are ignored. */
export interface InitializeResult {
  protocol_version: number;
  capabilities: { tools?: ToolDeclaration[]; providers?: JsonValue[]; capabilities?: JsonValue[] };
  features?: string[];
}

/** A decoded frame by its kind. `params` and `result` are unchecked. */
export type IncomingMessage =
  | { type: "request"; id: RequestId; method: string; params: unknown }
  | { type: "notification"; method: string; params: unknown }
  | { type: "response"; id: RequestId | null; result: unknown; error: WireError | undefined }
  | { type: "invalid"; problem: string };

/** Sorts a decoded frame by its kind. Never throws; a frame of no kind is `invalid` with a reason. */
export function classifyMessage(value: unknown): IncomingMessage {
  if (Array.isArray(value)) return { type: "invalid", problem: "batches are not supported" };
  if (!isJsonObject(value)) return { type: "invalid", problem: "a message must be an object" };
  const { id, method } = value;
  if (typeof method === "string") {
    if (id === undefined || id === null) return { type: "notification", method, params: value["params"] };
    if (typeof id === "string" || typeof id === "number") {
      return { type: "request", id, method, params: value["params"] };
    }
    return { type: "invalid", problem: "a request id must be a string or a number" };
  }
  // Some libraries write every member of an envelope, null where it does not apply.
  if (method !== undefined && method !== null)
    return { type: "invalid", problem: "a method must be a string" };
  if (typeof id !== "string" && typeof id !== "number" && id !== null) {
    return { type: "invalid", problem: "a message has neither a method nor an id" };
  }
  return { type: "response", id, result: value["result"] ?? null, error: wireError(value["error"]) };
}

function wireError(value: unknown): WireError | undefined {
  if (value === undefined || value === null) return undefined;
  if (!isJsonObject(value)) return { code: 0, message: "unknown extension error" };
  const { code, message, data } = value;
  return {
    code: typeof code === "number" ? code : 0,
    message: typeof message === "string" ? message : "unknown extension error",
    ...(data === undefined ? {} : { data }),
  };
}
