/** Parts that the example programs share: a scratch folder, witnesses of all kinds, and the table of what fired. */
export { bundled } from "./bundled.js";
export { runExample, type Stage } from "./run-example.js";
export { createScratch, type Scratch } from "./scratch.js";
export { stopOnSignals } from "./signals.js";
export { tableOf } from "./table.js";
export { watchKinds, type KindWatch, type SeenBy } from "./watch-kinds.js";
export { seenBy, witnesses, WITNESSES } from "./witnesses.js";
