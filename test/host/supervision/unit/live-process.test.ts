import { describe, expect, it } from "vitest";
import { extensionOf } from "./extension-kit.js";
import { loadedExtension } from "./loaded-kit.js";
import { well, type Script } from "../../../helpers/scripted-child.js";

const TOOL = { name: "t", description: "d", input_schema: {} };
const MODEL = { id: "p", display_name: "P", description: "d", models: [{ id: "m" }] };
const PINGED = { protocol_version: 3, features: ["ping"] };

const permitted = (): ReturnType<typeof loadedExtension> =>
  loadedExtension({
    protocol_version: 3,
    permissions: ["tools.intercept", "tools.register", "providers.register"],
  });

describe("the heartbeat of a live process", () => {
  it("asks one that understands pings, while nothing is under way", async () => {
    const { extension, started, work, children, clock } = extensionOf([well(PINGED, () => ({ result: {} }))]);
    expect(extension.pinged).toBe(false);
    await started();
    expect(extension.pinged).toBe(true);
    await clock.pass(14_999);
    expect(children[0]?.methods()).toEqual(["initialize"]);
    await clock.pass(1);
    expect(children[0]?.heard.slice(1)).toMatchObject([{ method: "ping", params: null }]);
    work.inFlight = 1;
    await clock.pass(100_000);
    expect(children[0]?.heard).toHaveLength(2);
    work.inFlight = 0;
    await clock.pass(2_000);
    expect(children[0]?.heard).toHaveLength(3);
  });

  it("is put off by any byte that comes", async () => {
    const { started, children, clock } = extensionOf([well(PINGED, () => ({ result: {} }))]);
    await started();
    await clock.pass(14_000);
    children[0]?.print("noise\n");
    await clock.pass(14_999);
    expect(children[0]?.methods()).toEqual(["initialize"]);
    await clock.pass(1);
    expect(children[0]?.methods()).toEqual(["initialize", "ping"]);
  });

  it("takes down one that answers none", async () => {
    const { extension, started, work, children, clock } = extensionOf([well(PINGED)]);
    await started();
    await clock.pass(21_002);
    expect(children[0]?.methods()).toEqual(["initialize", "ping", "ping", "ping"]);
    expect(children[0]?.done).toEqual(["SIGKILL", "released"]);
    expect(extension.reason).toMatch(
      /^stuck: it answered no ping; the process was ended by SIGKILL while idle/,
    );
    expect(work.did).toContain("exited false");
    expect(extension.pinged).toBe(false);
  });

  it("is none where pings are not understood, and none after the end or the stop", async () => {
    const plain = extensionOf([well()]);
    await plain.started();
    expect([plain.extension.pinged, plain.clock.armed]).toEqual([false, 1]);
    const { extension, started, children, clock } = extensionOf([well(PINGED)]);
    await started();
    const stopped = extension.stop();
    await clock.pass(100);
    await stopped;
    expect(clock.armed).toBe(0);
    await clock.pass(100_000);
    expect(children[0]?.methods()).toEqual(["initialize", "shutdown"]);
  });

  it("goes on with the next process", async () => {
    const { started, children, clock } = extensionOf([well(PINGED)]);
    await started();
    children[0]?.end({ code: 1 });
    await clock.pass(10);
    await clock.pass(15_000);
    expect(children.map((child) => child.methods())).toEqual([["initialize"], ["initialize", "ping"]]);
  });
});

describe("the question about itself", () => {
  const answers: Script = (heard) => (heard.method === "info.get" ? { result: { version: 5 } } : undefined);

  it("is asked of a process that declares anything, and the answer is kept", async () => {
    for (const capabilities of [
      { tools: [TOOL] },
      { providers: [MODEL] },
      { capabilities: [{ kind: "k", name: "n" }] },
    ]) {
      const script = well({ protocol_version: 3, capabilities }, answers);
      const { extension, started, children, clock } = extensionOf([script], permitted());
      await started();
      await clock.pass(0);
      expect(children[0]?.heard.slice(1)).toMatchObject([{ method: "info.get", params: null }]);
      expect(extension.info).toEqual({ version: 5 });
      // Not again after a restart.
      children[0]?.end({ code: 1 });
      await clock.pass(10);
      expect(children[1]?.methods()).toEqual(["initialize"]);
    }
  });

  it("is not asked of one that declares nothing, and an error is no answer", async () => {
    const { extension, started, children, clock } = extensionOf([well()]);
    await started();
    await clock.pass(0);
    expect([children[0]?.methods(), extension.info]).toEqual([["initialize"], undefined]);
    const capabilities = { capabilities: [{ kind: "k", name: "n" }] };
    const refusing = well({ protocol_version: 3, capabilities }, () => ({
      error: { code: 1, message: "no" },
    }));
    const other = extensionOf([refusing], permitted());
    await other.started();
    await other.clock.pass(0);
    expect([other.children[0]?.heard.length, other.extension.info]).toEqual([2, undefined]);
  });

  it("has five seconds for its answer", async () => {
    const capabilities = { capabilities: [{ kind: "k", name: "n" }] };
    const { extension, started, children, clock } = extensionOf([
      well({ protocol_version: 3, capabilities, features: ["cancel"] }),
    ]);
    await started();
    await clock.pass(4_999);
    expect(children[0]?.methods()).toEqual(["initialize", "info.get"]);
    await clock.pass(1);
    expect(children[0]?.methods()).toEqual(["initialize", "info.get", "$/cancelRequest"]);
    expect(extension.info).toBeUndefined();
  });
});

describe("a process for which nobody waits any more", () => {
  /** A live process with bytes that it does not read. */
  async function unread() {
    const made = extensionOf([well()]);
    await made.started();
    const stdin = made.children[0]?.stdin;
    stdin?.cork();
    stdin?.write("12345");
    return { ...made, stdin };
  }

  it("is left alone when it has read everything", async () => {
    const { extension, started, children, clock } = extensionOf([well()]);
    extension.quiet();
    await started();
    const { armed } = clock;
    extension.quiet();
    expect(clock.armed).toBe(armed);
    await clock.pass(1_000);
    expect(children[0]?.done).toEqual([]);
  });

  it("is taken down when it reads nothing for half a second", async () => {
    const { extension, children, clock } = await unread();
    extension.quiet();
    await clock.pass(499);
    expect(children[0]?.done).toEqual([]);
    await clock.pass(1);
    expect(children[0]?.done[0]).toBe("SIGKILL");
    await clock.pass(5);
    expect(extension.reason).toMatch(/^stuck: it did not read its input to the end; /);
  });

  it("gets time again as long as it reads on", async () => {
    const { extension, children, clock, stdin } = await unread();
    extension.quiet();
    await clock.pass(499);
    stdin?.write("6");
    await clock.pass(1);
    expect(children[0]?.done).toEqual([]);
    await clock.pass(499);
    stdin?.uncork();
    await clock.pass(1_000);
    expect(children[0]?.done).toEqual([]);
  });

  it("is left alone when work came meanwhile, or when it is another process", async () => {
    const busy = await unread();
    busy.extension.quiet();
    busy.activity.begin();
    await busy.clock.pass(5_000);
    busy.activity.end();
    expect(busy.children[0]?.done).toEqual([]);
    const { extension, children, clock } = await unread();
    extension.quiet();
    children[0]?.end({ code: 1 });
    await clock.pass(5_000);
    expect(children.map(({ done }) => done)).toEqual([["released"], []]);
  });

  it("is left alone when there is none any more", async () => {
    const { extension, started, children, clock } = extensionOf([well(), () => undefined]);
    await started();
    children[0]?.stdin.cork();
    children[0]?.stdin.write("12345");
    extension.quiet();
    children[0]?.end({ code: 1 });
    await clock.pass(500);
    expect([extension.generation, children[0]?.done]).toEqual([undefined, ["released"]]);
  });
});
