import { readCommands, type CommandDeclaration } from "@synaps/sdk/manifest";
import type { Extension } from "../../supervision/extension.js";

/** A command that a user can call. */
export interface CommandEntry {
  /** The word that is typed behind the slash. */
  name: string;
  /** `<extension>:<name>`: always means this command. */
  qualified: string;
  extension: string;
  shape: CommandDeclaration["shape"];
  description: string | undefined;
  /** Only interactive commands have any. */
  subcommands: readonly string[];
  /** The extension that the plain name stands for, if that is another extension. */
  hiddenBy: string | undefined;
}

export interface FoundCommand {
  extension: Extension;
  declaration: CommandDeclaration;
}

/** Commands of all extensions, in load order. */
export function listCommands(extensions: readonly Extension[]): CommandEntry[] {
  const owners = new Map<string, string>();
  return allOf(extensions).map(({ extension: { id }, declaration }): CommandEntry => {
    const { name, shape, description } = declaration;
    const owner = owners.get(name);
    if (owner === undefined) owners.set(name, id);
    const subcommands = declaration.shape === "interactive" ? declaration.subcommands : [];
    const qualified = `${id}:${name}`;
    return { name, qualified, extension: id, shape, description, subcommands, hiddenBy: owner };
  });
}

/** Finds a command by its name or its qualified name, with or without a slash. Of several commands, the first loaded wins. */
export function findCommand(extensions: readonly Extension[], typed: string): FoundCommand | undefined {
  const name = typed.replace(/^\//, "");
  return allOf(extensions).find(
    ({ extension, declaration }) =>
      name === `${extension.id}:${declaration.name}` || name === declaration.name,
  );
}

function allOf(extensions: readonly Extension[]): FoundCommand[] {
  return extensions.flatMap((extension) =>
    readCommands(extension.loaded.manifest.commands).entries.map((declaration) => ({
      extension,
      declaration,
    })),
  );
}
