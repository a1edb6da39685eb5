import { expect, it } from "vitest";
import type { HostOptions } from "@synaps/host";
import {
  call,
  inState,
  statusOf,
  told,
  variant,
  votes,
  type VariantOptions,
} from "../../../e2e/host/support/fixture.js";
import { startedHost } from "../../../helpers/hosts.js";
import { tempDir } from "../../../helpers/temp.js";
import { verifies } from "../../../requirements/verifies.js";

/** Starts one fixture that must not come up, and returns what the host says about it. */
async function refused(fixture: string, options: VariantOptions = {}, hostOptions: HostOptions = {}) {
  const folder = tempDir();
  variant(folder, fixture, options);
  const { host, log } = await startedHost([folder], hostOptions);
  const status = statusOf(host, fixture);
  expect(status.state).toBe("failed");
  expect(status.process?.pid).toBeUndefined();
  expect(votes(await host.emit(call()))).toEqual([`${fixture}: abstained failed`]);
  const [diagnostic] = status.diagnostics;
  expect(status.diagnostics).toHaveLength(1);
  expect(diagnostic?.hint, "every failure says what to do").toBeTruthy();
  return { host, log, diagnostic };
}

it(
  verifies("PROC-005") + "initialize comes before the first event, also for events raised while it starts",
  async () => {
    const folder = tempDir();
    variant(folder, "tells-itself");
    const { host } = await startedHost([folder], { limits: { startMs: 0 } });
    const early = host.emit(call({ n: 1 }));
    await inState(host, "tells-itself", "running");
    await early;
    const { methods } = told(await host.emit(call({ n: 2 })));
    expect(methods).toEqual(["initialize", "hook.handle before_tool_call", "hook.handle before_tool_call"]);
  },
);

it(verifies("PROC-006") + "an answer with another version than the manifest's is refused", async () => {
  const { diagnostic } = await refused("wrong-version");
  expect(diagnostic).toMatchObject({
    code: "HANDSHAKE_VERSION",
    message:
      "Extension 'wrong-version' failed its handshake: unsupported protocol_version 99 (the manifest says 1)",
  });
  await refused("wrong-version", { args: ['"1"'] });
  // An object in the version's place has no text that is safe to ask it for.
  const { diagnostic: odd } = await refused("wrong-version", { args: ['{"toString":1,"valueOf":1}'] });
  expect(odd).toMatchObject({
    code: "HANDSHAKE_VERSION",
    message: expect.stringContaining('unsupported protocol_version {"toString":1,"valueOf":1}') as unknown,
  });
  await refused("wrong-version", { args: ["2"] });
  await refused("wrong-version", { args: ["1"], extension: { protocol_version: 2 } });
});

it(verifies("PROC-025") + "an answer without a version is read as version 1", async () => {
  const folder = tempDir();
  variant(folder, "wrong-version", { args: ["none"] });
  const { host } = await startedHost([folder]);
  expect(statusOf(host, "wrong-version").state).toBe("running");
  await refused("wrong-version", { args: ["none"], extension: { protocol_version: 3 } });
});

it(
  verifies("PROC-026") + "a handshake without a sign of life ends after its time, and the process with it",
  async () => {
    const { diagnostic } = await refused("handshake-hangs", {}, { limits: { handshakeMs: 300 } });
    expect(diagnostic).toMatchObject({ code: "HANDSHAKE_TIMEOUT" });
    expect(diagnostic?.message).toContain("initialize was not answered within 300 ms");
  },
);

it(verifies("PROC-027") + "signs of life prolong a handshake, but not for ever", async () => {
  const folder = tempDir();
  variant(folder, "handshake-hangs", { args: ["lively", "120"] });
  const { host } = await startedHost([folder], { limits: { handshakeMs: 4_000 } });
  expect(statusOf(host, "handshake-hangs").state).toBe("running");
  const limits = { handshakeMs: 5_000, handshakeTotalMs: 600 };
  const { diagnostic } = await refused("handshake-hangs", { args: ["loading"] }, { limits });
  expect(diagnostic?.message).toContain("within 600 ms");
});

it(
  verifies("PROC-028") + "a process that ends before its handshake is reported with its last words",
  async () => {
    const { diagnostic } = await refused("exits-on-start");
    expect(diagnostic).toMatchObject({
      code: "SPAWN_EXITED_EARLY",
      message:
        "Extension 'exits-on-start' ended before its handshake: the process exited with code 3 while starting; " +
        "last on stderr: first line | cannot find my model",
    });
    const { diagnostic: silent } = await refused("exits-on-start", { args: ["silent"] });
    expect(silent?.message).toContain("it wrote nothing to stderr");
  },
);

it(verifies("PROC-029") + "control characters of stderr reach neither the report nor the log", async () => {
  const { diagnostic, log } = await refused("exits-on-start", { args: ["colours"] });
  expect(diagnostic?.message).toContain("last on stderr: [2J[31mcannot find my model");
  // oxlint-disable-next-line no-control-regex
  expect(JSON.stringify([diagnostic, log.map(({ message }) => message)])).not.toMatch(/\\u00[0189]/);
});

it(verifies("PROC-030") + "an error as the answer to initialize is a refusal with its message", async () => {
  const { diagnostic } = await refused("rpc-error", { args: ["initialize"] });
  expect(diagnostic).toMatchObject({ code: "HANDSHAKE_REFUSED" });
  expect(diagnostic?.message).toContain("it answered initialize with error -32000: no licence key");
});

it.each(["null", "[]", '"ready"', "1", "true"])(
  verifies("PROC-031") + "%s as the answer to initialize is refused",
  async (result) => {
    const { diagnostic } = await refused("non-object-results", { args: ["initialize", result] });
    expect(diagnostic).toMatchObject({ code: "HANDSHAKE_MALFORMED" });
    expect(diagnostic?.message).toContain("the answer to initialize is not an object");
  },
);

it(verifies("PROC-032") + "unknown fields in the answer to initialize are ignored", async () => {
  const folder = tempDir();
  variant(folder, "unknown-initialize-fields");
  const { host } = await startedHost([folder]);
  expect(statusOf(host, "unknown-initialize-fields").state).toBe("running");
  expect(votes(await host.emit(call()))).toEqual(["unknown-initialize-fields: continue"]);
});

it(verifies("PROC-033") + "an extension that hangs in its handshake holds up no other", async () => {
  const folder = tempDir();
  variant(folder, "handshake-hangs");
  variant(folder, "echoes-votes");
  const { host } = await startedHost([folder], { limits: { startMs: 100, handshakeMs: 60_000 } });
  await inState(host, "echoes-votes", "running");
  expect(statusOf(host, "handshake-hangs").state).toBe("starting");
});
