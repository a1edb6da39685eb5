import { createHost } from "@synaps/host";
import { execFileSync, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { describe, expect, it, onTestFinished } from "vitest";
import { jobsCatalog } from "../../fixtures/actions/catalog.js";
import { authorFolder } from "../../helpers/author-program.js";
import { FAST } from "../../helpers/hosts.js";
import { repo } from "../../helpers/paths.js";
import { tempDir } from "../../helpers/temp.js";
import { verifies } from "../../requirements/verifies.js";

const source = (name: string): string => readFileSync(repo(`test/fixtures/actions/${name}`), "utf8");
const manifest = (command: string, file: string): object => ({
  name: "decides",
  version: "1.0.0",
  extension: {
    protocol_version: 3,
    runtime: "process",
    command,
    args: [file],
    permissions: ["jobs.see", "jobs.decide"],
    hooks: [{ hook: "jobs.before" }, { hook: "jobs.after" }],
  },
});
const MANIFEST = ".synaps-plugin/plugin.json";

/** An extension in TypeScript as its author has it: typed by the catalog, compiled under `strict` against the SDK. */
function inTypeScript(): string {
  const compilerOptions = { module: "nodenext", strict: true, noUncheckedIndexedAccess: true, types: [] };
  const folder = authorFolder({
    [MANIFEST]: manifest("node", "dist/main.js"),
    "package.json": { type: "module" },
    "tsconfig.json": { compilerOptions: { ...compilerOptions, skipLibCheck: true, outDir: "dist" } },
    "catalog.ts": source("catalog.ts"),
    "main.ts": source("main.ts"),
  });
  const compiler = repo("node_modules/typescript/bin/tsc");
  // Throws with all findings of the compiler when there is one.
  execFileSync(process.execPath, [compiler, "-p", ".", "--pretty", "false"], { cwd: folder, stdio: "pipe" });
  return folder;
}

const inPython = (): string =>
  authorFolder({ [MANIFEST]: manifest("python3", "main.py"), "main.py": source("main.py") });

interface Job {
  name: string;
  grade?: "low" | "high";
  region?: string;
}

/** A host with the extension, and jobs that count their own runs and inputs. */
async function startedWith(folder: string) {
  const asked: string[] = [];
  const host = createHost({
    folders: [folder],
    baseDir: tempDir(),
    catalogs: [jobsCatalog],
    limits: FAST,
    confirm: ({ message }) => asked.push(message) > 1,
  });
  onTestFinished(() => host.stop());
  await host.start();
  const perform = async (job: Job) => {
    const runs: unknown[] = [];
    const result = await host.intercept(
      { before: "jobs.before", after: "jobs.after" },
      { tool_name: "here", tool_input: job },
      (input, { target, attempt }) => {
        runs.push(target === undefined ? input : [input, target]);
        const { name } = input as unknown as Job;
        if (name === "flaky" && attempt < 3) throw new Error("not yet");
        if (name === "secret") return "the word is hunter2";
        return `did ${name}, run ${attempt}`;
      },
    );
    const { before } = result;
    return { runs, result, before, output: "output" in result ? result.output : undefined };
  };
  return { perform, asked };
}

const languages = [
  { language: "TypeScript", isThere: true, make: inTypeScript },
  { language: "Python", isThere: spawnSync("python3", ["--version"]).status === 0, make: inPython },
];

describe.each(languages)("an extension in $language", ({ isThere, make }) => {
  it.runIf(isThere)(
    verifies("ACTION-001", "ACTION-002", "ACTION-003", "ACTION-004", "ACTION-005") +
      "decides how an operation runs, counted by the operation itself",
    async () => {
      const { perform, asked } = await startedWith(make());
      const plain = await perform({ name: "plain" });
      expect(plain).toMatchObject({ runs: [{ name: "plain" }], output: "did plain, run 1" });

      const forbidden = await perform({ name: "forbidden" });
      expect(forbidden).toMatchObject({ runs: [], result: { ran: false, reason: "not this one" } });

      expect(await perform({ name: "risky" })).toMatchObject({ runs: [], output: undefined });
      expect(await perform({ name: "risky" })).toMatchObject({ runs: [{ name: "risky" }] });
      expect(asked).toEqual(["really?", "really?"]);

      const modified = await perform({ name: "low", grade: "low" });
      expect(modified.runs).toEqual([{ name: "low", grade: "high" }]);

      expect(await perform({ name: "given" })).toMatchObject({ runs: [], output: "given" });
      const secret = await perform({ name: "secret" });
      expect(secret).toMatchObject({ runs: [{ name: "secret" }], output: "the word is ***" });

      expect(await perform({ name: "hinted" })).toMatchObject({
        runs: [{ name: "hinted" }],
        before: { action: "inject", content: "mind the gap" },
      });

      const left = { ran: false, output: null, isError: false, reason: "not today" };
      expect(await perform({ name: "later" })).toMatchObject({ runs: [], result: left });

      expect(await perform({ name: "known" })).toMatchObject({ runs: [], output: '{"n":1}' });
      const first = await perform({ name: "kept", grade: "low", region: "eu" });
      expect(first.runs).toHaveLength(1);
      // The same members in another order are the same job; another member is another one.
      const again = await perform({ region: "eu", grade: "low", name: "kept" });
      expect(again).toMatchObject({ runs: [], output: "did kept, run 1" });
      expect((await perform({ name: "kept", region: "us" })).runs).toHaveLength(1);
      expect((await perform({ name: "noted" })).runs).toHaveLength(1);
      expect(await perform({ name: "noted" })).toMatchObject({ runs: [], output: "did noted, run 1" });

      expect((await perform({ name: "elsewhere" })).runs).toEqual([[{ name: "elsewhere" }, "there"]]);

      const flaky = await perform({ name: "flaky" });
      expect(flaky.runs).toEqual([{ name: "flaky" }, { name: "flaky" }, { name: "flaky" }]);
      expect(flaky.output).toBe("did flaky, run 3");
      const poor = await perform({ name: "poor" });
      expect(poor).toMatchObject({ runs: [{ name: "poor" }, { name: "poor" }], output: "did poor, run 2" });

      const many = await perform({ name: "many" });
      expect(many.runs).toEqual([{ name: "one" }, { name: "two" }, { name: "three" }]);
      expect(many.output).toBe('["did one, run 1","did two, run 1","did three, run 1"]');
    },
    120_000,
  );
});
