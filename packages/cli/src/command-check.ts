import { accessSync, constants, existsSync, statSync } from "node:fs";
import { delimiter, isAbsolute, join } from "node:path";
import { resolveCommand, resolveSidecar, type Candidate } from "@synaps/host/tooling";
import type { ExtensionSection, Manifest } from "@synaps/sdk/manifest";
import type { Finding } from "./diagnostics.js";

const LOOKS_LIKE_A_FILE = /^[^-].*\.(?:[cm]?[jt]s|py|rb|pl|sh|lua|php|jar|wasm)$/;

/** Whether what the manifest wants to start is there. Starts nothing. */
export function commandFindings(
  { id, root, manifestPath }: Candidate,
  { command, args, setup }: ExtensionSection,
  env: Readonly<Record<string, string | undefined>>,
): Finding[] {
  const finding = (
    severity: Finding["severity"],
    code: string,
    pointer: string,
    message: string,
    hint: string,
  ): Finding => ({
    severity,
    code,
    extension: id,
    file: manifestPath,
    pointer,
    message,
    hint,
  });
  const at = "/extension/command";
  const program = resolveCommand(command, root);
  const findings: Finding[] = [];
  if (isAbsolute(program)) {
    if (!isFile(program)) {
      const hint =
        setup == null
          ? "Build it, or correct 'command'."
          : `Run the extension's setup script '${setup}' first.`;
      findings.push(
        finding("error", "SPAWN_COMMAND_NOT_FOUND", at, `the program '${program}' does not exist`, hint),
      );
    } else if (!isExecutable(program)) {
      const hint = `Run: chmod +x ${program}`;
      findings.push(finding("error", "SPAWN_NOT_EXECUTABLE", at, `'${program}' may not be executed`, hint));
    }
  } else if (!onPath(program, env)) {
    const message = `the program '${program}' is not on PATH here`;
    findings.push(
      finding("warning", "SPAWN_COMMAND_NOT_FOUND", at, message, `Users need '${program}' installed.`),
    );
  }
  args.forEach((arg, index) => {
    if (!LOOKS_LIKE_A_FILE.test(arg) || existsSync(isAbsolute(arg) ? arg : join(root, arg))) return;
    const message = `the argument '${arg}' looks like a file of the extension, and there is none`;
    findings.push(
      finding(
        "warning",
        "ARGUMENT_NOT_FOUND",
        `/extension/args/${index}`,
        message,
        "Build the extension first.",
      ),
    );
  });
  return findings;
}

/** Tells whether the sidecar is a file. An extension without its sidecar still has its hooks. */
export function sidecarFindings(
  { id, root, manifestPath: file }: Candidate,
  { provides, extension }: Manifest,
): Finding[] {
  const sidecar = provides?.sidecar;
  if (!sidecar) return [];
  const path = resolveSidecar(sidecar.command, root);
  if (isFile(path)) return [];
  const hint =
    sidecar.setup == null
      ? "Build it, or name a file of the extension's folder: a sidecar is not looked for on PATH."
      : `Run its setup script '${sidecar.setup}' first.`;
  return [
    {
      severity: extension == null ? "error" : "warning",
      code: "SPAWN_COMMAND_NOT_FOUND",
      extension: id,
      file,
      pointer: "/provides/sidecar/command",
      message: `the sidecar '${path}' is not a file`,
      hint,
    },
  ];
}

function onPath(program: string, env: Readonly<Record<string, string | undefined>>): boolean {
  const suffixes = process.platform === "win32" ? (env["PATHEXT"] ?? ".EXE;.CMD").split(";") : [""];
  const folders = (env["PATH"] ?? "").split(delimiter).filter((folder) => folder !== "");
  return folders.some((folder) =>
    suffixes.some((suffix) => {
      const path = join(folder, program + suffix);
      // Folders of PATH that this user may not enter are passed over, as the system does.
      return isExecutable(path) && isFile(path);
    }),
  );
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
