// One round: several processes change the same files at once, and are killed at random while they do.
import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as after } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { EXTENSION, keyOf, keysIn, kindOf, KINDS } from "./files.mjs";

const here = (name) => fileURLToPath(new URL(name, import.meta.url));

/**
 * @param {{ processes: number, changes: number, mostKills: number, random: () => number }} options
 * @returns the changes that were acknowledged, those of them that are lost, and files that could not be read
 */
export async function runRound({ processes, changes, mostKills, random }) {
  const baseDir = mkdtempSync(join(tmpdir(), "synaps-records-"));
  try {
    writeSetter(baseDir);
    const torn = [];
    let running = true;
    const looking = look(baseDir, () => running, torn);
    const workers = await Promise.all(
      Array.from({ length: processes }, (_, own) => runProcess(baseDir, own, { changes, mostKills, random })),
    );
    running = false;
    await looking;
    const acknowledged = workers.flatMap(({ done }, own) => done.map((number) => ({ own, number })));
    const kept = Object.fromEntries(KINDS.map((kind) => [kind, keysIn(baseDir, kind)]));
    const lost = acknowledged
      .filter(({ own, number }) => !kept[kindOf(own, number)].has(keyOf(own, number)))
      .map(({ own, number }) => `${kindOf(own, number)} ${keyOf(own, number)}`);
    return {
      acknowledged: acknowledged.length,
      kills: workers.reduce((sum, { kills }) => sum + kills, 0),
      lost,
      torn,
      errors: workers.flatMap(({ errors }) => errors),
      litter: litterIn(baseDir),
    };
  } finally {
    rmSync(baseDir, { recursive: true, force: true });
  }
}

function writeSetter(baseDir) {
  const folder = join(baseDir, "plugins", EXTENSION, ".synaps-plugin");
  mkdirSync(folder, { recursive: true });
  const extension = {
    protocol_version: 3,
    runtime: "process",
    command: process.execPath,
    args: [here("setter.mjs")],
    permissions: ["tools.intercept", "config.write"],
    hooks: [{ hook: "before_tool_call", timeout_ms: 60_000 }],
  };
  writeFileSync(
    join(folder, "plugin.json"),
    JSON.stringify({ name: EXTENSION, version: "1.0.0", extension }),
  );
}

/** Makes all changes of one process, with a new process after each of at most `mostKills` kills. */
async function runProcess(baseDir, own, { changes, mostKills, random }) {
  const done = [];
  const errors = [];
  let kills = 0;
  while (done.length < changes && errors.length === 0) {
    const args = [here("worker.mjs"), baseDir, own, done.length, changes].map(String);
    const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "pipe"] });
    const ended = new Promise((resolve) => child.once("close", (code, signal) => resolve({ code, signal })));
    const [said, told] = [collect(child.stdout), collect(child.stderr)];
    // The moment of the kill is drawn from the changes that are left: mostly in the middle of one.
    const mark = Math.floor(random() * (changes - done.length));
    if (kills < mostKills) await Promise.race([ended, enough(child.stdout, mark)]);
    await Promise.race([ended, after(random() * 20)]);
    if (kills < mostKills && child.kill("SIGKILL")) kills += 1;
    const { code, signal } = await ended;
    for (const number of said().split("\n").filter(Boolean)) done.push(Number(number));
    if (code !== 0 && signal !== "SIGKILL") errors.push(`process ${own}: ${told()}`);
  }
  return { done, kills, errors };
}

function collect(stream) {
  let text = "";
  stream.setEncoding("utf8").on("data", (chunk) => (text += chunk));
  return () => text;
}

/** Resolves when so many lines came. */
function enough(stream, lines) {
  return new Promise((resolve) => {
    let seen = 0;
    if (lines === 0) resolve(undefined);
    stream.on("data", (chunk) => {
      seen += chunk.split("\n").length - 1;
      if (seen >= lines) resolve(undefined);
    });
  });
}

/** Reads all files again and again, as any reader may, and notes what is torn. */
async function look(baseDir, goesOn, torn) {
  while (goesOn()) {
    for (const kind of KINDS) {
      try {
        keysIn(baseDir, kind);
      } catch (error) {
        torn.push(`${kind}: ${String(error)}`);
      }
    }
    await after(5);
  }
}

/** Locks and temporary files that are left: at most those of the last process that was killed at each file. */
function litterIn(baseDir) {
  return readdirSync(baseDir, { recursive: true, encoding: "utf8" }).filter((name) =>
    /\.(tmp|lock|next)$/.test(name),
  ).length;
}
