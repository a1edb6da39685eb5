import type { JsonObject } from "../protocol/json.js";
import { isJsonObject } from "../protocol/json.js";
import type { InitializeParams, InitializeResult } from "../protocol/messages.js";
import {
  DEFAULT_PROTOCOL_VERSION,
  PROTOCOL_FEATURES,
  SYNAPS_VERSION,
  type ProtocolVersion,
} from "../protocol/version.js";
import type { HostAnswers, HostPeer } from "./host-peer.js";

/** What the harness says as the host when it starts an extension. */
export interface HandshakeOptions {
  /** Values of configuration keys. A host sends strings, whatever the type, except for manifest defaults. Default: none. */
  config?: JsonObject;
  /** Default 3. */
  protocolVersion?: ProtocolVersion;
  /** The extension's id, which is the name of its folder. */
  id?: string;
  /** Absolute path of the extension's folder. */
  root?: string | null;
  /** Plays the host for what the extension asks, as `memory.query`. Default: nothing is known. */
  answers?: HostAnswers;
  /** Aborting ends the extension at once: all that waits rejects with the reason, also the start. */
  signal?: AbortSignal;
}

/** Does what a host does first. Rejects with the extension's own error, or when it answers for another version. */
export async function handshake(
  peer: HostPeer,
  id: string,
  root: string | null,
  options: HandshakeOptions,
): Promise<InitializeResult> {
  const version = options.protocolVersion ?? 3;
  const params: InitializeParams = {
    synaps_version: SYNAPS_VERSION,
    extension_protocol_version: version,
    plugin_id: id,
    plugin_root: root,
    config: options.config ?? {},
    ...(version >= 3 ? { features: [...PROTOCOL_FEATURES] } : {}),
  };
  const result = await peer.request("initialize", params);
  if (!isJsonObject(result)) throw new Error("the answer to initialize is not an object");
  const answered = result["protocol_version"] ?? DEFAULT_PROTOCOL_VERSION;
  if (answered !== version) {
    throw new Error(`the extension answered for protocol ${String(answered)}, not for ${version}`);
  }
  return result as unknown as InitializeResult;
}
