import type { Extension } from "../define-extension.js";
import { readCommands, readSettings, type Manifest } from "../manifest/index.js";
import type { AuthoringProblem } from "./manifest-check.js";

/** How commands and settings editors in the code and in the manifest differ. */
export function screenDifferences({ definition }: Extension, manifest: Manifest): AuthoringProblem[] {
  const declared = readCommands(manifest.commands).entries.filter(({ shape }) => shape === "interactive");
  const editors = readSettings(manifest).entries.flatMap(({ id, fields }) =>
    fields.filter(({ editor }) => editor === "custom").map(({ key }) => `${id}/${key}`),
  );
  return [
    ...compare(
      "COMMAND",
      "command",
      "/commands",
      Object.keys(definition.commands ?? {}),
      declared.map(({ name }) => name),
    ),
    ...compare("EDITOR", "settings editor", "/settings", Object.keys(definition.settings ?? {}), editors),
  ];
}

function compare(
  code: "COMMAND" | "EDITOR",
  what: string,
  pointer: string,
  handled: readonly string[],
  declared: readonly string[],
): AuthoringProblem[] {
  const undeclared = handled.filter((name) => !declared.includes(name));
  const unhandled = declared.filter((name) => !handled.includes(name));
  return [
    ...undeclared.map((name): AuthoringProblem => ({
      severity: "error",
      code: `${code}_NOT_DECLARED`,
      pointer,
      message: `the ${what} '${name}' is never called: the manifest does not declare it`,
      hint: "Declare it there.",
    })),
    ...unhandled.map((name): AuthoringProblem => ({
      severity: "error",
      code: `${code}_WITHOUT_HANDLER`,
      pointer,
      message: `the manifest declares the ${what} '${name}', but there is no handler`,
      hint: "Write the handler, or remove it.",
    })),
  ];
}
