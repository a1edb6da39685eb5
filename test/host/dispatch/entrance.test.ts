import { createHost, HostError, type Host } from "@synaps/host";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { gone, statusOf, variant, votes } from "../../e2e/host/support/fixture.js";
import { startedHost, testHost } from "../../helpers/hosts.js";
import { tempDir } from "../../helpers/temp.js";

const CALL = { kind: "before_tool_call", tool_name: "bash", tool_input: "ls" } as const;
const KINDS = { before: "before_tool_call", after: "after_tool_call" } as const;
const INPUT = { tool_name: "bash", tool_input: "ls" };

/** The code of a rejection. */
async function codeOf(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => "none",
    (error: unknown) => (error instanceof HostError ? error.code : String(error)),
  );
}

/** Code of an operation between hooks, and true if the operation ran. */
async function operate(host: Host): Promise<[code: string, ran: boolean]> {
  let ran = false;
  const code = await codeOf(host.intercept(KINDS, INPUT, () => void (ran = true)));
  return [code, ran];
}

describe("a host", () => {
  it("that was never started answers no event and runs no operation", async () => {
    const { host } = testHost({ folders: [] });
    host.subscribe("before_tool_call", () => ({ action: "continue" }));
    expect(await codeOf(host.emit(CALL))).toBe("HOST_NOT_STARTED");
    expect(await codeOf(host.emit(CALL, {}))).toBe("HOST_NOT_STARTED");
    expect(await operate(host)).toEqual(["HOST_NOT_STARTED", false]);
  });

  it("that was stopped answers no event and runs no operation", async () => {
    const { host } = await startedHost([]);
    const stopped = host.stop();
    expect(await codeOf(host.emit(CALL))).toBe("HOST_STOPPED");
    expect(await operate(host)).toEqual(["HOST_STOPPED", false]);
    await stopped;
    expect(await codeOf(host.emit(CALL))).toBe("HOST_STOPPED");
    expect(await operate(host)).toEqual(["HOST_STOPPED", false]);
  });

  it("whose start failed answers no event, and says why", async () => {
    const { host } = testHost({ folders: [join(tempDir(), "nowhere")] });
    expect(await codeOf(host.start())).toBe("FOLDER_NOT_FOUND");
    await expect(host.emit(CALL)).rejects.toMatchObject({ code: "HOST_NOT_STARTED" });
    await expect(host.emit(CALL)).rejects.toThrow("nowhere' cannot be read: it does not exist");
    expect(await operate(host)).toEqual(["HOST_NOT_STARTED", false]);
  });

  it("that is starting asks its extensions all the same, about the event as it was", async () => {
    const folder = tempDir();
    variant(folder, "echoes-votes", { id: "guard" });
    const { host } = testHost({ folders: [folder] });
    const started = host.start();
    const event = { ...CALL, tool_input: { vote: { action: "block", reason: "no" } } };
    const raised = host.emit(event);
    event.tool_input.vote.action = "continue";
    const [intercepted] = await Promise.all([operate(host), started]);
    expect(intercepted).toEqual(["none", true]);
    expect(votes(await raised)).toHaveLength(1);
  });
});

describe("an operation that is under way when the host stops", () => {
  it("has its after hooks asked, and ends as usual", async () => {
    const folder = tempDir();
    const hooks = [{ hook: "after_tool_call" }];
    variant(folder, "echoes-votes", { id: "watch", extension: { hooks } });
    const { host } = await startedHost([folder]);
    let finish: (output: string) => void = () => {};
    const output = new Promise<string>((resolve) => (finish = resolve));
    let running = (): void => {};
    const isRunning = new Promise<void>((resolve) => (running = resolve));
    const intercepted = host.intercept(KINDS, INPUT, () => {
      running();
      return output;
    });
    await isRunning;
    const stopped = host.stop();
    finish("done");
    const result = await intercepted;
    expect(result).toMatchObject({ ran: true, output: "done" });
    expect(result.ran && votes(result.after as never)).toEqual(["watch: continue"]);
    await stopped;
  });

  it("is not waited for beyond drainMs", async () => {
    const { host } = await startedHost([], { limits: { drainMs: 10 } });
    const intercepted = host.intercept(KINDS, INPUT, async () => {
      await host.stop();
      return "after the stop";
    });
    expect(await intercepted).toMatchObject({ ran: true, output: "after the stop" });
  });
});

const REASON = new Error("the user pressed Ctrl-C");

describe("the signal of an event", () => {
  it("that is aborted already asks nobody", async () => {
    const { host } = await startedHost([]);
    let asked = 0;
    host.subscribe("before_tool_call", () => void (asked += 1));
    await expect(host.emit(CALL, { signal: AbortSignal.abort(REASON) })).rejects.toBe(REASON);
    expect(asked).toBe(0);
  });

  it("ends the question that is out, asks nobody further, and leaves the process alone", async () => {
    const folder = tempDir();
    variant(folder, "takes-its-time", { id: "slow", extension: { hooks: [{ hook: "before_tool_call" }] } });
    const { host } = await startedHost([folder]);
    let asked = 0;
    host.subscribe("before_tool_call", () => void (asked += 1), { id: "later", priority: 1_000 });
    const giveUp = new AbortController();
    const off = host.subscribe("before_tool_call", () => giveUp.abort(REASON), {
      id: "first",
      priority: -1_000,
    });
    await expect(host.emit(CALL, { signal: giveUp.signal })).rejects.toBe(REASON);
    off();
    await host.emit(CALL);
    expect(asked).toBe(1);
    expect(statusOf(host, "slow").state).toBe("running");
  });

  it("is not listened to any more once the event has its outcome", async () => {
    const { host } = await startedHost([]);
    host.subscribe("before_tool_call", () => {});
    const { signal } = new AbortController();
    let listening = 0;
    const add = signal.addEventListener.bind(signal);
    const remove = signal.removeEventListener.bind(signal);
    signal.addEventListener = (...args: Parameters<typeof add>) => ((listening += 1), add(...args));
    signal.removeEventListener = (...args: Parameters<typeof remove>) => ((listening -= 1), remove(...args));
    await host.emit(CALL, { signal });
    await host.intercept(KINDS, INPUT, () => "ran", { signal });
    await host.settled();
    expect(listening).toBe(0);
  });

  it("keeps an operation from running", async () => {
    const { host } = await startedHost([]);
    const giveUp = new AbortController();
    host.subscribe("before_tool_call", () => giveUp.abort(REASON));
    let ran = false;
    const intercepted = host.intercept(KINDS, INPUT, () => void (ran = true), { signal: giveUp.signal });
    await expect(intercepted).rejects.toBe(REASON);
    expect(ran).toBe(false);
  });

  it("closes the question to the user", async () => {
    const { host } = await startedHost([]);
    host.subscribe("before_tool_call", () => ({ action: "confirm", message: "sure?" }));
    const giveUp = new AbortController();
    let closed = false;
    const confirm = ({ signal }: { signal: AbortSignal }): Promise<boolean> => {
      signal.addEventListener("abort", () => (closed = true));
      giveUp.abort(REASON);
      return new Promise(() => {});
    };
    const intercepted = host.intercept(KINDS, INPUT, () => "ran", { signal: giveUp.signal, confirm });
    await expect(intercepted).rejects.toBe(REASON);
    expect(closed).toBe(true);
  });
});

describe("the signal of the host's life", () => {
  it("stops the host when it is aborted during the start", async () => {
    const folder = tempDir();
    variant(folder, "handshake-hangs", { id: "silent", args: ["silent"] });
    const { host } = testHost({ folders: [folder], limits: { handshakeMs: 60_000 } });
    const giveUp = new AbortController();
    host.onLoad(({ type }) => void (type === "started" && giveUp.abort(REASON)));
    await expect(host.start({ signal: giveUp.signal })).rejects.toBe(REASON);
    expect(await codeOf(host.emit(CALL))).toBe("HOST_STOPPED");
    await host.stop();
    expect(host.snapshot().extensions.every(({ process: one }) => one?.pid === undefined)).toBe(true);
  });

  it("changes nothing when it is aborted before the start", async () => {
    const { host } = testHost({ folders: [] });
    await expect(host.start({ signal: AbortSignal.abort(REASON) })).rejects.toBe(REASON);
    await host.start();
    expect((await host.emit(CALL)).action).toBe("continue");
  });

  it("leaves the old process where a reload is given up", async () => {
    const folder = tempDir();
    variant(folder, "echoes-votes", { id: "guard" });
    const { host } = await startedHost([folder], { limits: { handshakeMs: 60_000 } });
    const before = statusOf(host, "guard").process?.pid;
    await expect(host.reload("guard", { signal: AbortSignal.abort(REASON) })).rejects.toBe(REASON);
    variant(folder, "handshake-hangs", { id: "guard", args: ["silent"] });
    const giveUp = new AbortController();
    const reloaded = host.reload("guard", { signal: giveUp.signal });
    giveUp.abort(REASON);
    await expect(reloaded).rejects.toBe(REASON);
    expect(statusOf(host, "guard").process?.pid).toBe(before);
  });

  it("kills what does not end by itself when a stop is hurried", async () => {
    const folder = tempDir();
    variant(folder, "ignores-sigterm", { id: "stubborn" });
    const limits = { shutdownMs: 60_000, stdinEndMs: 60_000, sigtermMs: 60_000 };
    const host = createHost({ folders: [folder], baseDir: tempDir(), limits });
    onTestFinished(() => host.stop());
    await host.start();
    const pid = Number(statusOf(host, "stubborn").process?.pid);
    await host.stop({ signal: AbortSignal.abort() });
    await gone(pid);
  });

  it.each([
    ["emit", (host: Host, options: never) => host.emit(CALL, options)],
    ["start", (host: Host, options: never) => host.start(options)],
    ["reload", (host: Host, options: never) => host.reload("guard", options)],
    ["stop", (host: Host, options: never) => host.stop(options)],
  ])("is refused where it is misspelt in the options of %s", async (_, act) => {
    const { host } = testHost({ folders: [] });
    const misspelt = { singal: AbortSignal.abort() } as never;
    await expect(act(host, misspelt)).rejects.toThrow("there is no 'singal'; did you mean 'signal'?");
  });
});

describe("a prompt", () => {
  it("that nobody answers blocks after confirmMs, and is told to close", async () => {
    const { host } = await startedHost([], { limits: { confirmMs: 10 } });
    host.subscribe("before_tool_call", () => ({ action: "confirm", message: "sure?" }), { id: "guard" });
    let closed = false;
    const confirm = ({ signal }: { signal: AbortSignal }): Promise<boolean> =>
      new Promise(() => signal.addEventListener("abort", () => (closed = true)));
    expect(await host.intercept(KINDS, INPUT, () => "ran", { confirm })).toMatchObject({
      ran: false,
      reason: "nobody answered the confirmation within 10 ms: sure?",
      by: "guard",
    });
    expect(closed).toBe(true);
  });
});
