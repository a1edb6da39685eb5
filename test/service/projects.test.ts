import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Outcome } from "@synaps/host";
import { describe, expect, it } from "vitest";
import { Sessions } from "../../packages/service/src/server/sessions.js";
import { cli } from "../e2e/cli/command.js";
import { FakeClock } from "../helpers/fake-clock.js";
import { answeringExtension, startedService } from "../helpers/service.js";
import { tempDir } from "../helpers/temp.js";
import { until } from "../helpers/wait.js";

const EVENT = { kind: "before_tool_call", tool_name: "bash", tool_input: { command: "ls" } };

/** A project whose own extension blocks everything in its name, approved by the user or not. */
async function project(base: string, name: string, { approved = true } = {}): Promise<string> {
  const folder = join(tempDir(), name);
  mkdirSync(join(folder, ".git"), { recursive: true });
  answeringExtension(join(folder, ".synaps", "plugins"), `guard-${name}`, { action: "block", reason: name });
  if (approved) {
    const env = { SYNAPS_BASE_DIR: base };
    expect(await cli(["approve", `guard-${name}`, "--yes"], { cwd: folder, env })).toMatchObject({ code: 0 });
  }
  return folder;
}

const asked = ({ votes }: Outcome): string[] => votes.map(({ extension }) => extension);

describe("the projects behind one service", () => {
  it("are asked about their own events only, each beside the user's extensions", async () => {
    const base = tempDir();
    answeringExtension(join(base, "plugins"), "everywhere");
    const one = await project(base, "one");
    const two = await project(base, "two");
    const { service, client } = await startedService({ baseDir: base });
    const programs = await Promise.all([client(), client()]);
    const inside = join(one, "src");
    mkdirSync(inside);
    const events = [one, two, inside, tempDir(), undefined].flatMap((cwd) =>
      programs.map((program) => program.emit(EVENT, cwd === undefined ? {} : { cwd })),
    );
    const outcomes = await Promise.all(events);
    expect(outcomes.map(asked).map((names) => names.filter((name) => name !== "everywhere").join())).toEqual([
      "guard-one",
      "guard-one",
      "guard-two",
      "guard-two",
      "guard-one",
      "guard-one",
      "",
      "",
      "",
      "",
    ]);
    for (const outcome of outcomes) expect(asked(outcome)).toContain("everywhere");
    const folders = service.status().projects.map(({ folder }) => folder);
    expect(new Set(folders)).toEqual(new Set([null, one, two]));
  });

  it("run nothing that the user has not approved, and say so", async () => {
    const base = tempDir();
    const cwd = await project(base, "new", { approved: false });
    const { service, client, log } = await startedService({ baseDir: base });
    expect(await (await client()).emit(EVENT, { cwd })).toMatchObject({ action: "continue", votes: [] });
    expect(service.status().projects[0]?.extensions).toMatchObject([
      { id: "guard-new", state: "pending_consent" },
    ]);
    expect(log.map(({ message }) => message).join("\n")).toMatch(/approve/i);
  });

  it("take over what is installed, approved and removed while the service runs", async () => {
    const base = tempDir();
    const clock = new FakeClock();
    const cwd = await project(base, "late", { approved: false });
    const { service, client } = await startedService({ baseDir: base, clock });
    const program = await client();
    const names = async (): Promise<string> => {
      // It looks at most once a second.
      await clock.pass(1_000);
      return asked(await program.emit(EVENT, { cwd })).join();
    };
    const settled = (): Promise<void> =>
      until("the extensions have settled", () =>
        service
          .status()
          .projects.every(({ extensions }) =>
            extensions.every(({ state }) => state !== "starting" && state !== "loaded"),
          ),
      );
    expect(await names()).toBe("");
    await settled();
    answeringExtension(join(base, "plugins"), "installed");
    await expect.poll(names, { timeout: 20_000 }).toBe("installed");
    await settled();
    await cli(["approve", "guard-late", "--yes"], { cwd, env: { SYNAPS_BASE_DIR: base } });
    await expect.poll(names, { timeout: 20_000 }).toBe("guard-late,installed");
    await settled();
    rmSync(join(base, "plugins", "installed"), { recursive: true });
    await expect.poll(names, { timeout: 20_000 }).toBe("guard-late");
  });
});

describe("sessions", () => {
  it("stay with the project in which they began, until they end", () => {
    const sessions = new Sessions();
    expect(sessions.folderOf("codex", "s", "/a")).toBe("/a");
    expect(sessions.folderOf("codex", "s", "/elsewhere")).toBe("/a");
    expect(sessions.folderOf("gemini", "s", "/b")).toBe("/b");
    sessions.end("codex", "s");
    expect(sessions.folderOf("codex", "s", "/c")).toBe("/c");
    expect(sessions.folderOf("codex", null, "/d")).toBe("/d");
  });

  it("are at most 10,000, the last ones", () => {
    const sessions = new Sessions();
    for (let n = 0; n < 20_000; n += 1) sessions.folderOf("codex", `s-${n}`, `/${n}`);
    expect(sessions.size).toBe(10_000);
    expect(sessions.folderOf("codex", "s-19999", "/x")).toBe("/19999");
  });
});
