import { synapsCatalog } from "../protocol/synaps-catalog.js";
import { agentCatalog } from "./agent.js";
import { gatewayCatalog } from "./gateway.js";
import { messagingCatalog } from "./messaging.js";
import { proxyCatalog } from "./proxy.js";

/** The catalogs that come with the SDK, by name. */
export const CATALOGS = Object.freeze({
  synaps: synapsCatalog,
  gateway: gatewayCatalog,
  messaging: messagingCatalog,
  proxy: proxyCatalog,
  agent: agentCatalog,
});
