import type { Clock, Logger } from "@synaps/host";
import type { AgentHooks } from "./hooks.js";
import type { Operations } from "./operations.js";
import type { Outcomes } from "./outcomes.js";
import type { Projects } from "./projects.js";
import type { ServiceStatus } from "./status.js";

/** Parts of a running service, as its methods use them. */
export interface ServiceParts {
  readonly projects: Projects;
  readonly operations: Operations;
  readonly hooks: AgentHooks;
  readonly outcomes: Outcomes;
  readonly clock: Clock;
  readonly logger: Logger;
  /** The service as it is now. */
  status(): ServiceStatus;
}
