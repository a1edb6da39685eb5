import { defineExtension, type DroppedNotice } from "@synaps/sdk";
import { createHarness } from "@synaps/sdk/testing";
import { expect, it } from "vitest";
import { converse, initializeParams } from "../../helpers/conversation.js";

const offered = initializeParams(3, { features: ["meta", "dropped", "events", "later"] });

it("an extension says that it knows notices only when it handles them", async () => {
  const features = async (extension: Parameters<typeof converse>[0]): Promise<unknown> =>
    (await converse(extension).ask("initialize", offered))?.result;
  expect(await features(defineExtension({ onDropped() {} }))).toMatchObject({
    features: ["meta", "dropped"],
  });
  expect(await features(defineExtension({ onEvent: { "a.*": () => {} } }))).toMatchObject({
    features: ["meta", "events"],
  });
});

it("a handler gets the notice in its documented shape, whatever a host sends", async () => {
  const told: DroppedNotice[] = [];
  const { ask, say, logs } = converse(defineExtension({ onDropped: (notice) => void told.push(notice) }));
  await say({ jsonrpc: "2.0", method: "hook.dropped", params: { dropped: 1, total: 1, hooks: [] } });
  await ask("initialize", offered);
  const row = { subscription: "tap", kind: "proxy.packet", session: "s", dropped: 2, total: 5 };
  for (const params of [
    { dropped: 2, total: 9, hooks: [row, 7, { ...row, session: 3, later: true }], more: 1 },
    { dropped: 1, total: 1 },
    [],
  ])
    await say({ jsonrpc: "2.0", method: "hook.dropped", params });
  expect(told).toEqual([
    { dropped: 2, total: 9, hooks: [row, { ...row, session: null }] },
    { dropped: 1, total: 1, hooks: [] },
  ]);
  expect(logs).toEqual([]);
});

it.each([
  [
    "throws",
    () => {
      throw new Error("no room");
    },
  ],
  ["rejects", () => Promise.reject(new Error("no room"))],
])("a handler that %s is logged and hurts nothing", async (_how, onDropped) => {
  const { ask, say, logs } = converse(defineExtension({ onDropped }));
  await ask("initialize", offered);
  await say({ jsonrpc: "2.0", method: "hook.dropped", params: { dropped: 1, total: 1, hooks: [] } });
  expect(logs).toEqual(["the handler of dropped events failed: no room"]);
  expect((await ask("ping"))?.result).toEqual({});
});

it("a harness plays a notice", async () => {
  const told: DroppedNotice[] = [];
  const harness = await createHarness(defineExtension({ onDropped: (notice) => void told.push(notice) }));
  harness.drop(
    { kind: "proxy.packet" },
    { kind: "proxy.open", subscription: "o", session: "s", dropped: 3, total: 8 },
  );
  await harness.stop();
  expect(told).toEqual([
    {
      dropped: 4,
      total: 9,
      hooks: [
        { subscription: "proxy.packet#1", kind: "proxy.packet", session: null, dropped: 1, total: 1 },
        { subscription: "o", kind: "proxy.open", session: "s", dropped: 3, total: 8 },
      ],
    },
  ]);
});
