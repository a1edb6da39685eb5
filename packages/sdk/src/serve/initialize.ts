import { configurationOf } from "../configuration.js";
import type { ExtensionContext, ExtensionDefinition } from "../define-extension.js";
import { ExtensionError } from "../errors.js";
import { memoryOf } from "../memory.js";
import { WIRE_ERRORS } from "../protocol/error-codes.js";
import { isJsonObject } from "../protocol/json.js";
import type { InitializeResult } from "../protocol/messages.js";
import {
  isProtocolVersion,
  knownFeatures,
  PROTOCOL_VERSIONS,
  type ProtocolFeature,
} from "../protocol/version.js";
import { eventsOf } from "../raised-events.js";
import { widgetsOf } from "../screens.js";
import { ConfigInUse } from "./config-in-use.js";
import { declareProviders } from "../providers.js";
import type { HostRequests } from "./host-requests.js";

/** Reads what the host says first. Throws an ExtensionError that names what is wrong with it. */
export function readInitialize(
  definition: ExtensionDefinition,
  params: unknown,
  log: (line: string) => void,
  calls: HostRequests,
): { context: ExtensionContext; config: ConfigInUse; answer: InitializeResult } {
  if (!isJsonObject(params)) throw invalidRequest("initialize needs params");
  const version = params["extension_protocol_version"];
  if (!isProtocolVersion(version)) {
    throw new ExtensionError(`unsupported protocol version (supported: ${PROTOCOL_VERSIONS.join(", ")})`, {
      code: WIRE_ERRORS.unsupported_version,
    });
  }
  const root = params["plugin_root"];
  const id = String(params["plugin_id"] ?? "");
  const sent = params["config"];
  const config = new ConfigInUse(definition.config ?? {}, isJsonObject(sent) ? sent : {});
  const ask = calls.request.bind(calls);
  const context: ExtensionContext = Object.freeze({
    id,
    root: typeof root === "string" ? root : null,
    get config() {
      return config.current;
    },
    configuration: configurationOf(ask),
    memory: memoryOf(id, ask),
    events: eventsOf(ask, 0),
    widgets: widgetsOf((method, fields) => calls.notify(method, fields)),
    log: (line: string) => log(line),
  });
  const tools = Object.entries(definition.tools ?? {}).map(([name, tool]) => ({
    name,
    description: tool.description,
    input_schema: tool.input_schema,
    ...(tool.idempotent ? { idempotent: true } : {}),
  }));
  const providers = declareProviders(definition.providers ?? {});
  const answer: InitializeResult = {
    protocol_version: version,
    capabilities: {
      ...(tools.length > 0 ? { tools } : {}),
      ...(providers.length > 0 ? { providers } : {}),
    },
    ...(version >= 3 ? { features: featuresOf(definition, params["features"]) } : {}),
  };
  return { context, config, answer };
}

/** Raised events and notices of dropped ones only come to an extension that handles them. */
function featuresOf({ onEvent, onDropped }: ExtensionDefinition, offered: unknown): ProtocolFeature[] {
  const handled: Partial<Record<ProtocolFeature, unknown>> = { events: onEvent, dropped: onDropped };
  return knownFeatures(offered).filter(
    (feature) => !Object.hasOwn(handled, feature) || handled[feature] !== undefined,
  );
}

export function invalidRequest(message: string): ExtensionError {
  return new ExtensionError(message, { code: WIRE_ERRORS.invalid_request });
}
