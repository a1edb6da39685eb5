import * as z from "zod";
import { BREAKER_NAMES } from "../protocol/breaker.js";
import { surfaceShape } from "./surface-schema.js";

/** Named priorities and their numbers: lower runs first. */
export const PRIORITIES = {
  highest: -2_147_483_648,
  high: -100,
  normal: 0,
  low: 100,
  lowest: 2_147_483_647,
} as const;

/** Longest deadline that a hook may set, in milliseconds: one minute. */
export const MAX_DEADLINE_MS = 60_000;
/** Most requests that `max_concurrency` may allow one process at the same time. */
export const MAX_CONCURRENCY = 64;

const matchSchema = z
  .strictObject({
    input_contains: z
      .string()
      .optional()
      .describe("Text that the tool input must contain, written as compact JSON."),
    input_equals: z.json().optional().describe("JSON that the tool input must equal."),
  })
  .describe("Conditions on the tool input. All that are given must hold.");

const attributeValue = z.union([z.string(), z.number(), z.boolean()]);

/** The form of one entry of `hooks`. Unknown keys are kept: the ecosystem's manifests may have any. */
export const hookSchema = z.looseObject({
  hook: z.string().describe("Hook kind to subscribe to."),
  tool: z.string().nullish().describe("Only for this tool, by its API-safe or runtime name."),
  match: matchSchema.nullish(),
  id: z.string().min(1).max(64).optional().describe("Stable name of the subscription. Default: kind#n."),
  priority: z
    .union([z.enum(Object.keys(PRIORITIES) as (keyof typeof PRIORITIES)[]), z.int()], {
      error: `Invalid input: expected an integer or one of ${Object.keys(PRIORITIES).join(", ")}`,
    })
    .optional()
    .describe("Place in the chain: lower runs first. Default: normal (0)."),
  phase: z
    .enum(["rewrite", "veto"])
    .optional()
    .describe(
      "rewrite: may change the input. veto: sees the final input and may only stop it. Default: both.",
    ),
  timeout_ms: z
    .int()
    .min(1)
    .max(MAX_DEADLINE_MS)
    .optional()
    .describe("Deadline for one answer in milliseconds. Default: the kind's, 5000."),
  on_failure: z
    .enum(["open", "closed"])
    .optional()
    .describe("closed: when the extension cannot answer, the operation is stopped. Needs hooks.fail_closed."),
  tools: z
    .array(z.string().min(1))
    .optional()
    .describe("Only for these tools; names and globs with * and ?."),
  where: z
    .record(z.string(), z.union([attributeValue, z.array(attributeValue)]))
    .optional()
    .describe("Only where these attributes of the event have one of the values; texts may have * and ?."),
  fields: z
    .array(z.string())
    .optional()
    .describe("JSON pointers: only these parts of the event are sent (protocol 3). Default: all."),
  breaker: z
    .union([z.string(), z.record(z.string(), z.union([z.string(), z.number()]))])
    .optional()
    .describe(
      `When it is not asked for a while: ${BREAKER_NAMES.join(", ")}, or an object with bounds. Default: default.`,
    ),
  mode: z.enum(["enforce", "shadow"]).optional().describe("shadow: asked, but the answer is only recorded."),
});

export const configEntrySchema = z.looseObject({
  key: z.string().describe("Name; no dot, slash or white space."),
  type: z.enum(["string", "bool", "number"]).nullish(),
  description: z.string().nullish(),
  required: z.boolean().default(false).describe("Without a value the extension is not started."),
  default: z.json().optional(),
  secret_env: z.string().nullish().describe("Environment variable of the host that holds the value."),
  host_context: z.enum(["project_root"]).nullish().describe("Value that only the host can give."),
  enum: z
    .array(z.union([z.string(), z.number()]))
    .min(1)
    .nullish()
    .describe("The values that are allowed. Needs the type string or number."),
  min: z.number().nullish().describe("Smallest number that is allowed. Needs the type number."),
  max: z.number().nullish().describe("Largest number that is allowed. Needs the type number."),
  max_length: z.int().min(1).nullish().describe("Most characters of the text. Needs the type string."),
});

export const extensionSchema = z.looseObject({
  protocol_version: z.int().min(0).default(1).describe("Wire protocol: 1, 2 or 3."),
  runtime: z.literal("process"),
  command: z
    .string()
    .describe("Program to start: absolute, relative to this folder, or found on PATH. No shell."),
  setup: z.string().nullish(),
  prebuilt: z.record(z.string(), z.looseObject({ url: z.string(), sha256: z.string() })).default({}),
  args: z
    .array(z.string())
    .default([])
    .describe("Arguments. One that names a file in this folder becomes absolute."),
  permissions: z.array(z.string()).default([]),
  hooks: z.array(hookSchema).default([]),
  config: z.array(configEntrySchema).default([]),
  theme_tokens: z.record(z.string(), z.string()).default({}),
  deferred: z
    .record(z.string(), z.json())
    .nullish()
    .describe("What is offered before there is a process: tools, providers, context_providers, lifecycle."),
  tools: z
    .json()
    .optional()
    .describe("Only beside activation 'deferred': the earlier form of deferred.tools."),
  env: z
    .array(z.string().min(1))
    .default([])
    .describe("Environment variables of the host that are passed on."),
  sandbox: z.json().optional(),
  max_concurrency: z
    .int()
    .min(1)
    .max(MAX_CONCURRENCY)
    .optional()
    .describe("Requests in flight at a time. Default: 1 for protocols 1 and 2, 8 per lane for 3."),
  activation: z
    .enum(["eager", "first_event", "deferred"])
    .optional()
    .describe("first_event: the process starts when it is first needed. Default: eager."),
  optional_catalogs: z
    .array(z.string().min(1).max(64))
    .min(1)
    .max(16)
    .optional()
    .describe("Catalogs whose hooks and permissions are left out where a host does not have them."),
});

/** The form of a `plugin.json`. Unknown keys pass; rules beyond the form are checked by `parseManifest` alone. */
export const manifestSchema = z.looseObject({
  $schema: z.string().optional(),
  name: z.string().optional(),
  version: z.string().nullish(),
  description: z.string().nullish(),
  license: z.string().nullish(),
  compatibility: z
    .looseObject({ synaps: z.string().nullish(), extension_protocol: z.string().nullish() })
    .nullish(),
  ...surfaceShape,
  extension: extensionSchema.nullish(),
});

/** An entry of `hooks` after its form was checked. */
export type HookEntry = z.output<typeof hookSchema>;
/** An entry of `config` after its form was checked, with defaults filled in. */
export type ConfigEntry = z.output<typeof configEntrySchema>;
/** The `extension` section of a manifest after its form was checked, with defaults filled in. */
export type ExtensionSection = z.output<typeof extensionSchema>;
/** A whole manifest after its form was checked; `extension` is absent for plugins without a process. */
export type Manifest = z.output<typeof manifestSchema>;

/** The number of a hook's priority: lower is asked first. Default 0. */
export function priorityNumber(priority: HookEntry["priority"]): number {
  return typeof priority === "string" ? PRIORITIES[priority] : (priority ?? PRIORITIES.normal);
}
