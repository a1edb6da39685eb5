import { expect, it } from "vitest";
import { call, quickHook, variant, votes } from "../../../e2e/host/support/fixture.js";
import { startedHost } from "../../../helpers/hosts.js";
import { tempDir } from "../../../helpers/temp.js";
import { verifies } from "../../../requirements/verifies.js";

const SLOW = quickHook(900);
const QUICK = { hook: "after_tool_call", timeout_ms: 150 };
const after = { kind: "after_tool_call", tool_name: "bash", tool_output: "" };

/** Two events at once to one that answers neither: what the second one comes to. */
async function second(extension: Record<string, unknown>): Promise<string[]> {
  const folder = tempDir();
  variant(folder, "never-answers", { extension: { hooks: [SLOW, QUICK], ...extension } });
  const { host } = await startedHost([folder]);
  const first = host.emit(call());
  const outcome = await host.emit(after);
  await first;
  return votes(outcome);
}

it.each([1, 2])(
  verifies("PROC-059") +
    "protocol %i has one gate at a time: the second gets its whole deadline after the first",
  async (protocol_version) => {
    expect(await second({ protocol_version })).toEqual(["never-answers: abstained timeout"]);
  },
);

it(verifies("PROC-061") + "protocol 3 has several: a second gate is sent and times out itself", async () => {
  expect(await second({ protocol_version: 3 })).toEqual(["never-answers: abstained timeout"]);
});

it(
  verifies("PROC-059") + "a manifest may raise it: then the second one is sent and times out itself",
  async () => {
    expect(await second({ max_concurrency: 2 })).toEqual(["never-answers: abstained timeout"]);
  },
);

it(verifies("PROC-060") + "the slot is free again at a call's deadline", async () => {
  const folder = tempDir();
  variant(folder, "never-answers", {
    args: ["first"],
    extension: { hooks: [quickHook(250), { ...QUICK, timeout_ms: 5_000 }] },
  });
  const { host } = await startedHost([folder]);
  const first = host.emit(call());
  const outcome = await host.emit(after);
  expect(votes(await first)).toEqual(["never-answers: abstained timeout"]);
  expect(outcome.votes).toMatchObject([{ status: "voted" }]);
});

it(verifies("PROC-061") + "protocol 3 is pipelined", async () => {
  const folder = tempDir();
  variant(folder, "records-v3", {
    args: ["/dev/null"],
    extension: { hooks: [{ hook: "before_tool_call" }] },
  });
  const { host } = await startedHost([folder]);
  const outcomes = await Promise.all(Array.from({ length: 20 }, (_, n) => host.emit(call({ n }))));
  expect(outcomes.flatMap(votes)).toEqual(Array.from({ length: 20 }, () => "records-v3: continue"));
});
