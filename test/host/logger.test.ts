import { runInNewContext } from "node:vm";
import { createHost, type LogFields } from "@synaps/host";
import { expect, it } from "vitest";
import { tempDir } from "../helpers/temp.js";

/** Callbacks of a program that fail, each in its own way. */
const FAILING: [string, () => never | Promise<never>][] = [
  [
    "throws",
    () => {
      throw new Error("disk full");
    },
  ],
  ["rejects", () => Promise.reject(new Error("disk full"))],
  [
    "rejects with a promise of another realm",
    () => runInNewContext("Promise.reject(error)", { error: new Error("disk full") }) as Promise<never>,
  ],
];

it.each(FAILING)(
  "a trace sink that %s costs lines of the trace and nothing else, said once",
  async (_, fail) => {
    const warned: [string, LogFields | undefined][] = [];
    const logger = {
      debug() {},
      info() {},
      error() {},
      warn: (message: string, fields?: LogFields) => void warned.push([message, fields]),
    };
    const env = { SYNAPS_EXTENSIONS_TRACE: "1" };
    const host = createHost({ folders: [], baseDir: tempDir(), env, logger, trace: fail as () => void });
    await host.start();
    host.subscribe("before_tool_call", () => ({ action: "block", reason: "no" }));
    for (let n = 0; n < 3; n += 1)
      expect((await host.emit({ kind: "before_tool_call", tool_name: "bash" })).action).toBe("block");
    expect(warned).toEqual([["the trace sink failed: lines of the trace are lost", { reason: "disk full" }]]);
    await host.stop();
  },
);

it.each(FAILING)("a logger that %s hurts nobody", async (_, fail) => {
  const logger = { debug: fail, info: fail, warn: fail, error: fail } as never;
  const host = createHost({ folders: [], baseDir: tempDir(), logger });
  await host.start();
  expect((await host.emit({ kind: "before_tool_call", tool_name: "bash" })).action).toBe("continue");
  await host.stop();
});
