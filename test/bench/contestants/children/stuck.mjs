// Takes every event of the shared kind and never answers.
import { defineExtension, serve } from "../../../../packages/sdk/dist/index.js";

serve(defineExtension({ hooks: { "bench.shared": () => new Promise(() => {}) } }));
