import {
  SYNAPS_VERSION,
  didYouMean,
  isJsonObject,
  knownFeatures,
  PROTOCOL_FEATURES,
} from "@synaps/sdk/protocol";
import type { InitializeParams, JsonObject, ProtocolFeature } from "@synaps/sdk/protocol";
import { HostError } from "../errors.js";
import type { DiagnosticNote } from "../loading/manifest/diagnostic.js";
import type { LoadedExtension } from "../loading/manifest/loaded.js";
import { declarationDrift } from "./declared.js";
import { jsonInWords, lineOf } from "../text-bounds.js";
import { handshakeError } from "./start-errors.js";
import { checkDeclarations, type Declarations } from "./declarations.js";

export interface Handshake {
  declarations: Declarations;
  features: ReadonlySet<ProtocolFeature>;
  /** A misspelt key of the answer, which is ignored. */
  slip: { key: string; meant: string } | undefined;
}

/** Of what is wrong with a declaration: names in it are the extension's, and may be long. */
const MAX_PROBLEM_BYTES = 1_024;
const MAX_KEY_BYTES = 64;

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

function wrongVersion({ id, protocol }: LoadedExtension, result: JsonObject, version: unknown): HostError {
  const told = jsonInWords(version);
  const slip = slipIn(result);
  if (slip?.meant === "protocol_version") {
    const why = `its answer to initialize has no protocol_version, which means 1 (the manifest says ${protocol})`;
    const hint = `Rename '${slip.key}' to 'protocol_version'.`;
    return handshakeError(id, "HANDSHAKE_VERSION", why, { hint, evidence: `"${slip.key}"` });
  }
  const why = `unsupported protocol_version ${told} (the manifest says ${protocol})`;
  const isText = typeof version === "string" && Number(version) === protocol;
  return handshakeError(id, "HANDSHAKE_VERSION", why, {
    ...(isText ? { hint: `Answer with the number ${protocol}, not with a text.` } : {}),
    evidence: `"protocol_version": ${told}`,
  });
}

const ANSWER_KEYS = ["protocol_version", "capabilities", "features"] as const;

/** A key of the answer that is unknown and looks like a known key that is missing. */
export function slipIn(result: JsonObject): { key: string; meant: string } | undefined {
  const missing = ANSWER_KEYS.filter((key) => !Object.hasOwn(result, key));
  for (const key of Object.keys(result)) {
    if (ANSWER_KEYS.some((known) => known === key)) continue;
    const snake = key.replace(/[A-Z]/g, (letter) => `_${letter}`);
    const meant = didYouMean(snake, missing) ?? didYouMean(`${key}s`, missing);
    if (meant !== undefined) return { key: lineOf(key, MAX_KEY_BYTES), meant };
  }
  return undefined;
}

/** Checks the answer to `initialize`. Throws a HostError that says which rule it breaks. */
export function readHandshake(extension: LoadedExtension, result: unknown): Handshake {
  const { id, protocol } = extension;
  if (!isJsonObject(result)) {
    const evidence = jsonInWords(result);
    throw handshakeError(id, "HANDSHAKE_MALFORMED", "the answer to initialize is not an object", {
      evidence,
    });
  }
  // Very old extensions answer without a version: they speak 1.
  const version = result["protocol_version"] ?? 1;
  if (version !== protocol) throw wrongVersion(extension, result, version);
  const checked = checkDeclarations(result["capabilities"], extension.permissions, extension.config);
  if (!checked.ok) {
    throw handshakeError(id, "HANDSHAKE_MALFORMED", lineOf(checked.problem, MAX_PROBLEM_BYTES), {
      hint: "Correct what the extension declares in its answer to initialize, or its permissions.",
    });
  }
  checkDrift(extension, checked.value);
  const features = protocol >= 3 ? knownFeatures(result["features"]) : [];
  return { declarations: checked.value, features: new Set(features), slip: slipIn(result) };
}

export function slipNote(id: string, { key, meant }: { key: string; meant: string }): DiagnosticNote {
  return {
    code: "OUTPUT_MALFORMED",
    message: `Extension '${id}' misspelt a key: its answer to initialize has the unknown key '${key}', which is ignored`,
    hint: `Did you mean '${meant}'?`,
    evidence: `"${key}"`,
  };
}
