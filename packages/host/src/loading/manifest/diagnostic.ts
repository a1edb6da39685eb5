import { messageOf, type HostError, type HostErrorCode } from "../../errors.js";

/** A problem with one extension: where, what, why and what to do. */
export interface Diagnostic {
  severity: "error" | "warning";
  code: HostErrorCode;
  extension: string;
  /** The manifest or folder concerned. */
  file: string | undefined;
  /** JSON pointer into that file; empty for all of it. */
  pointer: string;
  message: string;
  hint: string | undefined;
}

/** What somebody who knows the extension says about it. */
export type DiagnosticNote = Pick<Diagnostic, "code" | "message" | "hint">;

export function errorDiagnostic(extension: string, file: string | undefined, error: HostError): Diagnostic {
  const pointer = typeof error.data["pointer"] === "string" ? error.data["pointer"] : "";
  const { code, hint } = error;
  return { severity: "error", code, extension, file, pointer, message: messageOf(error), hint };
}
