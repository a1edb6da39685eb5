import { appendFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { tempDir, writeJson } from "../../helpers/temp.js";
import { interactive, writeOffer } from "../../host/surfaces/commands/support.js";
import { verifies } from "../../requirements/verifies.js";
import { call, cli, results, writeActor, type Finished } from "./command.js";

interface Home {
  base: string;
  project: string;
  run(...args: string[]): Promise<Finished>;
}

/** A user's base folder and a project folder, both empty. */
function home(): Home {
  const [base, project] = [tempDir(), tempDir()];
  return {
    base,
    project,
    run: (...args) => cli(args, { cwd: project, env: { SYNAPS_BASE_DIR: base }, input: call() }),
  };
}

interface Listed {
  id: string;
  state: string;
  folder: string;
  diagnostics: { code: string; hint: string }[];
}

async function listed({ run }: Home): Promise<Listed[]> {
  return (JSON.parse((await run("list", "--json")).stdout) as { extensions: Listed[] }).extensions;
}

test(verifies("CLI-036") + "what it starts beside itself is shown before it is approved", async () => {
  const one = home();
  writeOffer(join(one.project, ".synaps", "plugins"), {
    id: "guest",
    commands: [{ name: "wipe", command: "rm", args: ["-r", "a b"] }, interactive("echo")],
    manifest: {
      keybinds: [{ key: "F5", action: "run_script", script: "go.sh" }],
      provides: { sidecar: { command: "bin/listen" } },
    },
  });
  const { stdout } = await one.run("approve", "guest", "--yes");
  expect(stdout).toContain(
    "\nStarts when you ask it to, with the same rights:\n" +
      '  /wipe: rm -r "a b"\n  F5: go.sh\n  sidecar: bin/listen\n\nMay:\n',
  );
});

describe("an extension that comes with the project", () => {
  test("runs only after it was approved", async () => {
    const one = home();
    writeActor(join(one.project, ".synaps", "plugins"), "guest", { env: ["GUEST_TOKEN"] });

    const before = await one.run("run");
    expect(before.code).toBe(0);
    expect(before.stderr).toMatch(/^guest +1\.0\.0 +pending_consent +before_tool_call$/m);
    expect(before.stderr).toContain(
      ".synaps/plugins/guest/.synaps-plugin/plugin.json  error  Extension 'guest' comes with this project and was not approved\n" +
        "  hint: Read its code, then run: synaps-ext approve guest\n",
    );
    expect(results(before.stdout)[0]?.votes).toEqual([]);

    const unasked = await one.run("approve", "guest");
    expect(unasked.code).toBe(4);
    expect(unasked.stderr).toBe(
      "error: Extension 'guest' was not approved: there is no terminal to ask on\n" +
        "hint: Read its code, then run: synaps-ext approve guest --yes\n",
    );
    expect((await listed(one))[0]?.state).toBe("pending_consent");

    const approved = await one.run("approve", "guest", "--yes");
    expect(approved.code).toBe(0);
    for (const shown of [
      /^guest 1\.0\.0$/m,
      /\(comes with this project\)$/m,
      /^ {2}node .*main\.js$/m,
      /^ {2}tools\.intercept: See every matching tool call/m,
      /^ {2}before_tool_call$/m,
      /^ {2}GUEST_TOKEN$/m,
      /^ {2}sha256:[0-9a-f]{64}$/m,
      /^Approved guest\./m,
    ]) {
      expect(approved.stdout).toMatch(shown);
    }
    expect(results((await one.run("run")).stdout)[0]?.votes).toMatchObject([
      { extension: "guest", verdict: { action: "continue" } },
    ]);

    const again = await one.run("approve", "guest");
    expect(again.code).toBe(0);
    expect(again.stdout).toContain("guest is already approved");
  });

  test("does not take the place of the user's own before that", async () => {
    const one = home();
    const [own, theirs] = [join(one.base, "plugins"), join(one.project, ".synaps", "plugins")];
    writeActor(own, "same");
    writeActor(theirs, "same");
    expect((await listed(one)).map(({ state, folder }) => [state, folder])).toEqual([
      ["ready", join(own, "same")],
      ["pending_consent", join(theirs, "same")],
    ]);
    expect((await one.run("approve", "same", "--yes")).code).toBe(0);
    expect((await listed(one)).map(({ state, folder }) => [state, folder])).toEqual([
      ["ready", join(theirs, "same")],
    ]);
  });
});

describe("an extension of the user", () => {
  test(
    verifies("TRUST-005") +
      "waits with consent = strict when its code changed, and approve says what changed",
    async () => {
      const one = home();
      const root = writeActor(join(one.base, "plugins"), "own");
      const first = await one.run("run");
      expect(results(first.stdout)[0]?.votes).toHaveLength(1);
      expect(first.stderr).toContain("note  own is new in your folder");
      expect((await one.run("run")).stderr).not.toContain("note");
      appendFileSync(join(one.base, "config"), "consent = strict\n");

      appendFileSync(join(root, "main.js"), "\n// another line\n");
      const manifest = join(root, ".synaps-plugin", "plugin.json");
      const json = JSON.parse(readFileSync(manifest, "utf8")) as {
        version: string;
        extension: Record<string, unknown>;
      };
      json.version = "1.1.0";
      json.extension["permissions"] = ["tools.intercept", "session.lifecycle"];
      json.extension["hooks"] = [{ hook: "before_tool_call" }, { hook: "on_session_end" }];
      json.extension["env"] = ["OWN_TOKEN"];
      writeJson(manifest, json);

      const changed = await one.run("run");
      expect(changed.code).toBe(0);
      expect(results(changed.stdout)[0]?.votes).toEqual([]);
      expect(changed.stderr).toContain("The code of extension 'own' changed since it was approved");

      const approved = await one.run("approve", "own", "--yes");
      expect(approved.stdout).toMatch(
        new RegExp(
          [
            "^Changed since you approved it:",
            " {2}version: 1\\.0\\.0 to 1\\.1\\.0",
            " {2}new permission: session\\.lifecycle",
            " {2}no longer: permission privacy\\.llm_content",
            " {2}new hook: on_session_end",
            " {2}new environment variable: OWN_TOKEN",
            " {2}code: was sha256:[0-9a-f]{64}, approved 20.*Z",
            " {2}changed: \\.synaps-plugin/plugin\\.json",
            " {2}changed: main\\.js$",
          ].join("\n"),
          "m",
        ),
      );
      expect(results((await one.run("run")).stdout)[0]?.votes).toHaveLength(1);
    },
  );
});

describe("approve", () => {
  test("--json prints what was approved, and errors as JSON", async () => {
    const one = home();
    const root = writeActor(join(one.project, ".synaps", "plugins"), "guest");
    const none = await one.run("approve", "guest", "--json");
    expect([none.code, none.stdout]).toEqual([4, ""]);
    expect(JSON.parse(none.stderr)).toEqual({
      error: { code: "CONSENT_REQUIRED", message: expect.any(String), hint: expect.any(String) },
    });
    const done = await one.run("approve", "guest", "--json", "--yes");
    const hash: unknown = expect.stringMatching(/^sha256:/);
    expect(JSON.parse(done.stdout)).toEqual({
      schemaVersion: 1,
      approved: [{ id: "guest", folder: root, hash, already: false }],
    });
    const again = await one.run("approve", "guest", "--json");
    expect(JSON.parse(again.stdout)).toEqual({
      schemaVersion: 1,
      approved: [{ id: "guest", folder: root, hash, already: true }],
    });
  });

  test("3 for an id that is not there, with the one that was meant", async () => {
    const one = home();
    writeActor(join(one.project, ".synaps", "plugins"), "guest");
    const { code, stderr } = await one.run("approve", "gest");
    expect(code).toBe(3);
    expect(stderr).toBe(
      "error: No extension of the user or the project is called 'gest'\nhint: Did you mean 'guest'?\n",
    );
  });

  test("1 for one that is broken, and when the record cannot be read", async () => {
    const one = home();
    writeActor(join(one.project, ".synaps", "plugins"), "broken", {
      hooks: [],
      permissions: ["tools.intercept"],
    });
    const broken = await one.run("approve", "broken", "--yes");
    expect(broken.code).toBe(1);
    expect(broken.stderr).toContain("error: Extension 'broken' cannot be approved: ");
    writeActor(join(one.project, ".synaps", "plugins"), "guest");
    writeJson(join(one.base, "extensions", "lock.json"), "{");
    const unreadable = await one.run("approve", "guest", "--yes");
    expect(unreadable.code).toBe(1);
    expect(unreadable.stderr).toContain("lock.json' cannot be read");
    expect(readFileSync(join(one.base, "extensions", "lock.json"), "utf8")).toBe("{");
  });

  test("what an extension writes about itself cannot paint over what is shown", async () => {
    const one = home();
    const root = writeActor(join(one.project, ".synaps", "plugins"), "guest");
    const manifest = join(root, ".synaps-plugin", "plugin.json");
    const json = JSON.parse(readFileSync(manifest, "utf8")) as Record<string, unknown>;
    writeFileSync(
      manifest,
      JSON.stringify({ ...json, version: "1\u001b[2J", description: "nice\u202e\nRuns: nothing" }),
    );
    const { stdout } = await one.run("approve", "guest", "--yes");
    expect(stdout).toContain("guest 1[2J\nnice Runs: nothing\n");
    // oxlint-disable-next-line no-control-regex
    expect(stdout).not.toMatch(/[\u001b\u202e]/);
  });
});
