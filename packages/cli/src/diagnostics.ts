import { isAbsolute, relative } from "node:path";
import type { Diagnostic } from "@synaps/host";
import { catalogHint } from "./catalogs.js";
import type { Output } from "./io.js";
import { plain } from "./text.js";

/** A finding about an extension: the host's, or one that only the command looks for. */
export type Finding = Omit<Diagnostic, "code"> & { code: string };

/** `file:pointer  error  message`, then what shows the mistake and what to do. */
export function findingText(finding: Finding, out: Output): string {
  const { severity, file, pointer, message, evidence, extension } = finding;
  const hint = hintOf(finding);
  const place = `${file === undefined ? extension : shortPath(file)}${pointer === "" ? "" : `:${pointer}`}`;
  const word = severity === "error" ? out.paint("red", "error") : out.paint("yellow", "warn");
  const first = `${plain(place)}  ${word}  ${plain(message)}\n`;
  const found = evidenceLine(message, evidence, out);
  return `${first}${found}${hint === undefined ? "" : `  ${out.paint("cyan", "hint:")} ${plain(hint)}\n`}`;
}

/** The evidence of the mistake, unless the message shows it already. */
export function evidenceLine(message: string, evidence: string | undefined, out: Output): string {
  if (evidence === undefined || message.includes(evidence)) return "";
  return `  ${out.paint("cyan", "found:")} ${plain(evidence)}\n`;
}

/** The finding's own advice, or the command's where a catalog would help. */
function hintOf({ message, hint }: Finding): string | undefined {
  return catalogHint(message, hint) ?? hint;
}

/** A finding with the keys of our JSON documents. */
export function findingJson(finding: Finding): Record<string, unknown> {
  const { severity, code, file, pointer, message, evidence } = finding;
  const keys = { severity, code, file: file ?? null, pointer, message, hint: hintOf(finding) ?? null };
  return { ...keys, evidence: evidence ?? null };
}

/** Relative inside the working folder, where that is shorter and can be clicked. */
export function shortPath(path: string): string {
  const short = relative(process.cwd(), path);
  return short === "" || short.startsWith("..") || isAbsolute(short) ? path : short;
}
