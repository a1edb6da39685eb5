import type { FrameProblem } from "@synaps/sdk/framing";

/** A mistake in what an extension wrote to standard output, in words: the reason and the remedy. */
export interface Mistake {
  why: string;
  hint: string;
}

const FRAME =
  "Send each message as 'Content-Length: <bytes>', a blank line, and JSON in UTF-8 of at most 4 MiB.";
const PRINT = "Print to standard error: standard output is for the protocol.";
const COUNT = "Encode the JSON first and announce the number of its bytes:";

/** The one table of words for everything that arrives and is no message. */
export const MISTAKES = {
  json_line: {
    why: "it sent a message as a line of JSON, without the header that each message begins with",
    hint: `${FRAME} A line end is no end of a message, in either direction.`,
  },
  no_length: {
    why: "it sent a header without Content-Length",
    hint: FRAME,
  },
  text: { why: "it printed text on standard output", hint: PRINT },
  much_text: {
    why: "it printed over 65536 bytes of text on standard output before its first message",
    hint: PRINT,
  },
  characters: {
    why: "it sent a message whose length is counted in characters, not in bytes, so that the end of its JSON is cut off",
    hint: `${COUNT} Buffer.byteLength(text) in JavaScript, len(text.encode()) in Python.`,
  },
  line_ends: {
    why: "it sent a message with Windows line ends that its length does not count, so that the end of its JSON is cut off",
    hint: `${COUNT} write to the binary stream (sys.stdout.buffer in Python), which changes no line ends.`,
  },
  too_short: {
    why: "it sent a message that announces fewer bytes than its JSON has",
    hint: `${COUNT} Buffer.byteLength(text) in JavaScript, len(text.encode()) in Python.`,
  },
  too_long: {
    why: "it sent a message that announces more bytes than its JSON has: the next header lies inside of it",
    hint: `${COUNT} Buffer.byteLength(text) in JavaScript, len(text.encode()) in Python.`,
  },
  unfinished: {
    why: "it sent the beginning of a message and not its end",
    hint: `${COUNT} a length that is too large lets the host wait for the rest.`,
  },
  not_json: {
    why: "it sent a message that is not JSON, or whose length is not counted in bytes",
    hint: FRAME,
  },
  not_utf8: { why: "it sent a message that is not UTF-8", hint: FRAME },
  bad_length: { why: "it sent a header whose Content-Length is no number", hint: FRAME },
  too_large: { why: "it sent a message of over 4 MiB", hint: "Send less, or several messages." },
  too_deep: {
    why: "it sent a message nested over 512 levels deep",
    hint: "Flatten what the message carries.",
  },
  not_a_message: {
    why: "it sent JSON that is no message of the protocol",
    hint: 'Answer with {jsonrpc: "2.0", id, result}: the id is the request\'s, and each request has one answer.',
  },
} as const satisfies Readonly<Record<string, Mistake>>;

export type MistakeKind = keyof typeof MISTAKES;

/** Returns the kind of a fault that the reader found in a frame. */
export function kindOfProblem(problem: FrameProblem): MistakeKind {
  return ("length" in problem ? problem.length : undefined) ?? problem.type;
}

/** An answer as it stands in a line of its own: the reader has found no frame around it. */
const ANSWER_LINE = /^\s*\{(?=.*"(?:result|error)"\s*:)(?=.*"(?:jsonrpc|id)"\s*:)(?!.*"method"\s*:)/s;
const HEADER_LINE = /^[\w-]+[ \t]*:[ \t]*\S/;

/** Returns the kind of a text outside of frames. */
export function kindOfText(sample: string): "json_line" | "no_length" | "text" {
  // A flood of printed lines must cost little: the first character decides nearly always.
  if (!/^\s*[{c]/i.test(sample)) return "text";
  if (ANSWER_LINE.test(sample)) return "json_line";
  return /^content-/i.test(sample) && HEADER_LINE.test(sample) ? "no_length" : "text";
}
