import { describe, expect, it } from "vitest";
import { verifies } from "../../requirements/verifies.js";
import { cleanPlace, followPage, type Ran } from "./page.js";

/** The page installs the packages and starts many hosts: a busy machine takes its time. */
const PATIENCE_MS = 400_000;

describe("docs/users.md, followed by a new user", { timeout: PATIENCE_MS }, () => {
  let ran: Ran[];

  /** Output of the block that has this command. */
  const after = (command: string): string => {
    const found = ran.filter(({ text }) => text.includes(command));
    expect(found.map(({ line }) => line)).toHaveLength(1);
    return found[0]?.output ?? "";
  };

  it(verifies("DOC-002") + "every command works, in the order of the page", async () => {
    ran = await followPage("docs/users.md", await cleanPlace());
    expect(ran.length).toBeGreaterThan(8);

    expect(after("npm install")).toMatch(
      /^No extensions found in: .*\n(?:.*\n)* {2}synaps-ext install shell-guard$/m,
    );
    expect(after("install shell-guard")).toMatch(/^shell-guard +\S+ +ready /m);
    expect(after("approve shell-guard")).toMatch(
      /^shell-guard +\S+ +pending_consent (?:.*\n)*.*Approved shell-guard/m,
    );
    expect(after("disable shell-guard")).toMatch(/Switched shell-guard off(?:.*\n)*Switched shell-guard on/);
    expect(after("uninstall session-clock")).toContain("Removed session-clock");
    expect(after("approve session-clock")).toMatch(
      /^session-clock +\S+ +pending_consent .*mein Projekt\/demo\/\.synaps/m,
    );
    expect(after("off_rules elevated")).toMatch(/^confirm +kubectl apply \*\* +plugin_config /m);
    expect(after("info shell-guard")).toMatch(/^shell-guard {2}\S+ {2}running$/m);

    expect(after("TRACE=pretty")).toMatch(
      / seq=1 \d+ before_tool_call bash {2}shell-guard\/guard-shell {2}continue {2}/,
    );
    expect(after("config unset")).toMatch(/^mode +log +plugin_config (?:.*\n)*.*"action":"block"/m);

    const outcomes = after("--strict")
      .split("\n")
      .filter((line) => line.startsWith("{"))
      .map((line) => JSON.parse(line) as { outcome: { action: string; reason: string }; confirm?: string });
    expect(outcomes.map(({ outcome }) => outcome.action)).toEqual(["block", "block"]);
    expect(outcomes[1]?.confirm).toContain("custom-confirm");
  });
});
