import { SYNAPS_VERSION, isJsonObject, knownFeatures, PROTOCOL_FEATURES } from "@synaps/sdk/protocol";
import type { InitializeParams, ProtocolFeature } from "@synaps/sdk/protocol";
import { HostError } from "../errors.js";
import type { LoadedExtension } from "../loading/manifest/loaded.js";
import { declarationDrift } from "./declared.js";
import { lineOf, valueInWords } from "../text-bounds.js";
import { checkDeclarations, type Declarations } from "./declarations.js";

export interface Handshake {
  declarations: Declarations;
  features: ReadonlySet<ProtocolFeature>;
}

/** Of what is wrong with a declaration: names in it are the extension's, and may be long. */
const MAX_PROBLEM_BYTES = 1_024;

/** Makes the parameters of `initialize`. Protocols 1 and 2 get the reference's keys and no other. */
export function initializeParams(extension: LoadedExtension): InitializeParams {
  return {
    synaps_version: SYNAPS_VERSION,
    extension_protocol_version: extension.protocol,
    plugin_id: extension.id,
    plugin_root: extension.root,
    config: extension.liveConfig.tell(),
    ...(extension.protocol >= 3 ? { features: [...PROTOCOL_FEATURES] } : {}),
  };
}

/** The user saw and agreed to the manifest of a lazy extension: each start must declare the same. */
function checkDrift({ id, activation, deferred }: LoadedExtension, declarations: Declarations): void {
  if (activation === "eager" || !deferred) return;
  const drift = declarationDrift(deferred, declarations);
  if (!drift) return;
  const message = `Extension '${id}' failed its handshake: it declares '${drift.name}' otherwise than its manifest`;
  throw new HostError("HANDSHAKE_DRIFT", message, {
    hint: "Make its answer to initialize and /extension/deferred say exactly the same.",
    data: { extension: id, drift: drift.kind, name: drift.name },
  });
}

/** Checks the answer to `initialize`. Throws a HostError that says which rule it breaks. */
export function readHandshake(extension: LoadedExtension, result: unknown): Handshake {
  const { id, protocol } = extension;
  const failed = `Extension '${id}' failed its handshake`;
  if (!isJsonObject(result)) {
    throw new HostError("HANDSHAKE_MALFORMED", `${failed}: the answer to initialize is not an object`, {
      hint: "Answer with {protocol_version, capabilities}.",
      data: { extension: id },
    });
  }
  // Very old extensions answer without a version: they speak 1.
  const version = result["protocol_version"] ?? 1;
  if (version !== protocol) {
    throw new HostError(
      "HANDSHAKE_VERSION",
      `${failed}: unsupported protocol_version ${valueInWords(version)} (the manifest says ${protocol})`,
      {
        hint: "Make the extension answer with the version that its manifest names.",
        data: { extension: id },
      },
    );
  }
  const checked = checkDeclarations(result["capabilities"], extension.permissions, extension.config);
  if (!checked.ok) {
    throw new HostError("HANDSHAKE_MALFORMED", `${failed}: ${lineOf(checked.problem, MAX_PROBLEM_BYTES)}`, {
      hint: "Correct what the extension declares in its answer to initialize, or its permissions.",
      data: { extension: id },
    });
  }
  checkDrift(extension, checked.value);
  const features = protocol >= 3 ? knownFeatures(result["features"]) : [];
  return { declarations: checked.value, features: new Set(features) };
}
