import { isAbsolute, relative } from "node:path";
import type { Diagnostic } from "@synaps/host";
import type { Output } from "./io.js";
import { plain } from "./text.js";

/** A finding about an extension: the host's, or one that only the command looks for. */
export type Finding = Omit<Diagnostic, "code"> & { code: string };

/** `file:pointer  error  message`, then what to do. */
export function findingText(finding: Finding, out: Output): string {
  const { severity, file, pointer, message, hint, extension } = finding;
  const place = `${file === undefined ? extension : shortPath(file)}${pointer === "" ? "" : `:${pointer}`}`;
  const word = severity === "error" ? out.paint("red", "error") : out.paint("yellow", "warn");
  const first = `${plain(place)}  ${word}  ${plain(message)}\n`;
  return hint === undefined ? first : `${first}  ${out.paint("cyan", "hint:")} ${plain(hint)}\n`;
}

/** A finding with the keys of our JSON documents. */
export function findingJson({
  severity,
  code,
  file,
  pointer,
  message,
  hint,
}: Finding): Record<string, unknown> {
  return { severity, code, file: file ?? null, pointer, message, hint: hint ?? null };
}

/** Relative inside the working folder, where that is shorter and can be clicked. */
export function shortPath(path: string): string {
  const short = relative(process.cwd(), path);
  return short === "" || short.startsWith("..") || isAbsolute(short) ? path : short;
}
