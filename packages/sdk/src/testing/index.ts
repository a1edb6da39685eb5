/** For tests of extensions, in process or as a child in any language. No test framework is needed or assumed. */
export {
  assertBlocks,
  assertConfirms,
  assertContinues,
  assertInjects,
  assertModifies,
  assertReplaces,
  assertVerdict,
  type ExpectedVerdict,
} from "./assertions.js";
export {
  envelope,
  events,
  eventsOf,
  type CatalogEventBuilders,
  type CatalogEventFields,
  partsOf,
  type EventBuilders,
  type EventFields,
} from "./events.js";
export type { HandshakeOptions } from "./handshake.js";
export { createHarness, type Harness, type HarnessOptions } from "./harness.js";
export type { ProviderCallOptions, Streamed, ToolCallOptions } from "./call-options.js";
export type { CallOptions, Invoked, Told, HostAnswer, HostAnswers, HostCalls } from "./host-peer.js";
export type { AnyEvent, AnswerTo, SentEvent, SentKind } from "./sent-event.js";
export {
  createInMemoryPair,
  type InMemoryEnd,
  type InMemoryListener,
  type InMemoryPairOptions,
} from "./in-memory-pair.js";
export { checkAgainstManifest, type AuthoringProblem, type ManifestCheckOptions } from "./manifest-check.js";
export {
  spawnHarness,
  type ExitStatus,
  type SpawnHarness,
  type SpawnHarnessOptions,
} from "./spawn-harness.js";
