import type { ToolDeclaration } from "@synaps/sdk/protocol";
import type { Activation } from "../loading/manifest/loaded.js";
import type { ExtensionState } from "./states.js";
import type { WorkStatus } from "./work.js";

/** Everything that anybody may know of an extension; no configuration and no payload. */
export interface ExtensionSnapshot extends WorkStatus {
  id: string;
  version: string | null;
  protocol: number;
  state: ExtensionState;
  /** Class of a lazy extension, `eager`, or `none` for a plugin that only has a sidecar. */
  activation: Activation;
  /** True if the extension is lazy and nobody has needed it so far. */
  waitsForUse: boolean;
  pid: number | undefined;
  restartCount: number;
  /** Answers that came after their deadline. */
  lateReplies: number;
  /** Bytes outside of frames that this process printed on standard output. */
  strayBytes: number;
  tools: readonly ToolDeclaration[];
  /** Reason why the extension is not live, or of its last restart. */
  reason: string | undefined;
}
