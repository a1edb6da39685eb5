/** The client of the resident service, for programs that ask it instead of running a host of their own. */
export {
  connectService,
  ServiceClient,
  type Ask,
  type ConnectOptions,
  type From,
  type Run,
  type RunResult,
} from "./client/client.js";
export { ensureService, type ServiceCommand } from "./client/start.js";
export type { AgentCounts } from "./server/hooks.js";
export type { OperationEnd } from "./server/operations.js";
export type { OutcomeNotice } from "./server/outcomes.js";
export { servicePlaces, type ServicePlaces } from "./server/places.js";
export type { ServiceStatus } from "./server/status.js";
export type { Downgrade } from "./agents/index.js";
