import { EXIT, EXIT_OF_HOST_ERROR } from "./exit-codes.js";
import type { Io } from "./io.js";
import { systemCode } from "./system-error.js";
import { jsonLine, plain } from "./text.js";

interface CliErrorOptions {
  hint?: string;
  exitCode?: number;
  cause?: unknown;
}

/** A call that came to nothing: how, and a text about it. */
interface ToolFailure {
  status: string;
  content: string;
}

/** An error of the command itself. */
export class CliError extends Error {
  readonly code: string;
  readonly hint: string | undefined;
  readonly exitCode: number;

  constructor(code: string, message: string, { hint, exitCode = EXIT.failed, cause }: CliErrorOptions = {}) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = "CliError";
    this.code = code;
    this.hint = hint;
    this.exitCode = exitCode;
  }
}

/** The wording of all that the command itself has to complain about. */
export const errors = {
  eventsUnreadable: (path: string, error: unknown): CliError =>
    new CliError("EVENTS_NOT_FOUND", `${eventsAt(path)} cannot be read: ${messageOf(error)}`, {
      hint: "Name a file with one JSON event per line, or - for standard input.",
      exitCode: EXIT.notFound,
      cause: error,
    }),
  inputFailed: (error: unknown): CliError =>
    new CliError("INPUT_FAILED", `Reading the events failed: ${messageOf(error)}`, {
      hint: "The events before it were answered; pass the rest once more.",
      cause: error,
    }),
  outputFailed: (error: unknown): CliError =>
    new CliError("OUTPUT_FAILED", `Writing to standard output failed: ${messageOf(error)}`, {
      hint: "Check the place that the output goes to.",
      cause: error,
    }),
  pathNotFound: (path: string): CliError =>
    new CliError("PATH_NOT_FOUND", `There is nothing at '${path}'`, {
      hint: "Name an extension's folder, a folder of extensions, or a plugin.json.",
      exitCode: EXIT.notFound,
    }),
  manifestNotFound: (path: string): CliError =>
    new CliError("MANIFEST_NOT_FOUND", `There is no extension in '${path}'`, {
      hint: "An extension is a folder that holds .synaps-plugin/plugin.json.",
      exitCode: EXIT.notFound,
    }),
  extensionNotFound: (id: string, known: readonly string[], meant: string | undefined): CliError =>
    new CliError("EXTENSION_NOT_FOUND", `No extension of the user or the project is called '${id}'`, {
      hint: knownHint(known, meant),
      exitCode: EXIT.notFound,
    }),
  cannotApprove: (id: string, why: string, hint = "Run: synaps-ext list"): CliError =>
    new CliError("CANNOT_APPROVE", `Extension '${id}' cannot be approved: ${why}`, {
      hint,
    }),
  consentNeeded: (id: string): CliError =>
    new CliError("CONSENT_REQUIRED", `Extension '${id}' was not approved: there is no terminal to ask on`, {
      hint: `Read its code, then run: synaps-ext approve ${id} --yes`,
      exitCode: EXIT.consentNeeded,
    }),
  refused: (id: string): CliError =>
    new CliError("CONSENT_REFUSED", `Extension '${id}' was not approved: you did not say yes`, {
      hint: `It does not run. To be asked again: synaps-ext approve ${id}`,
      exitCode: EXIT.consentNeeded,
    }),
  setupConsentNeeded: (id: string): CliError =>
    new CliError("CONSENT_REQUIRED", `Extension '${id}' was not set up: there is no terminal to ask on`, {
      hint: `Read what it runs, then run: synaps-ext setup ${id} --yes`,
      exitCode: EXIT.consentNeeded,
    }),
  setupRefused: (id: string): CliError =>
    new CliError("CONSENT_REFUSED", `Extension '${id}' was not set up: you did not say yes`, {
      hint: `Nothing was changed. To be asked again: synaps-ext setup ${id}`,
      exitCode: EXIT.consentNeeded,
    }),
  sourceNotFound: (source: string, bundled: readonly string[], meant: string | undefined): CliError =>
    new CliError("SOURCE_NOT_FOUND", `There is no folder '${source}', and no such extension comes along`, {
      hint:
        meant === undefined
          ? `Name an extension's folder, or one that comes along: ${bundled.join(", ")}.`
          : `Did you mean '${meant}'?`,
      exitCode: EXIT.notFound,
    }),
  sourceNoFolder: (source: string): CliError =>
    new CliError("SOURCE_NOT_FOLDER", `'${source}' is not a folder`, {
      hint: "Only folders can be installed: unpack an archive first.",
    }),
  notValid: (source: string): CliError =>
    new CliError("INSTALL_INVALID", `The extension in '${source}' has errors and was not installed`, {
      hint: `Correct them, then see: synaps-ext validate ${source}`,
    }),
  installConsentNeeded: (id: string, again: string): CliError =>
    new CliError("CONSENT_REQUIRED", `Extension '${id}' was not installed: there is no terminal to ask on`, {
      hint: `Read what it may do, then run: ${again} --yes`,
      exitCode: EXIT.consentNeeded,
    }),
  installRefused: (id: string): CliError =>
    new CliError("CONSENT_REFUSED", `Extension '${id}' was not installed: you did not say yes`, {
      hint: "Nothing was changed.",
      exitCode: EXIT.consentNeeded,
    }),
  uninstallConsentNeeded: (id: string, again: string): CliError =>
    new CliError("CONSENT_REQUIRED", `Extension '${id}' was not removed: there is no terminal to ask on`, {
      hint: `Run: ${again} --yes`,
      exitCode: EXIT.consentNeeded,
    }),
  uninstallRefused: (id: string): CliError =>
    new CliError("CONSENT_REFUSED", `Extension '${id}' was not removed: you did not say yes`, {
      hint: "Nothing was changed.",
      exitCode: EXIT.consentNeeded,
    }),
  notTheUsers: (id: string, root: string): CliError =>
    new CliError("NOT_UNINSTALLED", `Extension '${id}' comes with the project: '${root}'`, {
      hint: `To keep it from running: synaps-ext disable ${id}`,
    }),
  requiredNotRunning: (id: string, state: string, why: string | undefined): CliError =>
    new CliError(
      "REQUIRED_NOT_RUNNING",
      `The required extension '${id}' does not run: ${why ?? `it is ${state}`}`,
      { hint: "No event was answered. Run: synaps-ext list" },
    ),
  requiredAbstained: (id: string, reasons: string): CliError =>
    new CliError("REQUIRED_ABSTAINED", `The required extension '${id}' abstained: ${reasons}`, {
      hint: "The votes say from which events.",
    }),
  invalidLines: (lines: number): CliError =>
    new CliError("EVENTS_INVALID", `${lines === 1 ? "A line was" : `${lines} lines were`} no event`, {
      hint: "The output says which, under 'error'.",
    }),
  hostNotFound: (baseDir: string, run: string): CliError =>
    new CliError("HOST_NOT_FOUND", `No host that can be looked at runs on '${baseDir}'`, {
      hint: `Start one with: ${run}`,
      exitCode: EXIT.notFound,
    }),
  pidNotFound: (pid: number, baseDir: string, others: readonly number[], run: string): CliError =>
    new CliError("HOST_NOT_FOUND", `No host with process id ${pid} runs on '${baseDir}'`, {
      hint: others.length > 0 ? `There are: ${others.join(", ")}.` : `Start one with: ${run}`,
      exitCode: EXIT.notFound,
    }),
  hostMute: (pid: number, why: string): CliError =>
    new CliError("CONTROL_UNAVAILABLE", why, {
      hint: `See whether process ${pid} hangs or is suspended.`,
      exitCode: EXIT.notFound,
    }),
  notInHosts: (id: string, known: readonly string[], meant: string | undefined): CliError =>
    new CliError("EXTENSION_NOT_FOUND", `No running host has an extension '${id}'`, {
      hint: knownHint(known, meant),
      exitCode: EXIT.notFound,
    }),
  severalHosts: (id: string, pids: readonly number[]): CliError =>
    new CliError("SEVERAL_HOSTS", `Several hosts have an extension '${id}': ${pids.join(", ")}`, {
      hint: `Say which one is meant: --pid ${pids[0]}`,
      exitCode: EXIT.usage,
    }),
  noProcess: (id: string, state: string): CliError =>
    new CliError("EXTENSION_NOT_STARTED", `The host has not started extension '${id}': it is ${state}`, {
      hint:
        state === "pending_consent"
          ? `Run: synaps-ext approve ${id}; then: synaps-ext reload ${id}`
          : "Run: synaps-ext status",
    }),
  notResumed: (code: string, id: string, why: string, hint: string | undefined): CliError =>
    new CliError(code, `Extension '${id}' failed again: ${why}`, {
      hint: hint ?? `See what it said: synaps-ext logs ${id}`,
      exitCode: EXIT_OF_HOST_ERROR[code] ?? EXIT.failed,
    }),
  notReloaded: (code: string, id: string, why: string, hint: string | undefined): CliError =>
    new CliError(code, `Extension '${id}' was not reloaded: ${why}`, {
      hint: hint ?? `What ran before runs on. See what it said: synaps-ext logs ${id}`,
      exitCode: EXIT_OF_HOST_ERROR[code] ?? EXIT.failed,
    }),
  logsCut: (id: string): CliError =>
    new CliError("LOGS_CUT", "The host ended the connection: the lines were not taken fast enough", {
      hint: `Go on with: synaps-ext logs ${id} --follow`,
    }),
  toolFailed: (tool: string, { status, content }: ToolFailure, exitCode: number): CliError =>
    new CliError(
      `TOOL_${status.toUpperCase()}`,
      status === "blocked" ? `The call of '${tool}' was blocked: ${content}` : `'${tool}': ${content}`,
      {
        exitCode,
        ...(status === "invalid_input" ? { hint: "See its schema: synaps-ext tools --json" } : {}),
      },
    ),
  configKeyNotFound: (id: string, key: string, known: readonly string[]): CliError =>
    new CliError("CONFIG_KEY_NOT_FOUND", `Extension '${id}' has no configuration key '${key}'`, {
      hint: known.length > 0 ? `There are: ${known.join(", ")}.` : "Its manifest names none.",
      exitCode: EXIT.notFound,
    }),
  providerNotFound: (id: string, known: readonly string[], meant: string | undefined): CliError =>
    new CliError("PROVIDER_NOT_FOUND", `No extension that runs offers the provider '${id}'`, {
      hint: known.length > 0 ? knownHint(known, meant) : "A provider is named <extension>:<provider>.",
      exitCode: EXIT.notFound,
    }),
  noMemory: (namespace: string, known: readonly string[], meant: string | undefined): CliError =>
    new CliError("MEMORY_NOT_FOUND", `There are no notes of '${namespace}'`, {
      hint: known.length > 0 ? knownHint(known, meant) : "No extension has stored any.",
      exitCode: EXIT.notFound,
    }),
  noAudit: (folder: string): CliError =>
    new CliError("AUDIT_NOT_FOUND", `There is no audit at '${folder}'`, {
      hint: "Hosts write one with createHost({ audit: true }) or synaps-ext run --audit. Name its folder with --folder.",
      exitCode: EXIT.notFound,
    }),
  agentNotFound: (name: string, known: readonly string[], meant: string | undefined): CliError =>
    new CliError("AGENT_NOT_FOUND", `No agent is called '${name}'`, {
      hint: knownHint(known, meant),
      exitCode: EXIT.notFound,
    }),
  usage: (message: string, hint: string): CliError =>
    new CliError("USAGE", message, { hint, exitCode: EXIT.usage }),
} as const;

function knownHint(known: readonly string[], meant: string | undefined): string {
  if (meant !== undefined) return `Did you mean '${meant}'?`;
  return known.length > 0 ? `There are: ${known.join(", ")}.` : "Run: synaps-ext list";
}

function eventsAt(path: string): string {
  return path === "-" ? "Standard input" : `The events file '${path}'`;
}

/** What is said about any error, and the exit code it ends with. */
interface Presented {
  code: string;
  message: string;
  hint: string | undefined;
  exitCode: number;
}

/** Says what failed, why and what to do, on standard error. Returns the exit code. */
export async function presentError(io: Io, error: unknown): Promise<number> {
  const { code, message, hint, exitCode } = presented(error);
  if (io.json) {
    await io.stderr.write(jsonLine({ error: { code, message, ...(hint === undefined ? {} : { hint }) } }));
  } else {
    const { stderr } = io;
    await stderr.write(`${stderr.paint("red", "error:")} ${plain(message)}\n`);
    if (hint !== undefined) await stderr.write(`${stderr.paint("cyan", "hint:")} ${plain(hint)}\n`);
  }
  if (traced(io) && error instanceof Error) await io.stderr.write(`${error.stack ?? ""}\n`);
  return exitCode;
}

function presented(error: unknown): Presented {
  if (error instanceof CliError) return error;
  const code = systemCode(error) ?? "INTERNAL";
  const message = messageOf(error);
  // By its shape: the host's classes are only loaded by commands that need them.
  if (error instanceof Error && error.name === "HostError") {
    const hint = "hint" in error && typeof error.hint === "string" ? error.hint : undefined;
    return { code, message, hint, exitCode: EXIT_OF_HOST_ERROR[code] ?? EXIT.failed };
  }
  if (code === "ERR_MODULE_NOT_FOUND") {
    return { code, message, hint: "Run npm start or npm run build first.", exitCode: EXIT.failed };
  }
  if (/^E[A-Z0-9]+$/.test(code)) {
    return {
      code,
      message: `The system refused: ${message}`,
      hint: "Check the path and its rights.",
      exitCode: EXIT.failed,
    };
  }
  const hint = "This is a defect of synaps-ext. Set SYNAPS_EXTENSIONS_TRACE=1 to see where.";
  return { code, message: `Something unexpected happened: ${message}`, hint, exitCode: EXIT.failed };
}

function traced({ env }: Io): boolean {
  return ["1", "true", "yes", "on"].includes((env["SYNAPS_EXTENSIONS_TRACE"] ?? "").trim().toLowerCase());
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
