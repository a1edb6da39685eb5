import { readConfig, type ConfigSpec } from "../config.js";
import type { ExtensionContext, ExtensionDefinition } from "../define-extension.js";
import { ExtensionError } from "../errors.js";
import { memoryOf } from "../memory.js";
import { WIRE_ERRORS } from "../protocol/error-codes.js";
import { isJsonObject } from "../protocol/json.js";
import type { InitializeResult } from "../protocol/messages.js";
import { isProtocolVersion, knownFeatures, PROTOCOL_VERSIONS } from "../protocol/version.js";
import type { HostRequests } from "./host-requests.js";

/** Reads what the host says first. Throws an ExtensionError that names what is wrong with it. */
export function readInitialize(
  definition: ExtensionDefinition,
  params: unknown,
  log: (line: string) => void,
  calls: HostRequests,
): { context: ExtensionContext; answer: InitializeResult } {
  if (!isJsonObject(params)) throw invalidRequest("initialize needs params");
  const version = params["extension_protocol_version"];
  if (!isProtocolVersion(version)) {
    throw new ExtensionError(`unsupported protocol version (supported: ${PROTOCOL_VERSIONS.join(", ")})`, {
      code: WIRE_ERRORS.unsupported_version,
    });
  }
  const root = params["plugin_root"];
  const config = params["config"];
  const id = String(params["plugin_id"] ?? "");
  const context: ExtensionContext = Object.freeze({
    id,
    root: typeof root === "string" ? root : null,
    config: readConfig<ConfigSpec>(definition.config ?? {}, isJsonObject(config) ? config : {}),
    memory: memoryOf(id, (method, fields) => calls.request(method, fields)),
    log: (line: string) => log(line),
  });
  const tools = Object.entries(definition.tools ?? {}).map(([name, tool]) => ({
    name,
    description: tool.description,
    input_schema: tool.input_schema,
    ...(tool.idempotent ? { idempotent: true } : {}),
  }));
  const answer: InitializeResult = {
    protocol_version: version,
    capabilities: tools.length > 0 ? { tools } : {},
    ...(version >= 3 ? { features: knownFeatures(params["features"]) } : {}),
  };
  return { context, answer };
}

export function invalidRequest(message: string): ExtensionError {
  return new ExtensionError(message, { code: WIRE_ERRORS.invalid_request });
}
