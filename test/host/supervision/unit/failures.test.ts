import { expect, it } from "vitest";
import { HostError } from "../../../../packages/host/src/errors.js";
import {
  extensionNotFound,
  extensionStopped,
  hostStopped,
  quarantined,
  startFailure,
} from "../../../../packages/host/src/supervision/failures.js";

const parts = ({ code, message, hint, data, cause }: HostError): unknown => ({
  code,
  message,
  hint,
  data,
  cause,
});

it("an extension that is not there is told with those that are", () => {
  const expected = (hint: string): unknown => ({
    code: "EXTENSION_NOT_FOUND",
    message: "There is no extension 'x' with a process",
    hint,
    data: {},
    cause: undefined,
  });
  expect(parts(extensionNotFound("x", [{ id: "a" }, { id: "b" }]))).toEqual(expected("Known: a, b."));
  expect(parts(extensionNotFound("x", []))).toEqual(expected("Known: none."));
});

it("a quarantine is told with its reason and the way out", () => {
  const expected = (reason: string): unknown => ({
    code: "EXTENSION_QUARANTINED",
    message: `Extension 'x' is quarantined because it crashed too often: ${reason}`,
    hint: "It is tried again after a while, or now with: synaps-ext resume x",
    data: { extension: "x" },
    cause: undefined,
  });
  expect(parts(quarantined({ id: "x", reason: "it fell" }))).toEqual(expected("it fell"));
  expect(parts(quarantined({ id: "x", reason: undefined }))).toEqual(expected("no reason is known"));
});

it("a stop of the host or of the extension is told with what to do then", () => {
  expect(parts(hostStopped())).toEqual({
    code: "HOST_STOPPED",
    message: "The host was stopped",
    hint: "Create a new host.",
    data: {},
    cause: undefined,
  });
  expect(parts(extensionStopped("x"))).toEqual({
    code: "EXTENSION_STOPPED",
    message: "Extension 'x' was stopped before its start had ended",
    hint: "Start it with: synaps-ext reload x",
    data: { extension: "x" },
    cause: undefined,
  });
});

it("a failed start keeps its own error, and anything else becomes one", () => {
  const own = new HostError("HANDSHAKE_NOISE", "noise");
  expect(startFailure("x", own)).toBe(own);
  const cause = new Error("no idea");
  expect(parts(startFailure("x", cause))).toEqual({
    code: "SPAWN_FAILED",
    message: "Extension 'x' could not be started: no idea",
    hint: "Check the command and the arguments in its manifest.",
    data: { extension: "x" },
    cause,
  });
});
