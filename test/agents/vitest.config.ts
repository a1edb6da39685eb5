import { mergeConfig } from "vitest/config";
import base from "../../vitest.config.ts";

// Real agents, installed by `npm run test:agents`: no part of `npm test`.
const config = mergeConfig(base, {});
const { projects: _, ...test } = config.test ?? {};
export default {
  ...config,
  test: {
    ...test,
    include: ["test/agents/**/*.test.ts"],
    // An agent is a program of 200 MB: several at once would only slow each other down.
    maxWorkers: 1,
    testTimeout: 600_000,
    disableConsoleIntercept: true,
  },
};
