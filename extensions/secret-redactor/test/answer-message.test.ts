import { expect, test } from "vitest";
import { answerMessage } from "../src/answer-message.js";
import { createRedactor, RULES } from "@synaps/guards/secrets";
import { ToldSessions } from "../src/told-sessions.js";
import { CONTEXTUAL, TOKENS } from "./support/fake-secrets.js";
import { seeded } from "./support/random.js";

const redactor = createRedactor({ rules: RULES, entropy: 2.8, isAllowed: () => false });
const random = seeded("message");
const github = TOKENS["github"]?.(random) ?? "";
const password = CONTEXTUAL["password"]?.(random) ?? "";
const answer = (message: string, warnMessages = true) =>
  answerMessage({ message }, redactor, { warnMessages });

test("a message without a secret passes", () => {
  expect(answer("please rotate the token of the CI user")).toEqual({ action: "continue" });
});

test("the warning names the rules and repeats no secret", () => {
  const verdict = answer(`use ${github} and ${github}, password: ${password}`);
  expect(verdict).toMatchInlineSnapshot(`
    {
      "action": "inject",
      "content": "Warning from secret-redactor: the user's last message seems to hold secrets:
    - github-token: GitHub personal, OAuth, app or refresh token (begins with \`ghp_…\`)
    - assigned-secret: Value assigned to a name such as password, secret, token or api_key
    It has already left the user's keyboard and is part of this conversation. Tell the user so, advise to revoke and
    replace it, and to pass secrets by file or environment variable. Do not repeat the value, not even in part.",
    }
  `);
  const content = verdict.action === "inject" ? verdict.content : "";
  for (let at = 4; at + 4 <= github.length; at += 1) expect(content).not.toContain(github.slice(at, at + 4));
  expect(content).not.toContain(password.slice(0, 4));
});

test("warnings can be switched off", () => {
  expect(answer(github, false)).toEqual({ action: "continue" });
});

test("mistakes in the configuration are told, also where warnings are off", () => {
  const verdict = answerMessage({ message: "hi" }, redactor, { warnMessages: false }, [
    "config key 'x' is wrong",
  ]);
  expect(verdict).toMatchObject({ action: "inject" });
  expect(verdict.action === "inject" && verdict.content).toContain("- config key 'x' is wrong");
});

test("each session is told once", () => {
  const told = new ToldSessions();
  expect([
    told.isFirst("a"),
    told.isFirst("a"),
    told.isFirst("b"),
    told.isFirst(null),
    told.isFirst(null),
  ]).toEqual([true, false, true, true, false]);
});
