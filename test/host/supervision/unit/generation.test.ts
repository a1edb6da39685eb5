import { describe, expect, it } from "vitest";
import type { HostError } from "../../../../packages/host/src/errors.js";
import { generation } from "./generation-kit.js";
import { loadedExtension } from "./loaded-kit.js";
import { well, type Script } from "../../../helpers/scripted-child.js";

const silent: Script = () => undefined;
const SILENT_HINT =
  "Read as many bytes as the header says: no line end follows a message. Flush standard output after each message. " +
  "Answer initialize first and do slow work later; stderr output counts as a sign of life.";
const NOTHING = "and nothing came from it";

type Made = ReturnType<typeof generation>;

/** Begins a handshake. `over` tells how it ended so far: `open`, `done`, or the parts of its error. */
function shaking({ made }: Made, first = true): { over: () => unknown } {
  let over: unknown = "open";
  made.shakeHands(first).then(
    () => (over = "done"),
    (error: HostError) => {
      const { code, message, hint, data } = error;
      over = { code, message, hint, data };
    },
  );
  return { over: () => over };
}

const failed = (code: string, message: string, hint: string, evidence?: string): unknown => ({
  code,
  message: `Extension 'x' ${message}`,
  hint,
  data: { extension: "x", ...(evidence === undefined ? {} : { evidence }) },
});

describe("a process", () => {
  it("is started in the extension's folder with what it may see of the environment", () => {
    const loaded = loadedExtension({ env: ["MY_KEY"] }, { command: "/none/main", args: ["-a"], root: "/" });
    const { child } = generation(silent, loaded);
    const { command, args, cwd, env } = child.request;
    expect({ command, args, cwd, env }).toEqual({
      command: "/none/main",
      args: ["-a"],
      cwd: "/",
      env: { PATH: "/none" },
    });
  });

  it("hands on what it writes to standard error, and logs it for those who debug", () => {
    const { child, told, logged } = generation(silent);
    child.request.onStderrLine("a line");
    expect(told).toEqual([["line", "a line"]]);
    expect(logged).toEqual([{ level: "debug", message: "a line", fields: { extension: "x" } }]);
  });

  it("hands on what it says by itself, and what throws at that is an error of the host", () => {
    const fails = (): never => {
      throw new Error("a defect");
    };
    const { child, logged } = generation(silent, loadedExtension(), {
      onNotification: fails,
      onStderrLine: fails,
    });
    child.say({ method: "task.log", params: {} });
    child.request.onStderrLine("x");
    const error = {
      level: "error",
      message: "a part of the host failed on what an extension sent",
      fields: { extension: "x", reason: "a defect" },
    };
    expect(logged.filter(({ level }) => level === "error")).toEqual([error, error]);
    const { child: other, told } = generation(silent);
    other.say({ method: "task.log", params: { a: 1 } });
    expect(told).toEqual([["notification", "task.log", { a: 1 }, []]]);
  });
});

describe("a handshake", () => {
  it("ends with what both sides can", async () => {
    const features = ["ping", "cancel"];
    const made = generation(well({ protocol_version: 3, features }));
    const { over } = shaking(made);
    await made.clock.pass(0);
    expect(over()).toBe("done");
    expect(made.made.features).toEqual(new Set(["cancel", "ping"]));
    expect(made.child.heard[0]).toMatchObject({ method: "initialize", params: { plugin_id: "x" } });
    // The connection's own timer for deadlines is left alone; the one for signs of life is gone.
    expect([made.clock.armed, made.child.exit]).toEqual([1, undefined]);
  });

  it("lets requests be cancelled where the extension offers that, and only there", async () => {
    for (const [features, cancelled] of [
      [["cancel"], ["$/cancelRequest"]],
      [["ping"], []],
    ]) {
      const { made, child, clock } = generation(well({ protocol_version: 3, features }));
      await made.shakeHands(true);
      void made.connection.request("hook.handle", "{}", 10);
      await clock.pass(10);
      expect(child.methods().slice(2)).toEqual(cancelled);
    }
  });

  it("lets several requests be open from protocol 3 on: what cannot be read is then nobody's answer", async () => {
    for (const [protocol_version, end] of [
      [3, "timeout"],
      [2, "unreadable"],
    ] as const) {
      const loaded = loadedExtension({ protocol_version });
      const { made, child, clock } = generation(well({ protocol_version }), loaded);
      await made.shakeHands(true);
      const reply = made.connection.request("hook.handle", "{}", 10);
      child.print("Content-Length: 0\r\n\r\n");
      await clock.pass(10);
      expect(await reply).toMatchObject({ type: end });
    }
  });

  it("may take long as long as there are signs of life, and no longer than its whole time", async () => {
    const limits = { handshakeMs: 100, handshakeTotalMs: 350 };
    const made = generation(silent, loadedExtension(), {}, limits);
    const { over } = shaking(made);
    await made.clock.pass(99);
    made.child.request.onStderrLine("still there");
    await made.clock.pass(99);
    made.child.say({ method: "task.log", params: {} });
    await made.clock.pass(99);
    made.child.request.onStderrLine("still there");
    await made.clock.pass(52);
    expect([over(), made.child.done]).toEqual(["open", []]);
    await made.clock.pass(1);
    expect(made.child.methods()).toEqual(["initialize", "shutdown"]);
    await made.clock.pass(10_000);
    expect(over()).toEqual(
      failed(
        "HANDSHAKE_TIMEOUT",
        `did not shake hands: initialize was not answered within 350 ms, ${NOTHING}`,
        SILENT_HINT,
      ),
    );
  });

  it("fails after its time of silence, at the first start and at another one", async () => {
    for (const [first, ms] of [
      [true, 100],
      [false, 70],
    ] as const) {
      const limits = { handshakeMs: 100, handshakeTotalMs: 350, restartHandshakeMs: 70 };
      const made = generation(silent, loadedExtension(), {}, { ...limits, shutdownMs: 1, stdinEndMs: 1 });
      const { over } = shaking(made, first);
      await made.clock.pass(ms - 1);
      expect(made.child.done).toEqual([]);
      await made.clock.pass(4);
      expect(over()).toEqual(
        failed(
          "HANDSHAKE_TIMEOUT",
          `did not shake hands: initialize was not answered within ${ms} ms, ${NOTHING}`,
          SILENT_HINT,
        ),
      );
      expect(made.child.done).toEqual(["end of input", "SIGTERM", "released"]);
    }
  });

  it("says what arrived instead of an answer", async () => {
    for (const print of ["Hello,\x1b[1m world\n", `${"x".repeat(200)}\n`, "Content-Length: many\r\n"]) {
      const made = generation(silent, loadedExtension(), {}, { handshakeMs: 10 });
      const { over } = shaking(made);
      made.child.print(print);
      made.child.print("and more\n");
      await made.clock.pass(5_000);
      const sample = JSON.stringify(print.trim().slice(0, 80));
      expect(over()).toMatchObject(
        print.startsWith("Content")
          ? { code: "HANDSHAKE_MALFORMED" }
          : { message: expect.stringMatching(/within 10 ms; it printed text on standard output: /) },
      );
      if (print.startsWith("Content")) continue;
      const { message, data } = over() as HostError;
      expect(message.endsWith(`on standard output: ${sample}`)).toBe(true);
      expect(data["evidence"]).toBe(sample);
    }
  });

  it("fails when it is refused, in the extension's own words", async () => {
    const made = generation(() => ({ error: { code: 7, message: `no key\n${"x".repeat(2_000)}` } }));
    const { over } = shaking(made);
    await made.clock.pass(5_000);
    expect(over()).toEqual(
      failed(
        "HANDSHAKE_REFUSED",
        `refused to start: it answered initialize with error 7: no key${"x".repeat(1_018)}`,
        "Correct what its message names, often its configuration.",
      ),
    );
    expect(made.child.done).toContain("released");
  });

  it("fails when its answer cannot be read", async () => {
    const made = generation((_, child) => child.print("Content-Length: 0\r\n\r\n"));
    const { over } = shaking(made);
    await made.clock.pass(5_000);
    expect(over()).toEqual(
      failed(
        "HANDSHAKE_MALFORMED",
        "failed its handshake: it sent a message that is not JSON, or whose length is not counted in bytes",
        "Send each message as 'Content-Length: <bytes>', a blank line, and JSON in UTF-8 of at most 4 MiB.",
      ),
    );
  });

  it("fails when more than 64 KiB of text come before it", async () => {
    const made = generation(silent);
    const { over } = shaking(made);
    const line = `${"x".repeat(1_023)}\n`;
    made.child.print(line.repeat(64));
    await made.clock.pass(0);
    expect([over(), made.made.strayBytes, made.child.methods()]).toEqual(["open", 65_536, ["initialize"]]);
    made.child.print("\n");
    made.child.print("x\n");
    await made.clock.pass(5_000);
    expect(over()).toEqual(
      failed(
        "HANDSHAKE_NOISE",
        "did not shake hands: it printed over 65536 bytes of text on standard output before its first message",
        "Print to standard error: standard output is for the protocol.",
        JSON.stringify("x".repeat(80)),
      ),
    );
  });

  it("fails when the process ends, with its last words", async () => {
    const made = generation((_, child) => {
      child.lines = ["no module"];
      child.end({ code: 1 });
    });
    const { over } = shaking(made);
    await made.clock.pass(100);
    expect(over()).toEqual(
      failed(
        "SPAWN_EXITED_EARLY",
        "ended before its handshake: the process exited with code 1 while starting; last on stderr: no module",
        "Start its command by hand in its folder and read what it prints.",
      ),
    );
  });

  it("fails when the process was never started", async () => {
    const setup = loadedExtension({ setup: "setup.sh" });
    const made = generation(silent, setup);
    const { over } = shaking(made);
    made.child.end({ error: { code: "ENOENT", message: "none" } });
    await made.clock.pass(100);
    expect(over()).toEqual({
      code: "SPAWN_COMMAND_NOT_FOUND",
      message: "Failed to spawn extension 'x': the program '/none/main' was not found (os error 2)",
      hint: "Run the extension's setup script 'setup.sh' first.",
      data: { extension: "x", evidence: '"command": "node"' },
    });
  });

  it("fails when the process closes its output and stays", async () => {
    const made = generation(silent, loadedExtension(), {}, { exitDrainMs: 50 });
    const { over } = shaking(made);
    made.child.stdout.emit("end");
    await made.clock.pass(49);
    expect([made.child.done, made.made.fault]).toEqual([[], undefined]);
    await made.clock.pass(200);
    expect(made.made.fault).toBe("it closed its standard output");
    expect(made.child.done[0]).toBe("SIGKILL");
    expect(over()).toEqual(
      failed(
        "SPAWN_EXITED_EARLY",
        "ended before its handshake: it closed its standard output",
        "Start its command by hand in its folder and read what it prints.",
      ),
    );
  });

  it("fails as its connection does when that closes under it", async () => {
    const made = generation(silent);
    const { over } = shaking(made);
    await made.clock.pass(0);
    made.made.close();
    await made.clock.pass(100);
    expect(over()).toMatchObject({ code: "SPAWN_EXITED_EARLY" });
    expect(made.child.done).toEqual(["released"]);
  });
});
