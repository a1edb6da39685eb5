import { HostError, messageOf } from "../errors.js";
import type { DiagnosticNote } from "../loading/manifest/diagnostic.js";
import type { Program } from "../transport/process/program-file.js";
import { lineInScript } from "../transport/process/script.js";

export function extensionNotFound(id: string, known: readonly { id: string }[]): HostError {
  const hint = `Known: ${known.map((one) => one.id).join(", ") || "none"}.`;
  return new HostError("EXTENSION_NOT_FOUND", `There is no extension '${id}' with a process`, { hint });
}

export function quarantined({ id, reason }: { id: string; reason: string | undefined }): HostError {
  const message = `Extension '${id}' is quarantined because it crashed too often: ${reason ?? "no reason is known"}`;
  return new HostError("EXTENSION_QUARANTINED", message, {
    hint: `It is tried again after a while, or now with: synaps-ext resume ${id}`,
    data: { extension: id },
  });
}

/** The user switched the extension off. */
export function disabled(id: string): {
  extension: string;
  code: "EXTENSION_DISABLED";
  reason: string;
  hint: string;
} {
  const reason = `Extension '${id}' is switched off by the user: nothing asks it`;
  return {
    extension: id,
    code: "EXTENSION_DISABLED",
    reason,
    hint: `Switch it on with: synaps-ext enable ${id}`,
  };
}

export function hostStopped(): HostError {
  return new HostError("HOST_STOPPED", "The host was stopped", { hint: "Create a new host." });
}

/** The extension was unloaded or replaced while somebody waited for its start. */
export function extensionStopped(id: string): HostError {
  return new HostError("EXTENSION_STOPPED", `Extension '${id}' was stopped before its start had ended`, {
    hint: `Start it with: synaps-ext reload ${id}`,
    data: { extension: id },
  });
}

/** Every failed start has a code and a hint, also one that fails in a way that nobody foresaw. */
export function startFailure(id: string, error: unknown): HostError {
  if (error instanceof HostError) return error;
  return new HostError("SPAWN_FAILED", `Extension '${id}' could not be started: ${messageOf(error)}`, {
    hint: "Check the command and the arguments in its manifest.",
    cause: error,
    data: { extension: id },
  });
}

/** Notes that a process had to be ended by a signal, although it was asked first. */
export function shutdownIgnored(id: string, step: "sigterm" | "sigkill", program: Program): DiagnosticNote {
  const signal = step === "sigterm" ? "SIGTERM" : "SIGKILL, because it ignored SIGTERM too";
  const evidence = lineInScript(program, /\bshutdown\b/);
  return {
    code: "SHUTDOWN_IGNORED",
    message: `Extension '${id}' ended neither at shutdown nor at the end of its input: the host ended it with ${signal}`,
    hint: "Answer the request shutdown with null and end the process then; end it also when standard input ends.",
    ...(evidence === undefined ? {} : { evidence }),
  };
}
