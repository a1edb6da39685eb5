/** The resident service itself, for whoever runs it. Programs that use it import the client. */
export { alreadyRuns, DEFAULT_IDLE_MS, startService, type Service, type ServiceOptions } from "./service.js";
export { isAnswered, pidOf } from "./claim.js";
export { LogFile } from "./log-file.js";
