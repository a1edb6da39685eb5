import { mergeConfig } from "vitest/config";
import base from "../../vitest.config.ts";

// The unit tests of policy code alone: what a mutant must not survive. No processes, so that a run is minutes.
const config = mergeConfig(base, {});
export default {
  ...config,
  test: {
    ...config.test,
    include: ["test/host/{dispatch,permission,extension,intercept,config}/**/*.test.ts"],
    globalSetup: [],
  },
};
