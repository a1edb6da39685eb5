/** When a mistake shows: to whoever reads the manifest, at the start, while the process is silent, at an event, at the end. */
type Moment = "manifest" | "start" | "silence" | "event" | "stop";

export interface Mistake {
  /** Folder in `test/fixtures/authors`. */
  id: string;
  kind: string;
  moment: Moment;
  /** Literal key, bytes or `file:line` that user, author and embedder have to be shown. */
  evidence: string;
}

const of = (kind: string, id: string, moment: Moment, evidence: string): Mistake => ({
  id,
  kind,
  moment,
  evidence,
});

/** The broken extensions, and what shows the mistake of each. */
export const MISTAKES: readonly Mistake[] = [
  of("syntax error", "syntax-js", "start", 'main.mjs:3: const words = ["rm", "dd";'),
  of("syntax error", "syntax-py", "start", "main.py:3: def hook(event)"),
  of("throws", "throws-load-js", "start", "main.mjs:4: const policy = readFileSync("),
  of("throws", "throws-load-py", "start", 'main.py:5: key = os.environ["POLICY_KEY"]'),
  of("throws", "throws-handler-ts", "event", "main.js:"),
  of("throws", "throws-handler-py", "event", 'main.py:5: if event["tool_input"]["path"]'),
  of("returns garbage", "garbage-js", "event", "the result is a number"),
  of("returns garbage", "garbage-ts", "event", "which is no result"),
  of("returns garbage", "garbage-py", "event", "the result is "),
  of("wrong action", "wrong-action-js", "event", "'deny'"),
  of("wrong action", "wrong-action-ts", "event", "'replace'"),
  of("wrong action", "wrong-action-py", "event", "'blok'"),
  of("wrong action", "wrong-action-key-py", "event", "the result has no action"),
  of("prints", "prints-js", "start", '"guard ready, 12 rules"'),
  of("prints", "prints-py", "event", '"checking prints-py"'),
  of("forgets shutdown", "forgets-shutdown-js", "stop", 'no "shutdown" in main.mjs'),
  of("forgets shutdown", "forgets-shutdown-py", "stop", 'no "shutdown" in main.py'),
  of("hangs", "hangs-load-js", "silence", "main.mjs:4: while (ready[0] === 0)"),
  of("hangs", "hangs-handler-js", "event", "nothing for 800 ms"),
  of("hangs", "hangs-handler-py", "event", "nothing for 800 ms"),
  of("exits", "exits-js", "start", "main.mjs:3: if (!process.env.GUARD_KEY) process.exit(0);"),
  of("exits", "exits-py", "event", "main.py:7: sys.exit(3)"),
  of("wrong keys", "wrong-keys-js", "manifest", '"kind"'),
  of("wrong keys", "wrong-keys-py", "manifest", '"permision"'),
  of("wrong keys", "wrong-keys-answer-js", "start", '"protocolVersion"'),
  of("wrong keys", "wrong-keys-answer-py", "start", '"capability"'),
  of("missing permission", "permission-js", "manifest", '"hook": "before_tool_call"'),
  of("missing permission", "permission-py", "manifest", '"tools.intersept"'),
  of("wrong version", "version-js", "start", '"protocol_version": 2'),
  of("wrong version", "version-py", "start", '"protocol_version": "1"'),
  of("wrong version", "version-manifest-py", "manifest", '"protocol_version": 9'),
  of("no serve", "no-serve-js", "start", "main.mjs:3: export const guard = defineHook("),
  of("no serve", "no-serve-ts", "start", 'no "stdin" in main.js'),
  of("no serve", "no-serve-py", "start", 'main.py:5: if __name__ == "main":'),
  of("JSON lines", "ndjson-js", "start", "main.mjs:4: const { id } = JSON.parse(line);"),
  of("JSON lines", "ndjson-py", "start", "main.py:5: message = json.loads(line)"),
  of("JSON lines", "ndjson-answers-py", "start", '"{\\"jsonrpc\\": \\"2.0\\"'),
  of("JSON lines", "ndjson-answers-js", "start", '"{\\"jsonrpc\\":\\"2.0\\"'),
  of("JSON lines", "ndjson-skips-js", "silence", "main.mjs:1: import { createInterface }"),
  of("characters for bytes", "characters-js", "start", "Wächter"),
  of("characters for bytes", "characters-py", "event", "Nicht für dich"),
  of("no flush", "no-flush-py", "silence", "main.py:9: sys.stdout.buffer.write("),
  of("no flush", "no-flush-text-py", "silence", "main.py:8: print("),
  of("no flush", "no-flush-js", "silence", "main.mjs:3: process.stdout.cork();"),
  of("Windows line ends", "crlf-js", "start", '"#!/usr/bin/env node\\r"'),
  of("Windows line ends", "crlf-sh", "start", '"cd \\"$(dirname \\"$0\\")\\"\\r"'),
  of("Windows line ends", "crlf-body-py", "start", '"{\\r\\n  \\"jsonrpc\\"'),
  of("missing interpreter", "interpreter-js", "start", '"command": "node-of-tomorrow"'),
  of("missing interpreter", "interpreter-py", "start", '"#!/opt/python9/bin/python9"'),
  of("missing interpreter", "interpreter-env-py", "start", '"#!/usr/bin/env python9"'),
  of("TypeScript on Node 20", "ts-on-node", "start", '"main.ts"'),
  of("TypeScript on Node 20", "mts-on-node", "start", '"main.mts"'),
  of("missing module", "module-js", "start", 'main.mjs:1: import { defineHook, serve } from "@synaps/sdk-'),
  of("missing module", "module-py", "start", "main.py:1: import synaps_sdk"),
];

/** Kinds that were added when all messages were written, to see if the messages pass unchanged. */
export const ADDED: readonly Mistake[] = [
  of("wrong id", "wrong-id-js", "silence", '\\"id\\":101'),
  of("wrong id", "wrong-id-py", "silence", '\\"id\\": \\"answer\\"'),
  of("bare result", "bare-result-js", "silence", '"{\\"protocol_version\\":1'),
  of("bare result", "bare-result-py", "silence", '"{\\"protocol_version\\": 1'),
];
