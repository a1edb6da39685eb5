import { mkdirSync } from "node:fs";
import { request } from "node:http";
import { join } from "node:path";
import { connectService, type ServiceClient } from "@synaps/service";
import { startService, type Service, type ServiceOptions } from "@synaps/service/server";
import { expect, onTestFinished } from "vitest";
import { repo } from "./paths.js";
import type { LogLine } from "./hosts.js";
import { tempDir, writeExtension } from "./temp.js";

/** Answers each event with the verdict that stands in `tool_input.answer`, or in its own argument; offers the tool `say`. */
const ANSWERS = `import { READY, serve } from ${JSON.stringify(repo("test/fixtures/fixture-kit.mjs"))};
const own = JSON.parse(process.argv[2] ?? "null");
const input_schema = { type: "object", properties: { word: { type: "string" } }, required: ["word"] };
serve({
  initialize: ({ extension_protocol_version: protocol_version }) => ({
    ...READY,
    protocol_version,
    capabilities: { tools: [{ name: "say", description: "Says a word", input_schema }] },
  }),
  hook: ({ kind, tool_input }) => own ?? tool_input?.[kind] ?? { action: "continue" },
  other: ({ input }) => "said " + input.word,
});
`;

/** An extension that is asked before and after each call of a tool, in a folder of extensions. */
export function answeringExtension(folder: string, id: string, own?: object, more: object = {}): void {
  writeExtension(
    folder,
    id,
    {
      protocol_version: 3,
      runtime: "process",
      command: "node",
      args: ["main.mjs", ...(own === undefined ? [] : [JSON.stringify(own)])],
      permissions: ["tools.intercept", "tools.transform_output", "tools.register"],
      hooks: [{ hook: "before_tool_call" }, { hook: "after_tool_call" }],
      ...more,
    },
    { "main.mjs": ANSWERS },
  );
}

/** A service on a base folder of its own, ended after the test. */
export async function startedService(
  options: Partial<ServiceOptions> = {},
): Promise<{ service: Service; base: string; log: LogLine[]; client: () => Promise<ServiceClient> }> {
  const base = options.baseDir ?? tempDir();
  mkdirSync(join(base, "plugins"), { recursive: true });
  const log: LogLine[] = [];
  const note =
    (level: LogLine["level"]) =>
    (message: string, fields: Readonly<Record<string, unknown>> = {}): void =>
      void log.push({ level, message, fields });
  const service = await startService({
    baseDir: base,
    audit: false,
    env: process.env,
    logger: { debug: note("debug"), info: note("info"), warn: note("warn"), error: note("error") },
    ...options,
  });
  expect(service).toBeDefined();
  if (service === undefined) throw new Error("a service runs already");
  onTestFinished(() => service.close());
  const client = async (): Promise<ServiceClient> => {
    const made = await connectService({ baseDir: base });
    onTestFinished(() => made.close());
    return made;
  };
  return { service, base, log, client };
}

export interface HttpAnswer {
  status: number;
  text: string;
  json: <T>() => T;
}

/** One POST over a unix socket, or to an address. */
export function post(
  where: { socket: string } | { url: string },
  path: string,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): Promise<HttpAnswer> {
  return new Promise((resolve, reject) => {
    const to = "socket" in where ? { socketPath: where.socket } : { port: Number(new URL(where.url).port) };
    const asking = request({ ...to, path, method: "POST", headers, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("end", () => {
        const text = Buffer.concat(chunks).toString();
        resolve({ status: response.statusCode ?? 0, text, json: <T>() => JSON.parse(text) as T });
      });
    });
    asking.on("error", reject);
    asking.end(typeof body === "string" ? body : JSON.stringify(body));
  });
}
