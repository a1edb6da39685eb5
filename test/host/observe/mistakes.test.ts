import { expect, it } from "vitest";
import { startedHost, type LogLine } from "../../helpers/hosts.js";
import { tempDir } from "../../helpers/temp.js";
import { call } from "../../e2e/host/support/fixture.js";

const written = (log: readonly LogLine[]): string[] =>
  log.filter(({ level }) => level === "warn").map(({ message }) => message);

it("writes the error of a hook of the program into the log, the 1st, the 10th and the 100th time", async () => {
  const { host, log } = await startedHost([tempDir()]);
  await host.use({
    id: "audit",
    events: ["before_tool_call"],
    on() {
      throw new Error("the disk is full");
    },
  });
  for (let n = 0; n < 120; n += 1) expect(await host.emit(call())).toMatchObject({ action: "continue" });
  expect(written(log)).toEqual(Array<string>(3).fill("[hooks] Error in hook 'audit': the disk is full"));
  expect(log.filter(({ level }) => level === "warn").map(({ fields }) => fields)).toEqual(
    [1, 10, 100].map((times) => ({ hook: "audit", kind: "before_tool_call", times })),
  );
});

it("names an answer of a hook that cannot be used, and no payload", async () => {
  const { host, log } = await startedHost([tempDir()]);
  await host.use({
    id: "odd",
    events: ["before_tool_call"],
    on: () => ({ action: "secret payload" }) as never,
  });
  await host.emit(call());
  expect(written(log)).toEqual([
    expect.stringMatching(
      /^\[hooks\] Error in hook 'odd': .* an action of 14 characters that does not exist$/,
    ),
  ]);
});

it("writes that a hook of the program was registered and unregistered, with its kinds", async () => {
  const { host, log } = await startedHost([tempDir()]);
  const unregister = await host.use({ id: "audit", events: ["before_tool_call"], on: () => undefined });
  await unregister();
  const of = { hook: "audit", kinds: "before_tool_call" };
  expect(log.filter(({ message }) => message.startsWith("[hooks]"))).toEqual([
    { level: "debug", message: "[hooks] Registered hook 'audit'", fields: of },
    { level: "debug", message: "[hooks] Unregistered hook 'audit'", fields: of },
  ]);
});
