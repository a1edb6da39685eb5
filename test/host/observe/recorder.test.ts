import { expect, it } from "vitest";
import { startedHost } from "../../helpers/hosts.js";

const CALL = { kind: "before_tool_call", tool_name: "bash", tool_input: {} };

it.each([
  [
    "throws",
    new Proxy(
      {},
      {
        get: () => {
          throw new Error("no environment");
        },
      },
    ),
  ],
  ["holds a number", { SYNAPS_EXTENSIONS_TRACE: 1 }],
])("an environment that %s costs a line of the trace, never an event", async (_, trap) => {
  const env: Record<string, string | undefined> = {};
  const made = await startedHost([], { env });
  Object.setPrototypeOf(env, trap);
  made.host.subscribe("before_tool_call", () => ({ action: "block", reason: "no" }));
  for (let n = 0; n < 3; n += 1) expect(await made.host.emit(CALL)).toMatchObject({ action: "block" });
  expect(made.log.filter(({ message }) => message === "a record of an event was lost")).toHaveLength(1);
});
