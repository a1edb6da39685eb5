import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, test, vi } from "vitest";
import { repo } from "../helpers/paths.js";
import { answeringExtension, startedService } from "../helpers/service.js";
import { tempDir } from "../helpers/temp.js";

type Handler = (event: object, context: object) => Promise<unknown>;

const handlers = new Map<string, Handler>();

/** Loads the plugin as pi does, for a base folder. The command of the service is nowhere: what is not there is not started. */
async function load(base: string): Promise<void> {
  vi.stubEnv("SYNAPS_BASE_DIR", base);
  vi.stubEnv("SYNAPS_CLOSED", "1");
  const { default: plugin } = (await import(repo("packages/service/plugins/pi.js"))) as {
    default: (pi: object) => void;
  };
  plugin({ on: (name: string, handler: Handler) => void handlers.set(name, handler) });
}
afterEach(() => void vi.unstubAllEnvs());

const said: string[] = [];
const asked: string[] = [];
const context = (answer?: boolean): object => ({
  cwd: "/",
  hasUI: true,
  sessionManager: { getSessionId: () => "pi-1" },
  ui: {
    notify: (text: string) => void said.push(text),
    confirm: (_title: string, question: string) => {
      asked.push(question);
      return Promise.resolve(answer);
    },
  },
});

/** A call of bash whose extension answers `before` to it. */
async function call(before: object, answer?: boolean): Promise<{ result: unknown; input: object }> {
  const input = { command: "ls", before_tool_call: before };
  const result = await handlers.get("tool_call")!(
    { toolName: "bash", toolCallId: "t", input },
    context(answer),
  );
  return { result, input };
}

test("the plugin for pi does what the service answers, and stops tools without a service where it is closed", async () => {
  const base = tempDir();
  await load(base);
  mkdirSync(join(base, "plugins"), { recursive: true });
  answeringExtension(join(base, "plugins"), "answers");
  const { service } = await startedService({ baseDir: base });

  expect((await call({ action: "continue" })).result).toBeUndefined();
  expect((await call({ action: "block", reason: "not this" })).result).toEqual({
    block: true,
    reason: "not this",
  });
  const changed = await call({ action: "modify", input: { command: "pwd" } });
  expect(changed).toEqual({ result: undefined, input: { command: "pwd" } });
  expect((await call({ action: "confirm", message: "Really?" }, true)).result).toBeUndefined();
  expect((await call({ action: "confirm", message: "Really?" }, false)).result).toEqual({
    block: true,
    reason: "The user said no to: Really?",
  });
  expect(asked).toEqual(["Really?", "Really?"]);

  const done = {
    toolName: "bash",
    toolCallId: "t",
    input: { after_tool_call: { action: "replace", output: "[redacted]" } },
    content: [{ type: "text", text: "key" }],
    isError: false,
  };
  expect(await handlers.get("tool_result")!(done, context())).toEqual({
    content: [{ type: "text", text: "[redacted]" }],
  });

  await service.close();
  vi.stubEnv("PATH", base);
  expect((await call({ action: "continue" })).result).toMatchObject({ block: true });
  expect(await handlers.get("tool_result")!(done, context())).toEqual({
    content: [{ type: "text", text: "[output withheld: the guard could not be asked]" }],
  });
  expect(said).toHaveLength(1);
  expect(said[0]).toContain("tool_call was not asked about: synaps-ext serve failed");
});
