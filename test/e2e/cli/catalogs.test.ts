import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { repo } from "../../helpers/paths.js";
import { tempDir, writeExtension } from "../../helpers/temp.js";
import { verifies } from "../../requirements/verifies.js";
import { cli, results } from "./command.js";

const PYTHON = `import json, sys
def read():
    n = 0
    while True:
        line = sys.stdin.buffer.readline()
        if line in (b"\\r\\n", b""): break
        if line.lower().startswith(b"content-length:"): n = int(line.split(b":")[1])
    return json.loads(sys.stdin.buffer.read(n)) if n else None
while (message := read()) is not None:
    method, params = message.get("method"), message.get("params") or {}
    result = None
    if method == "initialize": result = {"protocol_version": 3, "capabilities": {}, "features": []}
    if method == "hook.handle":
        far = params["data"]["peer_ip"] != "127.0.0.1"
        result = {"action": "block", "reason": "not from here"} if far else {"action": "continue"}
    if "id" in message:
        body = json.dumps({"jsonrpc": "2.0", "id": message["id"], "result": result}).encode()
        sys.stdout.buffer.write(b"Content-Length: %d\\r\\n\\r\\n" % len(body) + body)
        sys.stdout.buffer.flush()
    if method == "shutdown": break
`;

function writeGuard(
  folder: string,
  permissions: readonly string[] = ["gateway.events", "gateway.gate"],
): void {
  const hooks = [{ hook: "gateway.connection" }];
  const program = { protocol_version: 3, runtime: "process", command: "python3", args: ["guard.py"] };
  writeExtension(folder, "guard", { ...program, permissions, hooks }, { "guard.py": PYTHON });
}

const connection = (ip: string): string =>
  `${JSON.stringify({ kind: "gateway.connection", data: { peer_addr: `${ip}:1`, peer_ip: ip } })}\n`;

describe(verifies("CATALOG-005") + "--catalog", () => {
  test("run: an extension in Python refuses a connection of a gateway", async () => {
    const folder = tempDir();
    writeGuard(folder);
    const off = '{"kind":"gateway.connection","data":{"peer_addr":"x"}}\n';
    const { stdout } = await cli(["run", "--extensions-dir", folder, "--catalog", "gateway"], {
      input: connection("127.0.0.1") + connection("10.0.0.9") + off,
    });
    expect(results(stdout)).toMatchObject([
      { outcome: { action: "continue" } },
      { outcome: { action: "block", reason: "not from here", by: "guard" } },
      {
        error: {
          code: "EVENT_INVALID",
          message: "The event 'gateway.connection' does not fit its payload: '/data/peer_ip' is missing",
        },
      },
    ]);
  });

  test("run: the answers need the catalog's permission", async () => {
    const folder = tempDir();
    writeGuard(folder, ["gateway.events"]);
    const { stdout } = await cli(["run", "--extensions-dir", folder, "--catalog", "gateway"], {
      input: connection("10.0.0.9"),
    });
    expect(results(stdout)).toMatchObject([
      { votes: [{ status: "abstained", reason: "denied", detail: expect.stringContaining("gateway.gate") }] },
    ]);
  });

  test("validate: knows the kinds and permissions of a catalog only where it is named", async () => {
    const folder = tempDir();
    writeGuard(folder, ["gateway.event"]);
    const without = await cli(["validate", folder]);
    expect(without.code).toBe(1);
    expect(without.stdout).toContain("unknown hook kind 'gateway.connection'");
    expect(without.stdout).toContain(
      "hint: The catalog 'gateway' declares it: add --catalog gateway, or in a program createHost({ catalogs }).",
    );
    const named = await cli(["validate", folder, "--catalog", "gateway"]);
    expect(named.code).toBe(1);
    expect(named.stdout).toContain("Did you mean 'gateway.events'?");
    writeGuard(folder);
    expect((await cli(["validate", folder, "--catalog", "gateway", "--strict"])).code).toBe(0);
    const file = repo("manifests/catalogs/gateway.json");
    expect((await cli(["validate", folder, "--catalog", file, "--strict"])).code).toBe(0);
  });

  test("install, list and approve: show the sentences of a catalog, also of one's own", async () => {
    const project = tempDir();
    const home = tempDir();
    const folder = join(project, ".synaps", "plugins");
    const hooks = [{ hook: "mine.x" }];
    const program = { protocol_version: 3, runtime: "process", command: "python3", args: ["guard.py"] };
    writeExtension(folder, "own", { ...program, permissions: ["mine.see"], hooks }, { "guard.py": PYTHON });
    writeGuard(folder);
    const file = wrong(kindWith({ permission: "mine.see" }, { permissions: { "mine.see": "See steps" } }));
    const base = ["--base-dir", home];
    const at = { cwd: project };

    const stuck = await cli(["approve", "own", "--yes", ...base], at);
    expect(stuck.code).toBe(1);
    expect(stuck.stderr).toMatch(
      /cannot be approved: Unknown extension permission: mine.see[^]*declares it in a catalog of its own, add --catalog FILE/,
    );
    const listed = await cli(["list", ...base], at);
    expect(listed.stdout).toContain("If a program declares it in a catalog of its own, add --catalog FILE.");
    const named = await cli(["list", "--json", "--catalog", file, ...base], at);
    const states = (JSON.parse(named.stdout) as { extensions: { id: string; state: string }[] }).extensions;
    expect(states.map(({ id, state }) => [id, state])).toEqual([
      ["guard", "pending_consent"],
      ["own", "pending_consent"],
    ]);
    const approved = await cli(["approve", "own", "--yes", "--catalog", file, ...base], at);
    expect([approved.code, approved.stdout]).toEqual([0, expect.stringContaining("mine.see: See steps")]);
    const ours = await cli(["approve", "guard", "--yes", ...base], at);
    expect(ours.stdout).toContain("gateway.gate: Refuse starts, connections");

    const source = join(folder, "own");
    const refused = await cli(["install", source, "--yes", ...base], at);
    expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining("add --catalog FILE")]);
    const asked = await cli(["install", source, "--catalog", file, ...base], at);
    expect([asked.code, asked.stderr]).toEqual([4, expect.stringContaining(`--catalog ${file}`)]);
    const installed = await cli(["install", source, "--yes", "--catalog", file, ...base], at);
    expect([installed.code, installed.stdout]).toEqual([0, expect.stringContaining("mine.see: See steps")]);
  });

  test("an optional catalog: approved with all, run with one, and told what is left out", async () => {
    const home = tempDir();
    const program = { protocol_version: 3, runtime: "process", command: "python3", args: ["guard.py"] };
    const permissions = ["gateway.events", "gateway.gate", "messaging.metadata"];
    const section = {
      ...program,
      permissions,
      hooks: [{ hook: "gateway.connection" }, { hook: "messaging.auth" }],
      optional_catalogs: ["gateway", "messaging"],
    };
    const source = tempDir();
    writeExtension(source, "guard", section, { "guard.py": PYTHON });
    const checked = await cli(["validate", source, "--strict"]);
    expect([checked.code, checked.stdout]).toEqual([0, expect.stringContaining("guard: ok")]);
    const base = ["--base-dir", home];
    const installed = await cli(["install", join(source, "guard"), "--yes", ...base], { cwd: home });
    expect(installed.stdout).toContain("messaging.metadata: See who sends to whom");

    const run = await cli(["run", "--catalog", "gateway", ...base], {
      cwd: home,
      input: connection("10.0.0.9"),
    });
    expect(results(run.stdout)).toMatchObject([{ outcome: { action: "block", by: "guard" } }]);
    expect(run.stderr).toContain("this host does not have 'messaging': 1 hook is left out");
    const without = await cli(["run", ...base], { cwd: home, input: "" });
    expect(without.stderr).toContain(
      "this host has none of the extension's catalogs: 'gateway', 'messaging'",
    );
  });

  test("diff and info: know the kinds of ours, and of one's own where it is named", async () => {
    const home = tempDir();
    const folder = join(home, "plugins");
    const hooks = [{ hook: "mine.x" }];
    const program = { protocol_version: 3, runtime: "process", command: "python3", args: ["guard.py"] };
    writeExtension(folder, "own", { ...program, permissions: ["mine.see"], hooks }, { "guard.py": PYTHON });
    writeGuard(folder);
    const file = wrong(kindWith({ permission: "mine.see" }, { permissions: { "mine.see": "See steps" } }));
    const base = ["--base-dir", home];
    const own = ["--catalog", file, ...base];
    expect((await cli(["info", "own", ...base])).code).toBe(1);
    for (const asked of [
      ["guard", ...base],
      ["own", ...own],
    ]) {
      const shown = await cli(["info", ...asked, "--json"]);
      expect([shown.code, JSON.parse(shown.stdout)]).toMatchObject([0, { state: "running" }]);
    }
    writeFileSync(join(folder, "own", "guard.py"), `${PYTHON}\n`);
    const unknown = await cli(["diff", "own", ...base]);
    expect(unknown.stdout).not.toContain("guard.py");
    const changed = await cli(["diff", "own", ...own]);
    expect([changed.code, changed.stdout]).toEqual([1, expect.stringMatching(/changed +guard\.py/)]);
  });

  test("hooks: shows the kinds and the permissions of the named catalogs", async () => {
    const { stdout, code } = await cli(["hooks", "--catalog", "messaging", "--catalog", "proxy"]);
    expect(code).toBe(0);
    expect(stdout).toContain("messaging.message_enqueue");
    expect(stdout).toContain("Read all bytes that pass through the proxy");
    expect(stdout).not.toContain("before_tool_call");
    const json = await cli(["hooks", "--catalog", repo("manifests/catalogs/synaps.json"), "--json"]);
    expect((JSON.parse(json.stdout) as { hooks: unknown[] }).hooks).toHaveLength(9);
  });

  test("hooks: takes a file that begins with a byte order mark", async () => {
    const file = join(tempDir(), "mine.json");
    writeFileSync(file, '\uFEFF{"name":"mine","chain":"first_decision","kinds":{}}');
    expect(await cli(["hooks", "--catalog", file])).toMatchObject({ code: 0, stderr: "" });
  });

  const wrong = (text: string): string => {
    const file = join(tempDir(), "mine.json");
    writeFileSync(file, text);
    return file;
  };
  const pipe = (): string => {
    const path = join(tempDir(), "pipe.json");
    execFileSync("mkfifo", [path]);
    return path;
  };

  test.each([
    ["a misspelt name", () => "gatway", 3, "Did you mean 'gateway'?"],
    ["no such file", () => "./none.json", 3, "cannot be read"],
    ["a pipe", pipe, 3, "it is not a file"],
    ["a folder", () => `${tempDir()}/`, 3, "cannot be read"],
    ["more than 1 MiB", () => wrong(`"${"x".repeat(1024 * 1024)}"`), 3, "it is larger than 1048576 bytes"],
    ["no JSON", () => wrong("{"), 1, "cannot be used"],
    [
      "an unknown action",
      () => wrong(kindWith({ actions: ["continue", "blok"] })),
      1,
      "did you mean 'block'?",
    ],
    ["a kind that another has", () => repo("manifests/catalogs/gateway.json"), 2, "both declare"],
  ])("one clear answer: %s", async (_what, file, code, words) => {
    const finished = await cli(["validate", tempDir(), "--catalog", "gateway", "--catalog", file()]);
    expect([finished.code, finished.stderr]).toEqual([code, expect.stringContaining(words)]);
  });
});

function kindWith(change: object, more: object = {}): string {
  const kind = {
    permission: "tools.intercept",
    toolFilter: false,
    actions: ["continue"],
    delivery: "gate",
    canFailClosed: false,
    since: 3,
    deadlineMs: 1,
    description: "x",
    ...change,
  };
  return JSON.stringify({ name: "mine", chain: "first_decision", ...more, kinds: { "mine.x": kind } });
}
