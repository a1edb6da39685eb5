import { chownSync, existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { once } from "node:events";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { verifies } from "../../requirements/verifies.js";
import { answering, ended, RUNNERS, wiredHook, type Answerer, type Question } from "./hook-run.js";
import { place, wiredWith } from "./place.js";

const REFUSAL =
  /^Refused by Synaps: [^\n]+ could not be made\. A person has to look: synaps-ext agents list\n$/;

function says(text: string | Buffer, status = 200): Answerer {
  return (_, response) => {
    response.statusCode = status;
    response.end(text);
  };
}

describe.each(RUNNERS)(verifies("WIRING-006", "WIRING-007") + "the hook, run by %s", (runner) => {
  it("passes code, standard error and standard output on as the service says them", async () => {
    const { surroundings, run } = await wiredHook(runner);
    const output = `{"a":"it's \\"$HOME\\" \`x\` %s \\\\n é"}\n\n  and more, without an end`;
    const asked: Question[] = [];
    await answering(surroundings, (question, response) => {
      asked.push(question);
      response.end(`3 2\nfirst 'line' %d\n\\second\n${output}`);
    });
    const payload = Buffer.alloc(20_000_000, "é");
    const ends = await Promise.all([run("open", "PreToolUse", payload), run("closed", "Stop")]);
    const wanted = { code: 3, stdout: output, stderr: "first 'line' %d\n\\second\n" };
    expect(ends).toEqual([wanted, wanted]);
    expect(asked.toSorted((one, two) => two.bytes - one.bytes)).toEqual([
      { url: "/v1/hooks/codex?event=PreToolUse&form=sh", bytes: 20_000_000 },
      { url: "/v1/hooks/codex?event=Stop&closed=1&form=sh", bytes: 2 },
    ]);
  });

  it("says nothing where the service says nothing, and obeys no proxy and no file of curl's", async () => {
    const { surroundings, run } = await wiredHook(runner);
    writeFileSync(join(surroundings.home, ".curlrc"), "verbose\nwrite-out = nonsense\n");
    await answering(surroundings, says("0 0\n"));
    const proxy = { http_proxy: "http://127.0.0.1:9", ALL_PROXY: "http://127.0.0.1:9" };
    expect(await run("closed", "PreToolUse", "{}", proxy)).toEqual({ code: 0, stdout: "", stderr: "" });
  });

  it("obeys nothing that the surroundings tell perl, and says nothing of a language that is not installed", async () => {
    const { surroundings, run } = await wiredHook(runner);
    await answering(surroundings, says("0 0\né"));
    const odd = { PERL5OPT: "-MNowhere", PERL5LIB: "/nowhere", PERL_UNICODE: "SDA", LANG: "xx_XX.UTF-8" };
    expect(await run("closed", "PreToolUse", "é", odd)).toEqual({ code: 0, stdout: "é", stderr: "" });
  });

  it("names the project as it is, unless it would break the request", async () => {
    const { surroundings, run } = await wiredHook(runner, "claude-code");
    const projects: unknown[] = [];
    await answering(surroundings, (_, response, { headers }) => {
      projects.push(headers["x-synaps-project"]);
      response.end("0 0\n");
    });
    for (const project of ["/a b/é\"'$(x)", "/a\nEvil: 1", ""]) {
      const end = await run("closed", "PreToolUse", "{}", { CLAUDE_PROJECT_DIR: project });
      expect(end).toEqual({ code: 0, stdout: "", stderr: "" });
    }
    expect(projects.map((one) => Buffer.from(String(one ?? ""), "latin1").toString())).toEqual([
      "/a b/é\"'$(x)",
      "",
      "",
    ]);
  });

  it("takes no part of an answer for the whole", async () => {
    const { surroundings, run } = await wiredHook(runner);
    await answering(surroundings, (_, response, { socket }) => {
      response.writeHead(200, { "content-length": 100 });
      response.write("0 0\n{}", () => socket.destroy());
    });
    const end = await run("closed");
    expect([end.code, end.stdout, end.stderr]).toEqual([2, "", expect.stringMatching(REFUSAL)]);
  });

  it("gives an answer of a megabyte whole", async () => {
    const { surroundings, run } = await wiredHook(runner);
    const output = JSON.stringify({ text: "é\u2028".repeat(250_000) });
    await answering(surroundings, says(`0 0\n${output}`));
    const end = await run("open");
    expect([end.code, end.stdout === output]).toEqual([0, true]);
  });

  it("fails open or closed for everything that is no answer, with nothing on standard output", async () => {
    const { surroundings, run, log } = await wiredHook(runner);
    const cases: readonly [event: string, answer: Answerer, why: RegExp][] = [
      ["A", says('{"error":{"message":"no such agent"}}', 404), /status 404: \{"error/],
      ["B", says("hello\n{}"), /something that is no answer/],
      ["C", says("999 0\n{}"), /something that is no answer/],
      ["D", (_, __, { socket }) => void socket.destroy(), /ended in the middle/],
      // The end of a session has the shortest limit.
      ["SessionEnd", () => {}, /no answer within 2 s/],
    ];
    await answering(surroundings, (question, ...rest) => {
      const event = new URLSearchParams(question.url.split("?")[1]).get("event");
      cases.find(([name]) => name === event)?.[1](question, ...rest);
    });
    await Promise.all(
      cases.map(async ([event, , why]) => {
        const [open, closed] = await Promise.all([run("open", event), run("closed", event)]);
        expect([event, open.code, open.stdout, closed.code, closed.stdout]).toEqual([event, 1, "", 2, ""]);
        expect(open.stderr).toMatch(
          /^Synaps: codex \w+ was not checked: .+\. See: synaps-ext agents list\n$/,
        );
        expect(open.stderr).toMatch(why);
        expect(closed.stderr).toMatch(REFUSAL);
      }),
    );
    const lines = readFileSync(log, "utf8").trimEnd().split("\n");
    expect(lines).toHaveLength(2 * cases.length);
    for (const [event, , why] of cases)
      expect(lines.filter((line) => line.includes(` codex ${event} `) && why.test(line))).toHaveLength(2);
    expect((statSync(log).mode & 0o777).toString(8)).toBe("600");
  });

  it("fails where nobody listens at a socket that was left, and the command is gone", async () => {
    const { places, run } = await wiredHook(runner);
    const left = createServer().listen(places.socket);
    await once(left, "listening");
    // Node would take the file along.
    const { link, rename } = await import("node:fs/promises");
    await link(places.socket, `${places.socket}.kept`);
    left.close();
    await once(left, "close");
    await rename(`${places.socket}.kept`, places.socket);
    const [open, closed] = await Promise.all([run("open"), run("closed")]);
    expect([open.code, closed.code, open.stdout + closed.stdout]).toEqual([1, 2, ""]);
    expect(open.stderr).toMatch(/not installed any more: there is no \/nowhere\/synaps-ext\.js/);
  });

  it.runIf(process.getuid?.() === 0)("asks nobody at a socket or in a folder of another user", async () => {
    const { surroundings, places, run } = await wiredHook(runner);
    const asked: Question[] = [];
    await answering(surroundings, (question, response) => {
      asked.push(question);
      response.end("0 0\n");
    });
    for (const path of [places.socket, places.folder]) {
      chownSync(path, 65_534, 65_534);
      const end = await run("closed");
      expect([end.code, end.stdout]).toEqual([2, ""]);
      expect((await run("open")).stderr).toContain(`${path} belongs to another user`);
      chownSync(path, 0, 0);
    }
    expect(asked).toEqual([]);
    expect((await run("closed")).code).toBe(0);
  });

  it("keeps a log that does not grow without end", async () => {
    const { surroundings, log, run } = await wiredHook(runner);
    await answering(surroundings, says("nonsense"));
    writeFileSync(log, "x".repeat(70_000));
    await run("open");
    expect(readFileSync(log, "utf8")).toMatch(/^\S+ codex PreToolUse open: [^\n]+\n$/);
    expect(statSync(`${log}.1`).size).toBe(70_000);
  });
});

it("the command line in the agent's file ends as a hook without an answer once the program is gone", async () => {
  const surroundings = { ...place(), baseDir: join(place().baseDir, 'it\'s a $(base) "folder"') };
  const { file, hook } = await wiredWith(surroundings, "codex", { mode: "closed" });
  const { hooks } = JSON.parse(readFileSync(file, "utf8")) as {
    hooks: Record<string, { hooks: { command: string }[] }[]>;
  };
  const run = (event: string) =>
    ended(["/bin/sh", "-c", hooks[event]?.[0]?.hooks[0]?.command ?? ""], [], "{}", { PATH: "/usr/bin:/bin" });
  const present = await run("Stop");
  expect([present.code, present.stderr]).toEqual([1, expect.stringContaining("/nowhere/synaps-ext.js")]);
  const { rm } = await import("node:fs/promises");
  await rm(hook);
  expect(existsSync(hook)).toBe(false);
  const [before, stop] = [await run("PreToolUse"), await run("Stop")];
  expect(before).toEqual({ code: 2, stdout: "", stderr: expect.stringMatching(REFUSAL) as string });
  expect(stop).toEqual({
    code: 1,
    stdout: "",
    stderr:
      "Synaps: the hook program is missing. Run: synaps-ext agents wire codex, or: synaps-ext agents unwire codex\n",
  });
});
