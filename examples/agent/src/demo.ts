import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { InterceptResult } from "@synaps/host";
import type { ModelServer } from "./model.js";
import { outputOf } from "./points.js";
import { Program, type Configuration } from "./program.js";
import type { Session } from "./sessions.js";

export interface Stage {
  program: Program;
  models: ModelServer;
  /** Folder of the program. */
  folder: string;
  configuration: Configuration;
  say(line: string): void;
}

type Path = readonly [name: string, work: (stage: Stage) => Promise<void>];

const QUIET = { slow_ms: 60_000, memory_mb: 1_000_000, cpu_share: 1_000, session_tokens: 1_000_000 };
export const CONFIGURATION: Configuration = { model: "large", ...QUIET };

/** Puts the files there that the program finds: its configuration, a state of the first form, and something to work on. */
export async function prepare(folder: string, work: string): Promise<void> {
  await writeFile(join(folder, "agent.json"), JSON.stringify(CONFIGURATION));
  await writeFile(join(folder, "state.json"), JSON.stringify({ topic: "notes" }));
  await writeFile(join(work, "notes.md"), "Write a summary.\n");
}

/** Good and bad ways through the program, in order. The name of each stands in the table. */
export const PATHS: readonly Path[] = [
  [
    "tools",
    withSession((stage, session) => ask(stage, session, "What do the notes say?", "Write a summary.")),
  ],
  ["cache", withSession((stage, session) => ask(stage, session, "Which day is it?", "Which day is it?"))],
  [
    "retry",
    withSession(async (stage, session) => {
      stage.models.failNext(2);
      await ask(stage, session, "Draft a text.");
    }),
  ],
  [
    "provider fails",
    withSession(async (stage, session) => {
      stage.models.failNext(9);
      await ask(stage, session, "Draft a text.");
      stage.models.failNext(0);
    }),
  ],
  ["redirect", withSession((stage, session) => ask(stage, session, "Quick: what is two and two?"))],
  ["skip", withSession((stage, session) => ask(stage, session, "Tell me a joke."))],
  [
    "fork",
    withSession((stage, session) => ask(stage, session, "Describe the notes and describe the summary")),
  ],
  [
    "tool fails",
    withSession((stage, session) => ask(stage, session, "Read what is not there.", "Run something wrong.")),
  ],
  ["security", withSession((stage, session) => ask(stage, session, "Read the passwords."))],
  ["workflow", ({ program, say }) => workflow({ program, say }, "good")],
  ["workflow fails", ({ program, say }) => workflow({ program, say }, "bad")],
  ["workflow aborted", ({ program, say }) => workflow({ program, say }, "aborted")],
  ["state", state],
  ["sessions", sessions],
  ["events", events],
  ["limits", limits],
  ["budget", budget],
];

/** The program stops while an agent waits for its model. */
export async function stopWhileBusy({ program, models, say }: Stage): Promise<void> {
  const session = await program.session("last");
  const arrived = new Promise<void>((resolve) => models.hangNext(resolve));
  const asking = program.ask(session, "Draft a text.");
  await arrived;
  await program.stop();
  say(`The program stopped while a model was asked: ${textOf(await asking)}`);
}

function withSession(work: (stage: Stage, session: Session) => Promise<void>): Path[1] {
  return async (stage) => {
    const session = await stage.program.session(`s${(count += 1)}`);
    await work(stage, session);
    await stage.program.end(session);
  };
}
let count = 0;

async function ask({ program, say }: Stage, session: Session, ...questions: string[]): Promise<void> {
  for (const question of questions) {
    const result = await program.ask(session, question);
    say(`${question} -> ${textOf(result)}`);
  }
}

/** What came of an operation, in a line. */
function textOf(result: InterceptResult): string {
  if (!("output" in result)) return `not run, stopped by ${result.by}: ${result.reason}`;
  const { output } = result;
  if (!result.ran)
    return output === null ? `left out by ${result.by}: ${result.reason}` : `${output} (from the cache)`;
  const how = [
    ...(result.isError ? ["an error"] : []),
    ...(result.attempts === undefined ? [] : [`run ${result.attempts} times`]),
    ...(result.target === undefined ? [] : [`sent to ${result.target}`]),
    ...(result.operations === undefined ? [] : [`in ${result.operations.length} parts`]),
  ];
  return (output ?? "nothing") + (how.length === 0 ? "" : ` (${how.join(", ")})`);
}

async function workflow(
  { program, say }: Pick<Stage, "program" | "say">,
  how: "good" | "bad" | "aborted",
): Promise<void> {
  const stop = new AbortController();
  const { signal } = stop;
  const shell = (command: string): Promise<string> => program.tools.call("shell", { command }, signal);
  const stages = [
    { name: "draft", run: (input: string) => shell(`echo '${input}' > text.md; cat text.md`) },
    {
      name: "review",
      async run(input: string) {
        if (how === "aborted") stop.abort(new Error("the user gave it up"));
        return how === "bad" ? shell("echo broken > text.md; exit 1") : `${input.trim()}, reviewed`;
      },
    },
    { name: "publish", run: (input: string) => shell(`echo '${input}' > text.md; cat text.md`) },
  ];
  const result = await program.run(how, stages, `the ${how} text`, signal);
  const file = (
    await program.tools.call("read_file", { path: "text.md" }, AbortSignal.timeout(10_000))
  ).trim();
  say(`draft, review, publish -> ${textOf(result)}`);
  say(`text.md holds: ${file}`);
}

async function state({ program, say }: Stage): Promise<void> {
  const topic = await program.state.read("topic");
  say(`The topic is ${JSON.stringify(topic)}, from a file of the first form.`);
  const seen = topic?.version ?? 0;
  await program.state.write("topic", "summary", seen);
  const late = await program.state.write("topic", "weather", seen).catch((error: Error) => error.message);
  say(`A second writer, who had read the same version: ${String(late)}`);
}

async function sessions({ program, say }: Stage): Promise<void> {
  const session = await program.session("long");
  outputOf(await program.ask(session, "Draft a text."));
  await session.checkpoint();
  outputOf(await program.ask(session, "Say more."));
  session.back();
  await session.save();
  await program.end(session);
  const restored = await program.restore("long");
  say(
    `A session with ${restored.messages.length} messages goes on from its checkpoint, after ${restored.tokens} tokens.`,
  );
  await program.end(restored);
}

async function events({ program, say }: Stage): Promise<void> {
  program.bus.on("text.ready", () => {
    throw new Error("no printer");
  });
  program.bus.on("text.ready", (value) =>
    say(`Told of ${String(value)}, although the handler before failed.`),
  );
  await program.bus.emit("text.ready", "text.md");
}

/** Limits so low that what the program measures is over them, by its configuration while it runs. */
async function limits(stage: Stage): Promise<void> {
  const { program, folder, say } = stage;
  const configure = async (changed: Partial<Configuration>): Promise<void> => {
    await writeFile(join(folder, "agent.json"), JSON.stringify({ ...CONFIGURATION, ...changed }));
    await program.reload();
  };
  const session = await program.session("measured");
  await configure({ slow_ms: 100, memory_mb: 1, cpu_share: 0.000_001, session_tokens: 10 });
  await ask(stage, session, "Take your time.", "Say more.");
  await program.end(session);
  await configure({});
  say("The configuration was changed twice while it ran: to limits that are too low, and back.");
}

/** Questions until the session has spent what the cost tracker lets it. */
async function budget(stage: Stage): Promise<void> {
  const session = await stage.program.session("spender");
  for (let asked = 1; ; asked += 1) {
    const result = await stage.program.ask(session, "Say more.");
    if (!("output" in result)) {
      stage.say(`Question ${asked} of the session: ${textOf(result)}`);
      break;
    }
  }
  await stage.program.end(session);
}
