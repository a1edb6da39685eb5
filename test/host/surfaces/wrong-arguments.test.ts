import { expect, it } from "vitest";
import { startedHost } from "../../helpers/hosts.js";
import { verifies } from "../../requirements/verifies.js";

const run = (): void => {};
const REQUEST = { model: "a:b:c", messages: [] };

it(verifies("EMBED-002") + "each is named, before anything is looked up", async () => {
  const { host } = await startedHost([]);
  const wrong = async (work: () => unknown, words: string): Promise<void> => {
    await expect((async () => work())()).rejects.toMatchObject({
      code: "HOST_OPTIONS_INVALID",
      message: expect.stringContaining(words),
    });
  };
  const call = (options: unknown) => () => host.tools.call("x", {}, options as never);
  await wrong(call(null), "The options of tools.call are wrong: they are no object");
  await wrong(call({ deadlineMs: Number.NaN }), "'deadlineMs' must be a number from 1 to 2147483647");
  await wrong(call({ signal: {} }), "'signal' must be an AbortSignal");
  await wrong(call({ sessionId: 5 }), "'sessionId' must be a text or null");
  const invoke = (options: unknown) => () => host.commands.invoke("x", [], options as never);
  await wrong(invoke({ onOutput: "print" }), "'onOutput' must be a function");
  const complete = (request: unknown, options: unknown) => () =>
    host.providers.complete(request as never, options as never);
  await wrong(complete(undefined, {}), "they are no object");
  await wrong(complete({ messages: [] }, {}), "'model' is missing");
  await wrong(complete({ ...REQUEST, messages: "hello" }, {}), "'messages' must be a list");
  await wrong(complete(REQUEST, { maxTurns: 0 }), "'maxTurns' must be a number from 1");
  await wrong(
    complete(REQUEST, { ownTools: [{ name: "x", description: "x", run }] }),
    "'inputSchema' is missing",
  );
  await wrong(complete(REQUEST, { ownTools: [null] }), "they are no object");
  const lease = { session: "s", extension: "x", tool: "t", input: {} };
  await wrong(() => host.leases.execute({ ...lease, session: 5 } as never), "'session' must be a text");
  await wrong(() => host.leases.execute({ session: "s" } as never), "'extension' is missing");
});
