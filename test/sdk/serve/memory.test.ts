import { defineExtension, ExtensionError, modify } from "@synaps/sdk";
import { createHarness, events } from "@synaps/sdk/testing";
import { expect, it } from "vitest";

const extension = defineExtension({
  hooks: {
    async before_tool_call(_event, { memory }) {
      const receipt = await memory.append({ content: "seen", tags: ["t"] });
      const records = await memory.query({ tag_prefix: "t", limit: 1 });
      return modify({ receipt, records } as never);
    },
  },
});

it("asks the host in the extension's own namespace", async () => {
  const asked: unknown[] = [];
  const record = { namespace: "mine", timestamp_ms: 1, content: "seen", tags: ["t"] };
  const harness = await createHarness(extension, {
    id: "mine",
    answers: {
      "memory.append": (params) => (asked.push(params), { ok: true, timestamp_ms: 1 }),
      "memory.query": (params) => (asked.push(params), { records: [record] }),
    },
  });
  expect(await harness.send(events.before_tool_call({ tool_name: "bash", tool_input: {} }))).toEqual({
    action: "modify",
    input: { receipt: { ok: true, timestamp_ms: 1 }, records: [record] },
  });
  expect(asked).toEqual([
    { namespace: "mine", content: "seen", tags: ["t"] },
    { namespace: "mine", tag_prefix: "t", limit: 1 },
  ]);
  await harness.stop();
});

it("rejects with the host's code, also where the host knows no memory", async () => {
  const answers = {
    "memory.append": () => {
      throw new ExtensionError("the disk is full", { code: -32000 });
    },
  };
  const full = await createHarness(extension, { answers });
  await expect(
    full.send(events.before_tool_call({ tool_name: "bash", tool_input: {} })),
  ).rejects.toMatchObject({ code: -32000 });
  const bare = await createHarness(extension);
  await expect(
    bare.send(events.before_tool_call({ tool_name: "bash", tool_input: {} })),
  ).rejects.toMatchObject({
    code: -32601,
    message: "method not found: memory.append",
  });
});
