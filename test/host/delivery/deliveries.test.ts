import { describe, expect, it } from "vitest";
import { Deliveries } from "../../../packages/host/src/delivery/deliveries.js";
import { DEFAULT_LIMITS } from "../../../packages/host/src/options.js";
import type { Extension } from "../../../packages/host/src/supervision/extension.js";
import { Activity } from "../../../packages/host/src/time/activity.js";
import { FakeClock } from "../../helpers/fake-clock.js";
import { ends, ScriptedProcess, TestEvent } from "../../helpers/scripted-process.js";

/** A scripted process with what a manifest says of it. */
function extensionOf(protocol: number, wanted?: number, limits = {}): Extension & ScriptedProcess {
  const clock = new FakeClock();
  return Object.assign(new ScriptedProcess(clock), {
    services: { clock, limits: { ...DEFAULT_LIMITS, ...limits } },
    loaded: { protocol, section: { max_concurrency: wanted } },
  }) as unknown as Extension & ScriptedProcess;
}

describe("the deliveries of a host", () => {
  it("are one for each extension, which gets its events", () => {
    const deliveries = new Deliveries(new Activity());
    const [one, other] = [extensionOf(3), extensionOf(3)];
    const [work, otherWork] = [deliveries.attach(one), deliveries.attach(other)];
    expect([deliveries.of(one), deliveries.of(other)]).toEqual([work, otherWork]);
    expect(deliveries.of(one)).toBe(work);
    expect(work).not.toBe(otherWork);
    const event = new TestEvent("a");
    deliveries.of(one).hand(event);
    expect([one.posted.length, other.posted.length]).toEqual([1, 0]);
    one.answer(one.open[0]);
    expect(event.end).toBe("voted");
  });

  it("know no extension that was not attached", () => {
    const deliveries = new Deliveries(new Activity());
    expect(() => deliveries.of(extensionOf(3))).toThrow("extension 'scripted' has no delivery");
  });

  it("keep to the protocol, the manifest's number and the limits of the host", () => {
    const deliveries = new Deliveries(new Activity());
    const sentAtOnce = (extension: Extension & ScriptedProcess): number => {
      deliveries.attach(extension);
      for (let n = 0; n < 20; n += 1) deliveries.of(extension).hand(new TestEvent(`e${n}`));
      return extension.open.length;
    };
    expect([
      sentAtOnce(extensionOf(1)),
      sentAtOnce(extensionOf(3)),
      sentAtOnce(extensionOf(3, 2)),
      sentAtOnce(extensionOf(2, 3)),
    ]).toEqual([1, 8, 2, 3]);
    const full = extensionOf(1, undefined, { gateQueue: 1 });
    deliveries.attach(full);
    const events = ["a", "b", "c"].map((name) => new TestEvent(name));
    for (const event of events) deliveries.of(full).hand(event);
    expect(ends(events)).toEqual(["open", "open", "overloaded"]);
  });

  it("keep the program alive while they have something to deliver", () => {
    const activity = new Activity();
    const deliveries = new Deliveries(activity);
    const extension = extensionOf(3);
    deliveries.attach(extension);
    deliveries.of(extension).hand(new TestEvent("a"));
    expect(activity.idle).toBe(false);
    extension.answer(extension.open[0]);
    expect(activity.idle).toBe(true);
  });

  it("hand over what waits when an extension takes the place of another, and not when one comes or goes", () => {
    const deliveries = new Deliveries(new Activity());
    const [previous, extension] = [extensionOf(1), extensionOf(1)];
    for (const one of [previous, extension]) deliveries.attach(one);
    const [sent, waiting] = [new TestEvent("sent"), new TestEvent("waiting")];
    for (const event of [sent, waiting]) deliveries.of(previous).hand(event);
    deliveries.follow({ type: "added", extension });
    deliveries.follow({ type: "removed", extension: previous });
    expect([waiting.state, extension.posted.length]).toEqual(["queued", 0]);
    deliveries.follow({ type: "replaced", extension, previous });
    expect(extension.open).toHaveLength(1);
    extension.answer(extension.open[0]);
    expect(ends([sent, waiting])).toEqual(["open", "voted"]);
  });
});
