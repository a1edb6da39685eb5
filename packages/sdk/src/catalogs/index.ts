/** The catalogs that come with the SDK, each in one file, and their descriptions. No dependency. */
export { agentCatalog } from "./agent.js";
export { CATALOGS } from "./all.js";
export { describeCatalog } from "./describe.js";
export { gatewayCatalog } from "./gateway.js";
export { messagingCatalog } from "./messaging.js";
export { proxyCatalog } from "./proxy.js";
export { synapsPayloads } from "./synaps-payloads.js";
export { synapsCatalog } from "../protocol/synaps-catalog.js";
