import type { ToolDeclaration } from "@synaps/sdk/protocol";
import type { DiagnosticNote } from "../../loading/manifest/diagnostic.js";

/** Tools, and parts of a schema, that one note lists. */
const MAX_LISTED = 5;

/** Notes about tools that are offered all the same: what their schemas do not check, and names that look the same. */
export function notesOn(
  tools: readonly ToolDeclaration[],
  uncheckedIn: (tool: ToolDeclaration) => readonly string[],
): DiagnosticNote[] {
  return [...schemaNotes(tools, uncheckedIn), ...nameNotes(tools)];
}

function schemaNotes(
  tools: readonly ToolDeclaration[],
  uncheckedIn: (tool: ToolDeclaration) => readonly string[],
): DiagnosticNote[] {
  const found = tools.flatMap((tool) => {
    const unchecked = uncheckedIn(tool);
    return unchecked.length === 0 ? [] : [`'${tool.name}': ${listed(unchecked)}`];
  });
  if (found.length === 0) return [];
  return [
    {
      code: "TOOL_SCHEMA_UNCHECKED",
      message: `Not checked in the input schemas of tools: ${listed(found, "; ")}`,
      hint: "Check such inputs in the tool, or use keywords that the page on tools lists.",
    },
  ];
}

function nameNotes(tools: readonly ToolDeclaration[]): DiagnosticNote[] {
  const names = new Map<string, string>();
  const alike = tools.flatMap(({ name }) => {
    const form = name.normalize("NFKC").toLowerCase();
    const other = names.get(form);
    names.set(form, name);
    return other === undefined ? [] : [`'${other}' and '${name}'`];
  });
  if (alike.length === 0) return [];
  return [
    {
      code: "TOOL_NAMES_ALIKE",
      message: `Names of tools differ only in case or in the form of their letters: ${listed(alike)}`,
      hint: "A filter of a hook means only one of the two: rename one.",
    },
  ];
}

function listed(items: readonly string[], between = ", "): string {
  const more = items.length - MAX_LISTED;
  return items.slice(0, MAX_LISTED).join(between) + (more > 0 ? `${between}and ${more} more` : "");
}
