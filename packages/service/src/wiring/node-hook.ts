import { join } from "node:path";
import { PROJECT_HEADER } from "../server/hook-request.js";
import { ANSWER_LIMIT_S, END_EVENTS, END_LIMIT_S, LOG_BYTES, REFUSAL, START_LIMIT_S } from "./hook-limits.js";
import type { HookPlaces } from "./hook-script.js";

/**
 * Returns the text of the program that does the same as `hook` where there is neither perl nor curl, in the same words. A start
 * of Node costs about 55 ms for each event, five times as much as curl.
 */
export function nodeHookScript({ agentsDir, baseDir, socketDir, socket, cli }: HookPlaces): string {
  const fixed = {
    base: baseDir,
    folder: socketDir,
    sock: socket,
    cli,
    log: join(agentsDir, "hook.log"),
    refusal: REFUSAL,
    answerMs: ANSWER_LIMIT_S * 1000,
    startMs: START_LIMIT_S * 1000,
    endMs: END_LIMIT_S * 1000,
    ends: END_EVENTS,
    logBytes: LOG_BYTES,
  };
  return `// Written by 'synaps-ext agents wire', which writes it anew: changes are lost. Used by 'hook' where there is neither perl nor curl.
"use strict";
const fs = require("node:fs");
const { request } = require("node:http");
const FIXED = ${JSON.stringify(fixed, null, 2)};
const [agent, event, mode] = process.argv.slice(2);
const atEnd = FIXED.ends.includes(event);
const startMs = atEnd ? FIXED.endMs : FIXED.startMs;
let answerMs = atEnd ? FIXED.endMs : FIXED.answerMs;

function fail(why) {
  const text = String(why).slice(0, 500);
  try {
    const stats = fs.statSync(FIXED.log, { throwIfNoEntry: false });
    if (stats && stats.size > FIXED.logBytes) fs.renameSync(FIXED.log, FIXED.log + ".1");
    fs.appendFileSync(FIXED.log, [new Date().toISOString(), agent, event, mode].join(" ") + ": " + text + "\\n", { mode: 0o600 });
  } catch {
    // The line below is shown all the same.
  }
  const shown = mode === "closed" ? FIXED.refusal : \`Synaps: \${agent} \${event} was not checked: \${text}. See: synaps-ext agents list\`;
  process.stderr.write(shown + "\\n");
  process.exitCode = mode === "closed" ? 2 : 1;
}

function ownedByOther(path) {
  const stats = fs.statSync(path, { throwIfNoEntry: false });
  return stats !== undefined && stats.uid !== process.geteuid();
}

function start() {
  if (!fs.existsSync(FIXED.cli)) throw "synaps-ext is not installed any more: there is no " + FIXED.cli;
  const { spawnSync } = require("node:child_process");
  let said = "ignore";
  try {
    said = fs.openSync(FIXED.log, "a", 0o600);
  } catch {
    // The failure of the start itself is told.
  }
  const began = Date.now();
  const args = [FIXED.cli, "serve", "--detach", "--json", "--base-dir", FIXED.base];
  const { status, error } = spawnSync(process.execPath, args, { stdio: ["ignore", "ignore", said], timeout: startMs });
  if (error && error.code === "ETIMEDOUT") throw \`the service was not started within \${startMs / 1000} s\`;
  if (status !== 0) throw "the service cannot be started";
  answerMs -= Math.min(Date.now() - began, answerMs - 1000);
}

function ask(payload) {
  const closed = mode === "closed" ? "&closed=1" : "";
  const options = {
    socketPath: FIXED.sock,
    path: \`/v1/hooks/\${agent}?event=\${event}\${closed}&form=sh\`,
    method: "POST",
    headers: { "Content-Type": "application/json", "Content-Length": payload.length, ...project() },
  };
  return new Promise((done, refuse) => {
    const failed = (why) => {
      clearTimeout(late);
      sent.destroy();
      refuse(why);
    };
    const sent = request(options, (response) => {
      const parts = [];
      response.on("data", (part) => parts.push(part));
      response.on("error", failed);
      response.on("end", () => {
        clearTimeout(late);
        done({ status: response.statusCode, body: Buffer.concat(parts) });
      });
    });
    const late = setTimeout(failed, answerMs, \`the service gave no answer within \${Math.round(answerMs / 1000)} s\`);
    sent.on("error", failed);
    sent.end(payload);
  });
}

function project() {
  const named = { "claude-code": process.env.CLAUDE_PROJECT_DIR, gemini: process.env.GEMINI_PROJECT_DIR }[agent];
  if (!named || /[\\r\\n]/.test(named)) return {};
  return { "${PROJECT_HEADER}": Buffer.from(named).toString("latin1") };
}

function give({ status, body }) {
  const end = body.indexOf(10);
  const head = body.toString("latin1", 0, end < 0 ? body.length : end);
  if (status !== 200) throw \`the service answered with status \${status}: \${body.toString()}\`;
  const match = /^(\\d{1,3}) (\\d{1,4})$/.exec(head);
  if (match === null || Number(match[1]) > 255) throw "the service answered something that is no answer";
  let at = end < 0 ? body.length : end + 1;
  for (let line = Number(match[2]); line > 0; line -= 1) {
    const next = body.indexOf(10, at);
    const to = next < 0 ? body.length : next + 1;
    process.stderr.write(body.subarray(at, to));
    at = to;
  }
  process.stdout.write(body.subarray(at));
  process.exitCode = Number(match[1]);
}

async function main() {
  const parts = [];
  for await (const part of process.stdin) parts.push(part);
  const payload = Buffer.concat(parts);
  for (const path of [FIXED.folder, FIXED.sock]) if (ownedByOther(path)) throw path + " belongs to another user";
  const first = await ask(payload).catch((failure) => ({ failure }));
  if (!("failure" in first)) return give(first);
  if (!["ENOENT", "ECONNREFUSED"].includes(first.failure.code)) throw first.failure;
  start();
  return give(await ask(payload));
}

main().catch((error) => {
  const gone = error && (error.code === "ECONNRESET" || error.code === "EPIPE");
  fail(gone ? "the service ended in the middle of the question" : error instanceof Error ? error.message : error);
});
`;
}
