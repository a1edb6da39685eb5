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
  /** The literal key, the bytes or the `file:line` at which the mistake shows, where it is known. */
  evidence?: string;
}

/** A note about an extension from a part of the host that knows the extension already. */
export type DiagnosticNote = Pick<Diagnostic, "code" | "message" | "hint" | "evidence">;

export function errorDiagnostic(extension: string, file: string | undefined, error: HostError): Diagnostic {
  const pointer = typeof error.data["pointer"] === "string" ? error.data["pointer"] : "";
  const { code, hint } = error;
  const evidence = evidenceOf(error);
  return { severity: "error", code, extension, file, pointer, message: messageOf(error), hint, ...evidence };
}

/** The evidence that an error carries, as a member of a diagnostic or of a line of the log. */
export function evidenceOf({ data }: HostError): { evidence?: string } {
  return typeof data["evidence"] === "string" ? { evidence: data["evidence"] } : {};
}
