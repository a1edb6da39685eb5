import { text as readAll } from "node:stream/consumers";
import type { Host, ToolProgress, ToolResult } from "@synaps/host";
import { inexactNumbers, type ChainPolicy, type JsonValue } from "@synaps/sdk/protocol";
import { ConfirmPrompt } from "../confirm-prompt.js";
import { EXIT } from "../exit-codes.js";
import type { Io } from "../io.js";
import { voteFields } from "../outcome-line.js";
import type { PlaceFlags } from "../places.js";
import { errors } from "../present-error.js";
import { withHost } from "../started-host.js";
import { jsonDocument, plain, plainWithTabs } from "../text.js";

export interface CallFlags extends PlaceFlags {
  input: string;
  session?: string;
  chain: ChainPolicy;
  confirm: "ask" | "block";
  quiet?: boolean;
  json?: boolean;
}

const EXIT_OF: Readonly<Record<ToolResult["status"], number>> = {
  ok: EXIT.ok,
  error: EXIT.failed,
  unavailable: EXIT.failed,
  cancelled: EXIT.failed,
  invalid_input: EXIT.usage,
  blocked: EXIT.blocked,
};

/** Starts all extensions, calls one tool between the hooks of all of them, and prints what it answered. */
export async function call(io: Io, tool: string, flags: CallFlags): Promise<number> {
  const input = await inputOf(io, flags.input);
  return withHost(io, flags, {}, async (host, ending) => {
    const result = await callTool(host, io, tool, input, flags, ending);
    if (flags.json) await io.stdout.write(jsonDocument(documentOf(result)));
    else if (result.status === "ok") await io.stdout.write(`${forReader(result.content, io)}\n`);
    else if (!ending.aborted) throw errors.toolFailed(result.tool, result, EXIT_OF[result.status]);
    return EXIT_OF[result.status];
  });
}

async function inputOf(io: Io, given: string): Promise<JsonValue> {
  const text = given === "-" ? await readAll(io.stdin) : given;
  let input: JsonValue;
  try {
    input = JSON.parse(text) as JsonValue;
  } catch {
    throw errors.usage(
      "the input is not JSON",
      `Pass for instance: --input '{"key":"value"}', or - to read it.`,
    );
  }
  const [inexact] = inexactNumbers(text);
  if (inexact === undefined) return input;
  throw errors.usage(
    `the number at '${inexact}' of the input has more digits than JSON numbers keep`,
    "Write it as a string: the tool would get another number.",
  );
}

async function callTool(
  host: Host,
  io: Io,
  tool: string,
  input: JsonValue,
  { session, chain, confirm, quiet }: CallFlags,
  signal: AbortSignal,
): Promise<ToolResult> {
  const prompt = new ConfirmPrompt(confirm === "ask", io, signal);
  return host.tools.call(tool, input, {
    signal,
    chain,
    sessionId: session ?? null,
    confirm: confirm === "ask" ? (request) => prompt.agrees(request) : "block",
    ...(quiet ? {} : { onProgress: (progress) => void io.stderr.write(progressText(progress)) }),
  });
}

function progressText({ message = "", current, total }: ToolProgress): string {
  const count = current === undefined ? "" : `${current}${total === undefined ? "" : `/${total}`}`;
  const line = [count, plain(message)].filter((part) => part !== "").join(" ");
  return line === "" ? "" : `${line}\n`;
}

function documentOf(result: ToolResult): object {
  const { before, after, tool, extension, status, isError, content, ...more } = result;
  return {
    schemaVersion: 1,
    tool,
    extension,
    status,
    isError,
    content,
    ...more,
    votes: {
      before: before?.votes.map(voteFields) ?? [],
      after: after?.votes.map(voteFields) ?? [],
    },
  };
}

/** As it is for a program; without what a terminal would obey for a person. */
function forReader(content: string, { stdout }: Io): string {
  return stdout.isTerminal ? content.split("\n").map(plainWithTabs).join("\n") : content;
}
