// Takes every event of the shared kind and never answers.
import { defineExtension, serve } from "../../../../packages/sdk/dist/index.js";

/** @type {any} */
const hooks = { "bench.shared": () => new Promise(() => {}) };
serve(defineExtension({ hooks }));
