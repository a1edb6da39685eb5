/**
 * Plugin for the coding agent pi: hands its events to the resident service of Synaps and does what comes back. Save it as
 * `~/.pi/agent/extensions/synaps.js`, or start pi with `-e pi.js`.
 *
 * SYNAPS_BASE_DIR   the base folder of the service; default ~/.synaps-cli
 * SYNAPS_CLOSED=1   a service that gives no answer stops every tool; without it the tools run, and pi says so
 */
import { execFile } from "node:child_process";
import { statSync } from "node:fs";
import { request } from "node:http";
import { homedir } from "node:os";
import { dirname, join } from "node:path";

/** Time for one answer. A chain of guards has 10 s. */
const DEADLINE_MS = 15_000;
const BASE = process.env.SYNAPS_BASE_DIR || join(homedir(), ".synaps-cli");
/** A long base folder has its socket elsewhere: the start of the service tells where. */
let socket = join(BASE, "extensions", "serve", "serve.sock");
const IS_CLOSED = process.env.SYNAPS_CLOSED === "1";

/** Asks the service about one event. Rejects when there is no answer in time. */
function ask(event, payload) {
  if (statSync(dirname(socket)).uid !== process.getuid())
    throw new Error(`${socket} belongs to another user`);
  return new Promise((resolve, reject) => {
    const path = `/v1/hooks/pi?event=${event}${IS_CLOSED ? "&closed=1" : ""}`;
    const signal = AbortSignal.timeout(DEADLINE_MS);
    const call = request({ socketPath: socket, method: "POST", path, signal }, (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (piece) => (text += piece));
      response.on("error", reject).on("end", () => {
        if (response.statusCode !== 200)
          return reject(new Error(`the service answered ${response.statusCode}: ${text}`));
        try {
          resolve(text.trim() === "" ? {} : JSON.parse(text));
        } catch {
          reject(new Error("the service gave no JSON"));
        }
      });
    });
    call.on("error", reject);
    call.end(JSON.stringify(payload));
  });
}

/** Starts the service, once for all events that come meanwhile. */
let starting;
function start() {
  starting ??= new Promise((resolve, reject) => {
    execFile(
      "synaps-ext",
      ["serve", "--detach", "--base-dir", BASE],
      { timeout: DEADLINE_MS },
      (error, stdout) => {
        starting = undefined;
        if (stdout.trim() !== "") socket = stdout.trim();
        if (error) reject(new Error(`synaps-ext serve failed: ${error.message}`));
        else resolve();
      },
    );
  });
  return starting;
}

const textOf = (content) =>
  Array.isArray(content)
    ? content.flatMap((part) => (part.type === "text" ? [part.text] : [])).join("\n")
    : String(content ?? "");

export default function synaps(pi) {
  /** Context of the start of the session, which pi takes with the next prompt. */
  let pending = [];
  /** The trouble that the person was last told of. */
  let told;

  /** The answer to an event; undefined when there is none, which the person is told. */
  async function answer(name, members, ctx) {
    const payload = {
      hook_event_name: name,
      session_id: ctx.sessionManager?.getSessionId?.() ?? "pi",
      cwd: ctx.cwd,
      can_ask: ctx.hasUI === true,
      ...members,
    };
    try {
      try {
        const said = await ask(name, payload);
        told = undefined;
        return said;
      } catch (error) {
        if (!["ENOENT", "ECONNREFUSED"].includes(error.code)) throw error;
        await start();
        return await ask(name, payload);
      }
    } catch (error) {
      // Said once, until something else is wrong.
      if (told !== error.message) {
        told = error.message;
        const text = `synaps: ${name} was not asked about: ${told}`;
        if (ctx.hasUI) ctx.ui.notify(text, "warning");
        else console.error(text);
      }
      return undefined;
    }
  }

  pi.on("session_start", async (event, ctx) => {
    const said = await answer("session_start", { source: event.reason ?? "startup" }, ctx);
    pending = said?.context === undefined ? [] : [said.context];
  });

  pi.on("before_agent_start", async (event, ctx) => {
    const said = await answer("before_agent_start", { prompt: event.prompt }, ctx);
    const content = [...pending, ...(said?.context === undefined ? [] : [said.context])].join("\n\n");
    pending = [];
    return content === "" ? undefined : { message: { customType: "synaps", content, display: true } };
  });

  pi.on("tool_call", async (event, ctx) => {
    const { toolName: tool_name, toolCallId: tool_use_id, input: tool_input } = event;
    const said = await answer("tool_call", { tool_name, tool_input, tool_use_id }, ctx);
    if (said === undefined)
      return IS_CLOSED
        ? { block: true, reason: "The guard could not be asked, and must not be passed over." }
        : undefined;
    if (said.block !== undefined) return { block: true, reason: said.block };
    if (said.ask !== undefined && !(await ctx.ui.confirm("Synaps", said.ask)))
      return { block: true, reason: `The user said no to: ${said.ask}` };
    if (said.input === undefined) return undefined;
    // pi runs the object that it gave us.
    for (const key of Object.keys(event.input)) delete event.input[key];
    Object.assign(event.input, said.input);
    return undefined;
  });

  pi.on("tool_result", async (event, ctx) => {
    const {
      toolName: tool_name,
      toolCallId: tool_use_id,
      input: tool_input,
      content,
      isError: is_error,
    } = event;
    const members = { tool_name, tool_use_id, tool_input, tool_output: textOf(content), is_error };
    const said = await answer("tool_result", members, ctx);
    const output =
      said === undefined && IS_CLOSED ? "[output withheld: the guard could not be asked]" : said?.output;
    return output === undefined ? undefined : { content: [{ type: "text", text: output }] };
  });

  pi.on("agent_end", async (event, ctx) => {
    const last = (event.messages ?? []).filter(({ role }) => role === "assistant").at(-1);
    await answer("agent_end", { last_assistant_message: textOf(last?.content) }, ctx);
  });

  pi.on("session_shutdown", (_event, ctx) => answer("session_shutdown", {}, ctx).then(() => undefined));
}
