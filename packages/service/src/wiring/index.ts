/** The configuration files of coding agents: entries for hooks of ours, written, taken back and listed. */
export { agentFiles, type AgentFile, type FileForm, type Scope, type Surroundings } from "./agent-files.js";
export { testAgent, type CanaryReport, type CanaryStep } from "./canary.js";
export type { FoundEntry, Mode } from "./entries.js";
export { listAgents, type AgentList, type ListedAgent, type WiredFile } from "./list.js";
export { unwire, type UnwiredFile, type UnwireReport } from "./unwire.js";
export { wire, type WireOptions, type WireReport } from "./wire.js";
