import { existsSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import { repo } from "../../../helpers/paths.js";
import { runExample, type Finished } from "../../agent-loop/run.js";

const main = repo("examples/gateway/dist/main.js");

describe("the whole run", () => {
  let run: Finished;
  beforeAll(async () => {
    run = await runExample({ main });
  });

  it("ends well and leaves neither a process nor a file", () => {
    expect(run).toMatchObject({ code: 0, stderr: "", left: [] });
    expect(run.scratch).not.toBe("");
    expect(existsSync(run.scratch)).toBe(false);
  });

  it("says that the model is scripted", () => {
    expect(run.stdout).toContain("The model is scripted");
  });

  it("shows all twelve kinds, none at 0, and both witnesses have seen each as often as it fired", () => {
    const rows = run.stdout.matchAll(/^gateway\.(\w+) +(\d+) +(\d+|absent) +(\d+) /gm);
    const counts = [...rows].map(([, kind, ...numbers]) => [
      kind,
      ...numbers.filter((one) => one !== "absent"),
    ]);
    expect(counts).toHaveLength(12);
    for (const [kind, ...numbers] of counts) {
      expect(numbers[0], kind).not.toBe("0");
      expect(new Set(numbers), kind).toHaveProperty("size", 1);
    }
  });

  it("compares metrics and audit with what the clients did, line by line", () => {
    expect(run.stdout).toMatch(/^metrics +\d+ lines, 0 of them other than what the clients did$/m);
    expect(run.stdout).toMatch(/^audit +\d{3} lines, 0 of them other than what the clients did$/m);
  });

  it.each([
    ["the start", "not without TLS; nobody listens"],
    ["a connection", "not today"],
    ["the right token", "not today"],
    ["a second try", "not today"],
    ["a tool", "scripted-1: error: read_clock was not run: not today"],
    ["the output of a tool", "not today"],
    ["the model", "not today"],
    ["what the gateway only warns of", "not today"],
  ])("obeys a hook that refuses %s", (place, got) => {
    expect(gotOf(run, `a hook +refuses ${place}`)).toBe(got);
  });

  it.each([
    ["names the address that the world sees", /^wss:\/\/gateway\.example$/],
    ["says whom a proxy stands for", /^failures of one address: 1, 2$/],
    ["adds a role to a login", /"role":"guest"/],
    ["locks out at the first failure", /^login_failed: too many failed logins: locked out/],
    ["gives a tool a time zone", /^scripted-1: \S+ in Asia\/Tokyo$/],
    ["calls an output an error", /^scripted-1: error: /],
    ["names another model", /^scripted-2: hello$/],
    ["blocks instead of warning", /^prompt_injection: asks to ignore earlier instructions$/],
  ])("goes by what a hook changes: %s", (place, got) => {
    expect(gotOf(run, `a hook +${place}`)).toMatch(got);
  });

  it.each([
    ["ip-allowlist", "refuses an address", "the address 127.0.0.8 is not on the allow-list"],
    ["notifier", "reports the address", "gateway.auth_failure, severity high"],
    ["rate-limiter", "refuses call 4 of the model", expect.stringContaining("rate limit")],
    ["login-auditor", "has written down", "4 logins"],
  ])("has what people install: %s", (name, did, got) => {
    expect(gotOf(run, `${name} +${did}[^\\n]*?`)).toEqual(got);
  });

  it("answers others while a flood of logins runs", () => {
    const during = Number(/(\d+) answered before the flood was over/.exec(run.stdout)?.[1]);
    expect(during).toBeGreaterThan(0);
  });

  it("ends what a client waits for before it stops, and takes no new one", () => {
    expect(gotOf(run, "\\S+ +asks while the gateway stops")).toBe("scripted-1: wait, then the end (1001)");
    expect(gotOf(run, "\\S+ +connects while the gateway stops")).toBe("turned away");
  });
});

it("ends in order on Ctrl-C in the middle", async () => {
  const run = await runExample({ main, interruptAt: "good morning" });
  expect(run).toMatchObject({ code: 130, stderr: "", left: [] });
  expect(run.stdout).toContain("Interrupted.");
  expect(existsSync(run.scratch)).toBe(false);
});

it("has help, and refuses what it does not know", async () => {
  expect(await runExample({ main, args: ["--help"] })).toMatchObject({ code: 0, stderr: "" });
  const { code, stderr } = await runExample({ main, args: ["--fast"] });
  expect([code, stderr]).toEqual([2, expect.stringContaining("Usage: ")]);
});

function gotOf({ stdout }: Finished, place: string): string | undefined {
  return new RegExp(`^  ${place} {2,}(.*)$`, "m").exec(stdout)?.[1];
}
