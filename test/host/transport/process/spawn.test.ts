import { realpathSync } from "node:fs";
import { join } from "node:path";
import { PASSED_ON, childEnvironment } from "../../../../packages/host/src/transport/process/environment.js";
import { expect, it } from "vitest";
import { call, told, variant } from "../../../e2e/host/support/fixture.js";
import { startedHost } from "../../../helpers/hosts.js";
import { FIXTURES } from "../../../helpers/paths.js";
import { tempDir } from "../../../helpers/temp.js";
import { until } from "../../../helpers/wait.js";
import { verifies } from "../../../requirements/verifies.js";

const ALLOWED = ["PATH", "HOME", "LANG", "TERM", "XDG_RUNTIME_DIR", "TMPDIR", "TZ", "LC_ALL", "LC_CTYPE"];

it(verifies("PROC-020") + "the list of variables that are passed on is pinned", () => {
  expect(PASSED_ON).toEqual(ALLOWED);
  const all = Object.fromEntries(
    [...ALLOWED, "SECRET", "NODE_OPTIONS", "SYSTEMROOT"].map((name) => [name, "x"]),
  );
  expect(Object.keys(childEnvironment(all, [], "linux"))).toEqual(ALLOWED);
  expect(childEnvironment(all, [], "win32")["SYSTEMROOT"]).toBe("x");
  expect(childEnvironment({ PATH: "/bin" }, ["ABSENT"], "linux")).toEqual({ PATH: "/bin" });
});

it(
  verifies("PROC-020", "PROC-021") +
    "a child gets those, what its manifest lists, and nothing else of the host's",
  async () => {
    const folder = tempDir();
    variant(folder, "tells-itself", { extension: { env: ["MY_PROXY", "NOT_SET"] } });
    const passedOn = Object.fromEntries(
      ALLOWED.map((name) => [name, process.env[name] ?? `value of ${name}`]),
    );
    const secrets = {
      GITHUB_TOKEN: "s",
      AWS_PROFILE: "s",
      SYNAPS_BASE_DIR: "/s",
      NODE_OPTIONS: "",
      LD_DEBUG: "",
    };
    const baseDir = tempDir();
    const all = { ...passedOn, ...secrets, MY_PROXY: "http://p" };
    const { host } = await startedHost([folder], { baseDir, env: all });
    const { env } = told(await host.emit(call()));
    // Bytecode beside a source could be another than its source: Python keeps its own elsewhere.
    const PYTHONPYCACHEPREFIX = join(baseDir, "extensions", "pycache");
    expect(env).toEqual({ ...passedOn, MY_PROXY: "http://p", PYTHONPYCACHEPREFIX });
  },
);

it(verifies("PROC-022") + "a child runs in its own folder, with arguments in it made absolute", async () => {
  const root = join(FIXTURES, "tells-itself");
  const { host } = await startedHost([root]);
  const { cwd, argv } = told(await host.emit(call()));
  expect(cwd).toBe(realpathSync(root));
  expect(argv).toEqual([process.execPath, join(realpathSync(root), "main.mjs")]);
});

it(
  verifies("PROC-022") + "a folder with spaces, quotes and other letters in its name is a folder",
  async () => {
    const folder = join(tempDir(), `it's a "plügin" $HOME; *`);
    const root = variant(folder, "tells-itself");
    const { host } = await startedHost([folder]);
    expect(told(await host.emit(call()))["cwd"]).toBe(realpathSync(root));
  },
);

it(verifies("PROC-023") + "arguments reach the program as they are: no shell reads them", async () => {
  const folder = tempDir();
  const args = ["$HOME", "`id`", "a b", "*", "; exit 1", 'quo"te', "", "ünïcode"];
  variant(folder, "tells-itself", { args });
  const { host } = await startedHost([folder]);
  const { argv } = told(await host.emit(call()));
  expect((argv as string[]).slice(2)).toEqual(args);
});

it(
  verifies("PROC-024") + "what a child writes to stderr goes to the log, line by line, and disturbs nothing",
  async () => {
    const folder = tempDir();
    variant(folder, "handshake-hangs", {
      args: ["lively", "3"],
      extension: { hooks: [{ hook: "after_tool_call" }] },
    });
    const { log } = await startedHost([folder]);
    const lines = (): string[] => log.filter(({ level }) => level === "debug").map(({ message }) => message);
    // Standard error is a stream of its own: its last line may come after the answer that followed it.
    await until("three lines came", () => lines().length >= 3);
    expect(lines().slice(0, 3)).toEqual(["loading 1", "loading 2", "loading 3"]);
  },
);
