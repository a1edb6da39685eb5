import { fileURLToPath } from "node:url";
import { configDefaults, defineConfig } from "vitest/config";
import { LongestFirst } from "./test/helpers/longest-first.js";

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** Tests that leave nothing behind in their process and measure no time: files share one, which loads modules once. */
const SHARED = [
  "test/{architecture,pins,requirements,types}/**/*.test.ts",
  "test/{audit,builtins,cli,host,metrics}/**/*.test.ts",
  "test/guards/**/!(linear).test.ts",
  "test/sdk/{catalogs,checks,manifest,protocol,serve,testing}/**/*.test.ts",
  "test/sdk/*.test.ts",
  // The files left out measure processor time or memory.
  "test/sdk/framing/!(bounds).test.ts",
  "test/sdk/values/!(redact).test.ts",
  "extensions/{file-guard,security-validator}/test/!(linear).test.ts",
  "extensions/{audit-log,claude-hooks,cost-tracker,ip-allowlist,login-auditor,notifier,payload-limiter,rate-limiter,response-cache,secret-redactor,session-clock,shell-guard,traffic-logger}/test/**/*.test.ts",
  "test/properties/{delivery,framing,json-schema,memory,merge,operations,restarts}.test.ts",
  // These start programs and look at what they say.
  "test/{packages,seeds,service}/**/*.test.ts",
  "test/e2e/{agent-loop,cli,defects,docs,extensions,host,host-config,security-validator,start}/**/*.test.ts",
  "test/e2e/python-whole.test.ts",
  "test/e2e/audit/{fsync,kill}.test.ts",
  "test/e2e/faults/{delivery,habits-page,overflow,poison,quarantine}.test.ts",
  "test/e2e/reaper/{beside,kill-host}.test.ts",
  "test/e2e/response-cache/{demo,store}.test.ts",
  "test/e2e/streams/{dropped,proxy,streams}.test.ts",
];
/** Real agents, with a configuration of their own: see scripts/test-agents.mjs. */
const AGENTS = "test/agents/**";
const ALL = ["test/**/*.test.ts", "extensions/*/test/**/*.test.ts"];

// In-process code is tested as source; children and the command are the built files, as users run them.
export default defineConfig({
  resolve: {
    alias: [
      { find: /^@synaps\/sdk\/(.+)$/, replacement: at("./packages/sdk/src/$1/index.ts") },
      { find: /^@synaps\/sdk$/, replacement: at("./packages/sdk/src/index.ts") },
      { find: /^@synaps\/audit$/, replacement: at("./packages/audit/src/index.ts") },
      { find: /^@synaps\/builtins$/, replacement: at("./packages/builtins/src/index.ts") },
      { find: /^@synaps\/guards\/(.+)$/, replacement: at("./packages/guards/src/$1/index.ts") },
      { find: /^@synaps\/host\/tooling$/, replacement: at("./packages/host/src/tooling.ts") },
      { find: /^@synaps\/host$/, replacement: at("./packages/host/src/index.ts") },
      { find: /^@synaps\/service\/(.+)$/, replacement: at("./packages/service/src/$1/index.ts") },
      { find: /^@synaps\/service$/, replacement: at("./packages/service/src/index.ts") },
      { find: /^@synaps\/metrics$/, replacement: at("./packages/metrics/src/index.ts") },
      // The one instance of a library that the packages use is the packages' own.
      {
        find: /^@opentelemetry\/api$/,
        replacement: at("./packages/metrics/node_modules/@opentelemetry/api/dist/index.mjs"),
      },
      { find: /^zod$/, replacement: at("./packages/sdk/node_modules/zod/index.js") },
    ],
  },
  test: {
    projects: [
      { extends: true, test: { name: "shared", include: SHARED, isolate: false } },
      {
        extends: true,
        test: { name: "alone", include: ALL, exclude: [...configDefaults.exclude, ...SHARED, AGENTS] },
      },
    ],
    // Many tests wait for processes: three files at a time keep two cores busy.
    maxWorkers: 3,
    sequence: { sequencer: LongestFirst },
    // A test waits for what it looks at; how long that takes depends on what else the machine does.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    globalSetup: ["test/helpers/global-setup.ts"],
    setupFiles: ["test/helpers/no-warnings.ts"],
  },
});
