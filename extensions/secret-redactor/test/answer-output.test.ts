import { describe, expect, test } from "vitest";
import { answerOutput } from "../src/answer-output.js";
import { createRedactor, RULES } from "@synaps/guards/secrets";
import { TOKENS } from "./support/fake-secrets.js";
import { seeded } from "./support/random.js";

const redactor = createRedactor({ rules: RULES, entropy: 2.8, isAllowed: () => false });
const secret = TOKENS["github"]?.(seeded("answer")) ?? "";
const withhold = { truncated: "withhold" } as const;
const pass = { truncated: "pass" } as const;
const meta = { event_id: "e", sent_at: 0, deadline_ms: 5000, attempt: 1 };
const answer = (tool_output: string, settings: typeof withhold | typeof pass = withhold) =>
  answerOutput({ tool_output }, redactor, settings);

describe("output that was seen whole", () => {
  test("passes when it holds no secret", () => {
    expect(answer("all good\n")).toEqual({ action: "continue" });
  });

  test("is replaced when it holds one", () => {
    expect(answer(`token ${secret}\n`)).toEqual({
      action: "replace",
      output: "token [redacted:github-token#1]\n",
    });
  });

  test.each([
    ["in the middle", "see …[truncated, 900000 total bytes] in the docs\n"],
    ["at the end, with a size that is no larger", "a long enough line …[truncated, 5 total bytes]"],
  ])("is not taken for cut when it quotes a marker %s", (_, text) => {
    expect(answer(text)).toEqual({ action: "continue" });
  });

  test("is not taken for cut when the host says that it is whole", () => {
    const tool_output = "x…[truncated, 900000 total bytes]";
    expect(answerOutput({ tool_output, meta: { ...meta, truncated: false } }, redactor, withhold)).toEqual({
      action: "continue",
    });
  });
});

describe("output that was cut", () => {
  const cut = "first\nsecond\nthi…[truncated, 300000 total bytes]";
  const note = (bytes: number) =>
    `[secret-redactor: the last ${bytes} of 300000 bytes were withheld because they could not be checked for secrets. ` +
    "Ask for a smaller part of this output, or set `truncated = pass` in the configuration of secret-redactor.]";

  test("keeps its whole lines and says what is missing", () => {
    expect(answer(cut)).toEqual({ action: "replace", output: `first\nsecond\n${note(299987)}` });
  });

  test("is recognised by meta alone", () => {
    const event = { tool_output: "first\nsec", meta: { ...meta, truncated: true, total_bytes: 300000 } };
    expect(answerOutput(event, redactor, withhold)).toEqual({
      action: "replace",
      output: `first\n${note(299994)}`,
    });
  });

  test("passes on request", () => {
    expect(answer(cut, pass)).toEqual({ action: "continue" });
  });

  test("is replaced in spite of the request when a secret was seen", () => {
    expect(answer(`${secret}\n${cut}`, pass)).toEqual({
      action: "replace",
      output: `[redacted:github-token#1]\nfirst\nsecond\n${note(299987 - secret.length - 1)}`,
    });
  });

  test("loses at most 16 KiB of a line without end", () => {
    const verdict = answer(`${"a ".repeat(131072)}…[truncated, 300000 total bytes]`);
    expect(verdict.action === "replace" && verdict.output.indexOf("\n[secret-redactor:")).toBe(
      262144 - 16384,
    );
  });

  test.each([1, 5, 12, 30, 39])("does not show the first %i characters of a secret at the edge", (length) => {
    const verdict = answer(`line\nTOKEN=${secret.slice(0, length)}…[truncated, 300000 total bytes]`);
    expect(verdict).toEqual({ action: "replace", output: `line\n${note(299995)}` });
  });
});
