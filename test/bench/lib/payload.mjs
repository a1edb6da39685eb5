const LINES = [
  'export function greet(name) { return "Hello, " + name; }\n',
  "if (total > limit) throw new RangeError(`too much: ${total}`);\n",
  "The quick brown fox jumps over the lazy dog and counts to 1234567890.\n",
];

export const SIZES = { "300 B": 300, "32 KB": 32 * 1024, "1 MB": 1024 * 1024 };

/** Program text of `length` characters, with what JSON has to escape. Plain ASCII. */
export function textOf(length) {
  let text = "";
  for (let n = 0; text.length < length; n += 1) text += LINES[n % LINES.length];
  return text.slice(0, Math.max(0, length));
}

/** An event whose envelope is about `bytes` long as JSON. */
export function eventOf(bytes, kind = "before_tool_call") {
  const event = {
    kind,
    tool_name: "bash",
    tool_input: { command: "" },
    session_id: "5f0c7a52-93c8-4f5d-a1f4-1d2f0c7a5293",
  };
  const missing = bytes - Buffer.byteLength(JSON.stringify(envelopeOf(event)));
  // A tenth or so becomes escapes, which make the text longer than it is.
  let content = textOf(missing);
  const excess = Buffer.byteLength(JSON.stringify(content)) - 2 - missing;
  if (excess > 0)
    content = textOf(Math.max(0, Math.round(missing - (excess * missing) / (missing + excess))));
  event.tool_input.command = content;
  return event;
}

/** The event as it travels: what the contestants without a host of ours send. */
export function envelopeOf(event) {
  return {
    kind: event.kind,
    tool_name: event.tool_name ?? null,
    tool_runtime_name: event.tool_runtime_name ?? null,
    tool_input: event.tool_input ?? null,
    tool_output: event.tool_output ?? null,
    message: event.message ?? null,
    session_id: event.session_id ?? null,
    transcript: event.transcript ?? null,
    data: event.data ?? null,
  };
}

/** An event of about a megabyte whose input is a list of `count` small objects: much to parse, little to copy. */
export function eventOfObjects(count, kind = "before_tool_call") {
  const rows = Array.from({ length: count }, (_, n) => ({ id: n, name: `row ${n}`, done: n % 2 === 0 }));
  return {
    kind,
    tool_name: "bash",
    tool_input: { rows },
    session_id: "5f0c7a52-93c8-4f5d-a1f4-1d2f0c7a5293",
  };
}
