import { fork, spawn } from "node:child_process";
import { CHILD_ENV, child } from "../lib/places.mjs";
import { envelopeOf } from "../lib/payload.mjs";

/** Node's own message channel. */
export function startFork() {
  const process_ = fork(child("fork.mjs"), { env: CHILD_ENV });
  const waiting = new Map();
  let last = 0;
  process_.on("message", (/** @type {any} */ { id, result }) => {
    waiting.get(id)(result);
    waiting.delete(id);
  });
  return {
    name: "fork IPC",
    prepare: envelopeOf,
    call: (event) =>
      new Promise((resolve) => {
        last += 1;
        waiting.set(last, resolve);
        process_.send({ id: last, event });
      }),
    stop: () => process_.disconnect(),
  };
}

/** One process for each event, the way command hooks work. */
export function startSpawned(name, command, script) {
  return {
    name,
    prepare: (event) => JSON.stringify(envelopeOf(event)),
    call: (text) =>
      new Promise((resolve, reject) => {
        const hook = spawn(command, [child(script)], { stdio: ["pipe", "pipe", "inherit"], env: CHILD_ENV });
        let answer = "";
        hook.stdout.on("data", (chunk) => (answer += chunk));
        hook.once("error", reject);
        hook.once("close", () => resolve(JSON.parse(answer)));
        hook.stdin.end(text);
      }),
    stop() {},
  };
}

export const spawned = () => [
  startSpawned("spawned node", process.execPath, "hook.mjs"),
  startSpawned("spawned python3", "python3", "hook.py"),
  startSpawned("spawned sh", "sh", "hook.sh"),
];
