import { messageOf, type HostError, type HostErrorCode } from "../../errors.js";

/** A problem with one extension: its place, its reason and its remedy. */
export interface Diagnostic {
  severity: "error" | "warning";
  code: HostErrorCode;
  extension: string;
  /** The manifest or folder concerned. */
  file: string | undefined;
  /** JSON pointer into `file`; empty for the whole file. */
  pointer: string;
  message: string;
  hint: string | undefined;
}

/** A note about an extension from a part of the host that knows the extension already. */
export type DiagnosticNote = Pick<Diagnostic, "code" | "message" | "hint">;

export function errorDiagnostic(extension: string, file: string | undefined, error: HostError): Diagnostic {
  const pointer = typeof error.data["pointer"] === "string" ? error.data["pointer"] : "";
  const { code, hint } = error;
  return { severity: "error", code, extension, file, pointer, message: messageOf(error), hint };
}
