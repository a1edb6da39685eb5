import { expect, test } from "vitest";
import { runDemo } from "../../helpers/demo.js";

/** What the demo of an extension shows. */
const DEMOS = [
  [
    "ip-allowlist",
    /"outcome":\{"action":"block","reason":"the address 10\.0\.0\.9 is not on the allow-list"/,
  ],
  ["notifier", /^\[notifier\] 1 messages were not delivered: gateway\.security_event$/m],
  [
    "rate-limiter",
    /(?:"outcome":\{"action":"continue"\}.*){2}"action":"block","reason":"[^"]* Try again in 10 s"/s,
  ],
  [
    "claude-hooks",
    /wait for approval: 1 did not run.*is approved: 1 hooks may run.*"outcome":\{"action":"block","reason":"not here"/s,
  ],
  [
    "file-guard",
    /"action":"continue".*"action":"block","reason":"[^"]*file-guard asks.*"action":"block","reason":"Blocked by file-guard/s,
  ],
  ["login-auditor", /(?:messaging\.auth success=false user="ada".*){3}/s],
] as const;

test.each(DEMOS)("the demo of %s works as it stands", async (name, shows) => {
  expect(await runDemo(name)).toMatch(shows);
});
