/** The dialects of coding agents: their hook events as events of a host, and outcomes as answers that they obey. */
export {
  AgentPayloadError,
  type AgentDialect,
  type AgentEvent,
  type AgentEventInfo,
  type AgentName,
  type Dialect,
  type DialectName,
  type Downgrade,
  type EncodeOptions,
  type HookAnswer,
} from "./dialect.js";
export { closesAt, DIALECTS, dialectOf, PLUGINS } from "./registry.js";
