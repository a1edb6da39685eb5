import { expect, it } from "vitest";
import { startedHost } from "../../helpers/hosts.js";

const EVENT = { kind: "before_tool_call", tool_name: "t", tool_input: {} };

it("a subscription that is removed while its event is on the way leaves no count behind", async () => {
  const { host } = await startedHost([]);
  for (let n = 0; n < 50; n += 1) {
    let answer: (verdict: { action: "continue" }) => void = () => {};
    const remove = host.subscribe(
      EVENT.kind,
      () => new Promise<{ action: "continue" }>((resolve) => (answer = resolve)),
      { id: `one-${n}` },
    );
    const outcome = host.emit(EVENT);
    remove();
    answer({ action: "continue" });
    expect((await outcome).votes).toMatchObject([{ extension: `one-${n}`, status: "voted" }]);
  }
  expect(host.snapshot().subscriptions).toEqual([]);
});

it("a subscription that stays is counted from its first event on", async () => {
  const { host } = await startedHost([]);
  const remove = host.subscribe(EVENT.kind, () => ({ action: "continue" }), { id: "stays" });
  await host.emit(EVENT);
  await host.emit(EVENT);
  expect(host.snapshot().subscriptions).toMatchObject([{ extension: "stays", matched: 2, voted: 2 }]);
  remove();
  expect(host.snapshot().subscriptions).toEqual([]);
});
