/** Reading and checking of manifests; the JSON Schema for editors. Needs zod. */
export {
  activationClass,
  activationTrigger,
  type ActivationClass,
  type ActivationTrigger,
} from "./activation.js";
export { addressIn, addressRange, type AddressRange } from "../values/address.js";
export { wrongConditions, type WrongCondition } from "./attribute-rules.js";
export { breakerChoice, wrongBreakerChoice } from "./breaker-rules.js";
export { brokenLimit, type ConfigLimits } from "../config-limits.js";
export { DEFERRED_REASONS, type DeferredReason } from "./deferred-reasons.js";
export {
  readDeferred,
  type DeferredContextProvider,
  type DeferredDeclarations,
  type DeferredModel,
  type DeferredProvider,
  type DeferredResult,
} from "./deferred.js";
export { forbiddenEnvName, overrideName, overridePrefix, ownEnvironment } from "./env-names.js";
export { manifestJsonSchema } from "./json-schema.js";
export { isNestedDeeper, parseManifest, type ParsedManifest } from "./parse.js";
export { evidenceOfProblem } from "./evidence.js";
export { jsonErrorOffset } from "./json-offset.js";
export type { ManifestProblem, ProblemCode } from "./problem.js";
export { parseKey, RESERVED_KEYS } from "./key-grammar.js";
export { readCommands, type CommandDeclaration, type ReadEntries } from "./read-commands.js";
export { readKeybinds, type KeybindAction, type KeybindDeclaration } from "./read-keybinds.js";
export { readHelp, readSettings } from "./read-screens.js";
export type {
  ManifestCommand,
  ManifestHelpEntry,
  ManifestKeybind,
  ManifestSettingsCategory,
  ManifestSidecar,
} from "./surface-schema.js";
export { findKind, permissionsOf, type RuleContext } from "./find-kind.js";
export { schemaDigest } from "./schema-digest.js";
export {
  MAX_CONCURRENCY,
  MAX_DEADLINE_MS,
  manifestSchema,
  PRIORITIES,
  priorityNumber,
  hookSchema,
  type ConfigEntry,
  type ExtensionSection,
  type HookEntry,
  type Manifest,
} from "./schema.js";
