import { chmodSync, existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { PROGRAM_OUTPUT_BYTES } from "../../../../packages/host/src/surfaces/commands/program-output.js";
import { withArgs } from "../../../../packages/host/src/surfaces/commands/tool-command.js";
import { alive, gone } from "../../../e2e/host/support/fixture.js";
import { startedHost } from "../../../helpers/hosts.js";
import { tempDir } from "../../../helpers/temp.js";
import { until } from "../../../helpers/wait.js";
import { verifies } from "../../../requirements/verifies.js";
import { interactive, offering, writeOffer } from "./support.js";

const sh = (script: string): object => ({ name: "run", command: "sh", args: ["-c", script, "sh"] });
const textOf = (output: readonly object[]): string =>
  output.map((event) => ("content" in event ? String(event.content) : "")).join("");

it(
  verifies("CMD-030") + "a program runs in the extension's folder, with what was typed behind its arguments",
  async () => {
    const { host, root } = await offering({ commands: [sh('pwd; printf "%s|" "$@"; cat; echo oops >&2')] });
    const outcome = await host.commands.invoke("run", "a b; $HOME");
    expect(outcome).toMatchObject({
      status: "done",
      shape: "shell",
      result: { shape: "shell", exitCode: 0, signal: null },
    });
    expect(textOf(outcome.output.filter(({ kind }) => kind === "text"))).toBe(`${root}\na|b;|$HOME|`);
    expect(outcome.output).toContainEqual({ kind: "system", content: "oops" });
  },
);

it(
  verifies("CMD-031") + "it gets the extension's environment, and the host's with the permission for that",
  async () => {
    const env = { PATH: process.env["PATH"], MY_SECRET: "s", MINE: "m" };
    const printed = async (more: object): Promise<string> => {
      const extension = { env: ["MINE"], ...more };
      const { host } = await offering({ commands: [sh("env")], extension }, { env });
      return textOf((await host.commands.invoke("run")).output);
    };
    expect(await printed({})).toContain("MINE=m");
    expect(await printed({})).not.toContain("MY_SECRET");
    const permissions = ["tools.register", "session.drive", "environment.inherit"];
    expect(await printed({ permissions })).toMatch(/MINE=m[^]*MY_SECRET=s|MY_SECRET=s[^]*MINE=m/);
  },
);

it(verifies("CMD-032") + "another exit code and a missing program are failures with a reason", async () => {
  const { host } = await offering({ commands: [sh("exit 3"), { name: "none", command: "no-such-program" }] });
  expect(await host.commands.invoke("run")).toMatchObject({
    status: "failed",
    reason: "it ended with code 3",
    result: { exitCode: 3 },
  });
  const missing = await host.commands.invoke("none");
  expect(missing).toMatchObject({ status: "failed" });
  expect("reason" in missing && missing.reason).toContain("'no-such-program' was not found");
});

it(verifies("CMD-033") + "a program of the extension's own folder is found by its bare name", async () => {
  const { host, root } = await offering({
    commands: [{ name: "own", command: "tool.sh" }],
    files: { "tool.sh": "#!/bin/sh\necho mine\n" },
  });
  chmodSync(join(root, "tool.sh"), 0o755);
  expect(textOf((await host.commands.invoke("own")).output)).toBe("mine\n");
});

it(
  verifies("CMD-034") + "no limit of the host ends it; when it is given up, its whole group is gone",
  async () => {
    const script = "echo up; sleep 100 & echo $! > pid; wait";
    // The limit of commands that an extension answers: far shorter than this program runs.
    const { host, root } = await offering(
      { commands: [sh(script)] },
      { limits: { commandMs: 1, sigtermMs: 200 } },
    );
    const pidFile = join(root, "pid");
    for (const end of ["signal", "stop"]) {
      const controller = new AbortController();
      const shown: string[] = [];
      const running = host.commands.invoke("run", [], {
        signal: controller.signal,
        onOutput: (event) => void shown.push(textOf([event])),
      });
      await until(
        "it is up, with a grandchild",
        () => existsSync(pidFile) && Number(readFileSync(pidFile, "utf8")) > 0,
      );
      const pid = Number(readFileSync(pidFile, "utf8"));
      expect(alive(pid)).toBe(true);
      rmSync(pidFile);
      if (end === "signal") controller.abort();
      else await host.stop();
      expect(await running).toMatchObject({ status: "cancelled", reason: "it was given up and ended" });
      expect(shown).toEqual(["up\n"]);
      await gone(pid);
    }
  },
);

it(
  verifies("CMD-035") + "the whole output of a program is there at the end, and all of it was shown",
  async () => {
    const script =
      'for n in 1 2 3 4 5 6 7 8 9 10; do seq 1 40000; done; echo "a"; echo "b" >&2; echo "c" >&2';
    const { host } = await offering({ commands: [sh(script)] });
    let shown = 0;
    const outcome = await host.commands.invoke("run", [], {
      onOutput: (event) => (shown += event.kind === "text" ? event.content.length : 0),
    });
    // The remarks come through a pipe of their own, perhaps in the middle of the text.
    const whole = textOf(outcome.output.filter(({ kind }) => kind === "text"));
    expect(whole.split("\n")).toHaveLength(400_002);
    expect(whole.endsWith("40000\na\n")).toBe(true);
    expect(shown).toBe(whole.length);
    const remarks = outcome.output.filter(({ kind }) => kind === "system");
    expect(remarks.flatMap((one) => textOf([one]).split("\n"))).toEqual(["b", "c"]);
    expect(outcome).toMatchObject({ notice: undefined, counts: { dropped: 0, truncated: 0 } });
  },
);

it(
  verifies("CMD-035") + "of a program that prints without end, the beginning is kept and all is shown",
  async () => {
    const { host } = await offering({ commands: [sh("yes")] });
    const controller = new AbortController();
    let shown = 0;
    const outcome = await host.commands.invoke("run", [], {
      signal: controller.signal,
      onOutput: (event) => {
        shown += "content" in event ? event.content.length : 0;
        if (shown > PROGRAM_OUTPUT_BYTES + 1_000_000) controller.abort();
      },
    });
    expect(outcome.status).toBe("cancelled");
    expect(textOf(outcome.output)).toHaveLength(PROGRAM_OUTPUT_BYTES);
    expect(outcome.notice).toEqual({
      severity: "warning",
      text: "Only the first 16 MiB of the output were kept.",
    });
  },
);

it(verifies("CMD-036") + "a tool's command puts what was typed into each text of its input", async () => {
  const input = { q: "say ${args}", deep: [{ q: "${args}${args}" }], n: 1, "${args}": null };
  const { host } = await offering({ commands: [{ name: "say", tool: "say", input }] });
  const outcome = await host.commands.invoke("say", "x $& y");
  const sent = {
    name: "say",
    input: { q: "say x $& y", deep: [{ q: "x $& yx $& y" }], n: 1, "${args}": null },
  };
  expect(outcome).toMatchObject({ status: "done", shape: "tool", result: { content: JSON.stringify(sent) } });
  expect(withArgs("no place", "x")).toBe("no place");
});

it(
  verifies("CMD-050") + "a tool's command passes the hooks, and says when there is no such tool",
  async () => {
    const { host } = await offering({
      commands: [
        { name: "say", tool: "say" },
        { name: "lost", tool: "no-such" },
      ],
    });
    const seen: unknown[] = [];
    host.subscribe("before_tool_call", ({ tool_runtime_name }) => {
      seen.push(tool_runtime_name);
      return { action: "block", reason: "not today" };
    });
    const blocked = await host.commands.invoke("say");
    expect(blocked).toMatchObject({
      status: "failed",
      result: { shape: "tool", call: { status: "blocked" } },
    });
    expect("reason" in blocked && blocked.reason).toContain("not today");
    expect(seen).toEqual(["offers-commands:say"]);
    const lost = await host.commands.invoke("lost");
    expect(lost).toMatchObject({ status: "failed", extension: "offers-commands" });
    expect("reason" in lost && lost.reason).toContain("offers-commands:no-such");
  },
);

it(verifies("CMD-037") + "a skill's command is handed to the program", async () => {
  const { host } = await offering({ commands: [{ name: "learn", skill: "maths", prompt: "Teach me" }] });
  expect(await host.commands.invoke("learn", "now")).toMatchObject({
    status: "done",
    result: { shape: "skill", skill: "maths", prompt: "Teach me", args: ["now"] },
  });
});

it(
  verifies("CMD-038") + "the first loaded has the plain name; the qualified name always means its own",
  async () => {
    const folder = tempDir();
    writeOffer(folder, { id: "b-second", commands: [interactive("echo")] });
    writeOffer(folder, { id: "a-first", commands: [interactive("echo"), interactive("other")] });
    const { host } = await startedHost([folder]);
    expect(host.commands.list().map(({ qualified, hiddenBy }) => [qualified, hiddenBy])).toEqual([
      ["a-first:echo", undefined],
      ["a-first:other", undefined],
      ["b-second:echo", "a-first"],
    ]);
    expect(await host.commands.invoke("echo")).toMatchObject({ extension: "a-first" });
    expect(await host.commands.invoke("/b-second:echo")).toMatchObject({ extension: "b-second" });
    await expect(host.commands.invoke("/ecko")).rejects.toMatchObject({
      code: "COMMAND_NOT_FOUND",
      hint: "Did you mean 'echo'?",
    });
  },
);

it(verifies("CMD-039") + "arguments are bounded", async () => {
  const { host } = await offering({ commands: [interactive("echo")] });
  const wrong = [Array.from({ length: 257 }, () => "a"), ["x".repeat(65_537)], ["a\0b"]];
  for (const args of wrong) {
    await expect(host.commands.invoke("echo", args)).rejects.toMatchObject({ code: "COMMAND_INVALID" });
  }
});
