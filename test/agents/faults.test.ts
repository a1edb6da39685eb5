import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { until } from "../helpers/wait.js";
import { AGENTS, missing, type Agent } from "./kit/agents.js";
import { configure, happened } from "./kit/hooks.js";
import { makePlace, type Place } from "./kit/place.js";
import { cell, row } from "./kit/report.js";
import { runAgent, type Run } from "./kit/run.js";
import {
  askedFile,
  baseOf,
  endService,
  installExtensions,
  servicePid,
  synapsExt,
  wire,
} from "./kit/synaps.js";

const TABLE = "when the service has no answer";
/** The words of the hook to people. No model may read them. */
const TO_PEOPLE =
  /was not checked|hook program is missing|the service (gave no|ended|cannot|was not|answered)/;
/** The one sentence that a model reads, where the user chose that what is not checked does not happen. */
const TO_THE_MODEL = /Refused by Synaps: the check/;

const MODES = ["open", "closed"] as const;
type Mode = (typeof MODES)[number];

interface Fault {
  readonly name: string;
  /** Done while the extension in Python has the question about a slow command. */
  readonly during?: (home: Place) => void;
  /** Done before the agent starts. */
  readonly before?: (home: Place) => Promise<void>;
}

const FAULTS: readonly Fault[] = [
  { name: "killed in the middle", during: (home) => process.kill(servicePid(home)!, "SIGKILL") },
  { name: "hung in the middle", during: (home) => process.kill(servicePid(home)!, "SIGSTOP") },
  {
    name: "not installed",
    async before(home) {
      await endService(home);
      const hook = hookOf(home);
      writeFileSync(hook, readFileSync(hook, "utf8").replace(/^cli=.*$/m, "cli='/nowhere/synaps-ext.js'"));
    },
  },
];

for (const mode of MODES)
  describe(`wired ${mode}`, () => {
    let home: Place;
    beforeAll(() => {
      home = makePlace();
      installExtensions(home);
    });
    afterAll(async () => {
      await endService(home, "SIGKILL");
      rmSync(home.top, { recursive: true, force: true, maxRetries: 5 });
    });

    for (const agent of AGENTS) {
      const reason = missing(agent);
      describe.skipIf(reason !== undefined)(
        `${agent.title}${reason === undefined ? "" : `: ${reason}`}`,
        () => {
          it("starts a service that is not there, and is guarded from the first call on", async () => {
            const place = wired(home, agent, mode, "stopped");
            await endService(home);
            const run = await runAgent(agent, place, [
              { calls: [{ shell: "rm -rf .git; touch case-refused" }] },
            ]);
            expect(happened(place, "refused")).toBe(false);
            expect(run.model.resultOf("0-0")).toContain("Blocked by shell-guard");
            expect(servicePid(home)).toBeDefined();
            tell(agent, mode, "stopped", "started on demand; guarded");
          });

          it.each(FAULTS)(
            "ends as it is wired when the service is $name",
            async ({ name, before, during }) => {
              const place = wired(home, agent, mode, name.replaceAll(" ", "-"));
              await before?.(home);
              rmSync(askedFile(home), { force: true });
              const asked = during && until("the question is asked", () => existsSync(askedFile(home)));
              const running = runAgent(agent, place, [
                { calls: [{ shell: "touch case-slow; echo ran case-slow" }] },
              ]);
              await asked?.then(() => during?.(home));
              const run = await running;
              await endService(home, "SIGKILL");
              judge(agent, mode, name, place, home, run);
            },
          );
        },
      );
    }
  });

function judge(agent: Agent, mode: Mode, fault: string, place: Place, home: Place, run: Run): void {
  const log = readFileSync(join(baseOf(home), "extensions", "agents", "hook.log"), "utf8");
  expect(run.hung).toBe(false);
  // The agent stays usable: it went on to the end of the script.
  expect(run.model.asked).toHaveLength(2);
  expect(happened(place, "slow")).toBe(mode === "open");
  expect(run.model.readAll()).not.toMatch(TO_PEOPLE);
  if (mode === "closed") expect(run.model.resultOf("0-0")).toMatch(TO_THE_MODEL);
  else expect(run.model.readAll()).not.toMatch(/Refused by Synaps/);
  expect(log).toMatch(new RegExp(`${agent.name} ${agent.moments.before} ${mode}: `));
  expect(synapsExt(home, "agents", "list")).toContain("last failure");
  const shown = `${run.stdout}\n${run.stderr}`.split("\n").find((line) => TO_PEOPLE.test(line));
  tell(
    agent,
    mode,
    fault,
    `${mode === "open" ? "ran" : "did not run"}; the agent shows: ${shown === undefined ? "nothing" : cell(shown, 60)}; hook.log: ${cell(log.trim().split("\n").at(-1)?.replace(/^\S+ /, ""), 80)}`,
  );
}

function tell(agent: Agent, mode: Mode, fault: string, found: string): void {
  row(TABLE, { service: fault, wired: mode }, { [agent.title]: found });
}

function hookOf(home: Place): string {
  return join(baseOf(home), "extensions", "agents", "hook");
}

/** A project of its own in the home, with the agent wired anew. */
function wired(home: Place, agent: Agent, mode: Mode, name: string): Place {
  const top = join(home.top, `${agent.name}-${name}`);
  const project = join(top, "project");
  mkdirSync(project, { recursive: true });
  execFileSync("git", ["init", "--quiet"], { cwd: project, env: home.env });
  const place = { ...home, top, project };
  configure(agent, place, []);
  wire(agent, place, ...(mode === "closed" ? ["--closed"] : []));
  return place;
}
