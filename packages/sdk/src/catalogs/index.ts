/** Payload schemas of the catalogs, and the generated description of each catalog. Needs zod. */
export { describeCatalog } from "./describe.js";
export { synapsPayloads } from "./synaps-payloads.js";
export { synapsCatalog } from "../protocol/synaps-catalog.js";
