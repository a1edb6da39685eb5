import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { listAgents } from "@synaps/service/wiring";
import { expect, it } from "vitest";
import { verifies } from "../../requirements/verifies.js";
import { place, wiredWith } from "./place.js";

it(
  verifies("WIRING-008") +
    "list names programs with their versions, wired files, edited entries, and what keeps hooks from running",
  async () => {
    const surroundings = place();
    const packages = join(surroundings.home, "lib", "node_modules");
    const bin = join(surroundings.home, "bin");
    const install = (name: string, folder: string, manifest: string): void => {
      const program = join(packages, folder, "cli.js");
      mkdirSync(dirname(program), { recursive: true });
      writeFileSync(program, "#!/usr/bin/env node\n", { mode: 0o755 });
      writeFileSync(join(packages, folder, "package.json"), manifest);
      mkdirSync(bin, { recursive: true });
      symlinkSync(program, join(bin, name));
    };
    install("claude", "@anthropic-ai/claude-code", '{"version":"2.1.197"}');
    install("codex", "@openai/codex", "no JSON");
    const native = join(surroundings.home, "share", "versions", "0.61.0");
    mkdirSync(dirname(native), { recursive: true });
    writeFileSync(native, "", { mode: 0o755 });
    symlinkSync(native, join(bin, "gemini"));
    const env = { PATH: `.:${bin}` };

    const empty = await listAgents({ ...surroundings, env });
    expect(
      empty.agents.map(({ agent, program, version, files }) => [agent, program, version, files]),
    ).toEqual([
      ["claude-code", join(bin, "claude"), "2.1.197", []],
      ["codex", join(bin, "codex"), null, []],
      ["gemini", join(bin, "gemini"), "0.61.0", []],
      ["cursor", null, null, []],
      ["copilot", null, null, []],
    ]);
    expect([empty.hook.present, empty.service.running, empty.lastFailure]).toEqual([false, false, null]);

    const { file } = await wiredWith(surroundings, "claude-code", { mode: "closed" });
    await wiredWith(surroundings, "claude-code", { http: true, scope: "project", tokenEnv: "TOKEN" });
    const codex = await wiredWith(surroundings, "codex");
    writeFileSync(file, `// mine\n${readFileSync(file, "utf8").replace('"timeout": 15', '"timeout": 16')}`);
    writeFileSync(codex.file, readFileSync(codex.file, "utf8").slice(1));
    writeFileSync(
      join(dirname(codex.hook), "hook.log"),
      "2026-01-31T00:00:00Z codex Stop open: x\n2026-01-31T00:00:01Z codex Stop open: y\nStarted as process 1\n",
    );

    const { agents, hook, lastFailure } = await listAgents({ ...surroundings, env });
    expect([hook.present, lastFailure]).toEqual([true, "2026-01-31T00:00:01Z codex Stop open: y"]);
    expect(
      agents.flatMap(({ files }) =>
        files.map(({ path, scope, mode, transport, events, edited, problems }) => ({
          path,
          how: `${scope} ${mode} ${transport}`,
          wires: events.includes("PreToolUse"),
          edited: edited.map(({ event }) => event),
          problems,
        })),
      ),
    ).toEqual([
      {
        path: file,
        how: "user closed command",
        wires: true,
        edited: ["SessionStart"],
        problems: [expect.stringMatching(/^The file has comments/)],
      },
      {
        path: join(surroundings.project, ".claude", "settings.local.json"),
        how: "project open http",
        wires: true,
        edited: [],
        problems: [],
      },
      {
        path: codex.file,
        how: "user open command",
        wires: false,
        edited: [],
        problems: [expect.stringMatching(/it is no JSON at line 2/)],
      },
    ]);
  },
);
