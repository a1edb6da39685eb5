import { describe, expect, test } from "vitest";
import { createRedactor } from "../../../packages/guards/src/secrets/redact.js";
import { RULES } from "../../../packages/guards/src/secrets/rules/index.js";
import { CONTEXTUAL, TOKENS } from "../../../extensions/secret-redactor/test/support/fake-secrets.js";
import { seeded } from "../../../extensions/secret-redactor/test/support/random.js";

const settings = { rules: RULES, entropy: 2.8, isAllowed: () => false };
const { redact } = createRedactor(settings);
const random = seeded("redact");
const make = (kind: string) => (TOKENS[kind] ?? CONTEXTUAL[kind])?.(random) ?? "";

describe("tags", () => {
  test("the same secret has the same number, another one the next", () => {
    const [a, b] = [make("github"), make("github")];
    expect(redact(`${a}\n${b}\n${a}\n`).text).toBe(
      "[redacted:github-token#1]\n[redacted:github-token#2]\n[redacted:github-token#1]\n",
    );
  });

  test("numbers of an earlier pass are not given away again", () => {
    expect(redact(`[redacted:github-token#4] ${make("github")}`).text).toBe(
      "[redacted:github-token#4] [redacted:github-token#5]",
    );
  });

  test("a secret found beside its name is also replaced where the name is missing", () => {
    const secret = make("long_password");
    expect(redact(`DB_PASSWORD=${secret}\nconnecting with ${secret}...\n`).text).toBe(
      "DB_PASSWORD=[redacted:assigned-secret#1]\nconnecting with [redacted:assigned-secret#1]...\n",
    );
  });

  test("text that looks like a tag does not protect what surrounds it", () => {
    const secret = make("stripe");
    expect(redact(`[redacted:x#1]${secret}[redacted:x#1]`).text).not.toContain(secret);
  });
});

describe("structure", () => {
  test("line breaks inside a key are kept", () => {
    const text = `a\n${make("pem_rsa")}\nb`;
    const out = redact(text).text;
    expect(out.split("\n")).toHaveLength(text.split("\n").length);
    expect(out.trimEnd().startsWith("a\n[redacted:private-key#1]\n")).toBe(true);
    expect(out.endsWith("\nb")).toBe(true);
  });

  test("JSON stays JSON", () => {
    const text = JSON.stringify({ key: make("pem_rsa"), token: make("gitlab"), list: [make("jwt")], n: 1 });
    expect(JSON.parse(redact(text).text)).toEqual({
      key: "[redacted:private-key#1]",
      token: "[redacted:gitlab-token#1]",
      list: ["[redacted:jwt#1]"],
      n: 1,
    });
  });

  test("a text without secrets comes back as it is", () => {
    const text = "commit 3f2a\n  password: string\n";
    expect(redact(text)).toEqual({ text, redactions: [], complete: true });
  });
});

describe("overlaps", () => {
  test("a list of settings with what each is for is no table", () => {
    const list =
      "  proxy_pass         password for accessing an authenticating proxy\n  pushy_https        use https when possible, otherwise use http\n";
    expect(redact(list).text).toBe(list);
  });

  test("the more specific rule gives the name", () => {
    expect(redact(`api_key=${make("stripe")}`).text).toBe("api_key=[redacted:stripe-key#1]");
    expect(redact(`Authorization: Bearer ${make("jwt")}`).text).toBe(
      "Authorization: Bearer [redacted:jwt#1]",
    );
  });

  test("the result does not depend on the order of the rules' findings", () => {
    const text = `https://ann:${make("github")}@github.com?token=${make("alnum40")}`;
    const ids = (rules: typeof RULES) =>
      createRedactor({ ...settings, rules })
        .redact(text)
        .redactions.map((item) => item.ruleId);
    expect(ids(RULES)).toEqual(["github-token", "assigned-secret"]);
  });

  test("a value that was refused hides no secret inside it", () => {
    const secret = make("alnum40");
    expect(redact(`token_url=https://login.test/?client_secret=${secret}`).text).not.toContain(secret);
  });
});

describe("what stays", () => {
  test.each([
    ["a commit", "3b18e512dba79e4c8300dd08aeb37f8e728b8dad"],
    ["a digest with a name", `sha256:${make("hex64")}`],
    ["a uuid under the name token_id", `token_id: ${make("uuid")}`],
    ["a uuid that names a request", `{"request_id":"${make("uuid")}","next_token":"${make("uuid")}"}`],
    ["stand-ins", "password=changeme secret=${SECRET} api_key=<your-key> token=xxxxxxxxxxxx"],
    [
      "markers in code",
      'if (text.includes("-----BEGIN PRIVATE KEY-----")) return "-----END PRIVATE KEY-----";',
    ],
    ["local defaults", "postgres://postgres:postgres@localhost:5432/app"],
    ["an ARN", "arn:aws:secretsmanager:eu-west-1:123456789012:secret:prod/db-AbCdEf"],
  ])("%s", (_, text) => {
    expect(redact(text).text).toBe(text);
  });
});

describe("Kubernetes secrets", () => {
  const secret = Buffer.from(make("github")).toString("base64");

  test("a value that decodes to a token is replaced", () => {
    expect(redact(`kind: Secret\ndata:\n  a: ${secret}\n`).text).toBe(
      "kind: Secret\ndata:\n  a: [redacted:github-token#1]\n",
    );
  });

  test("base64 of a token is also replaced elsewhere; other base64 is not", () => {
    expect(redact(`payload: ${secret}\n`).text).toBe("payload: [redacted:github-token#1]\n");
    const text = `payload: ${Buffer.from("a sentence of ordinary words, long enough").toString("base64")}\n`;
    expect(redact(text).text).toBe(text);
  });
});
