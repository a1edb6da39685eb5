import * as z from "zod";

/** The parts of a manifest beside `extension` that a program shows to its user. */

const name = z.string().describe("What the user types behind the slash.");
const description = z.string().nullish();

const shellCommand = z.looseObject({
  name,
  description,
  command: z.string().describe("Program to start: relative to this folder, or found on PATH. No shell."),
  args: z.array(z.string()).default([]).describe("Arguments; what the user typed is appended."),
});

const toolCommand = z.looseObject({
  name,
  description,
  tool: z.string().describe("Tool of this extension, by its own name."),
  input: z.json().default({}).describe("Input; `${args}` in its texts becomes what the user typed."),
});

const skillCommand = z.looseObject({
  name,
  description,
  skill: z.string().describe("Skill to load."),
  prompt: z.string().default("").describe("Prompt to send with it."),
});

const interactiveCommand = z.looseObject({
  name,
  description,
  interactive: z.literal(true).describe("The extension answers command.invoke."),
  subcommands: z.array(z.string()).default([]),
});

export const commandSchema = z.union([shellCommand, toolCommand, skillCommand, interactiveCommand], {
  error:
    "a command has a name and one of: command (with args), tool (with input), skill (with prompt), interactive: true (with subcommands)",
});

export const keybindSchema = z.looseObject({
  key: z.string().describe("As C-S-s, A-p or F5."),
  action: z.enum(["slash_command", "load_skill", "inject_prompt", "run_script"]),
  command: z.string().optional().describe("For slash_command."),
  skill: z.string().optional().describe("For load_skill."),
  prompt: z.string().optional().describe("For inject_prompt."),
  script: z.string().optional().describe("For run_script: a file in this folder."),
  description,
});

export const helpEntrySchema = z.looseObject({
  id: z.string(),
  command: z.string(),
  title: z.string(),
  summary: z.string(),
  category: z.string().default("Plugin"),
  topic: z.enum(["Branch", "Command"]).default("Command"),
  protected: z.boolean().default(false).describe("Has no effect from an extension."),
  common: z.boolean().default(false),
  keywords: z.array(z.string()).default([]),
  usage: z.string().nullish(),
  examples: z.array(z.looseObject({ command: z.string(), description: z.string().default("") })).default([]),
  related: z.array(z.string()).default([]),
});

const settingsFieldSchema = z.looseObject({
  key: z.string().describe("Name in the extension's configuration file; no dot, slash or white space."),
  label: z.string(),
  editor: z.enum(["text", "cycler", "picker", "custom"]),
  options: z.array(z.string()).default([]),
  help: z.string().nullish(),
  default: z.json().optional(),
  numeric: z.boolean().default(false),
});

const settingsCategorySchema = z.looseObject({
  id: z.string(),
  label: z.string(),
  fields: z.array(settingsFieldSchema).default([]),
});

export const settingsSchema = z.looseObject({
  categories: z.array(settingsCategorySchema).optional(),
  category: z.array(settingsCategorySchema).optional().describe("Another name of categories."),
});

export const sidecarSchema = z.looseObject({
  command: z.string().describe("Program to start: absolute, relative to this folder, or found on PATH."),
  setup: z.string().nullish(),
  protocol_version: z.int().min(0).default(1),
  model: z
    .looseObject({ default_path: z.string().nullish(), required: z.boolean().default(false) })
    .nullish(),
  lifecycle: z
    .looseObject({
      command: z.string(),
      settings_category: z.string().nullish(),
      display_name: z.string().nullish(),
      importance: z.int().default(0).describe("Held within -100 and 100."),
    })
    .nullish(),
});

export const surfaceShape = {
  commands: z.array(commandSchema).default([]),
  keybinds: z.array(keybindSchema).default([]),
  help_entries: z.array(helpEntrySchema).optional(),
  help: z.array(helpEntrySchema).optional().describe("Another name of help_entries."),
  settings: settingsSchema.nullish(),
  provides: z.looseObject({ sidecar: sidecarSchema.nullish() }).nullish(),
};

/** An entry of `commands` after its form was checked, with defaults filled in. */
export type ManifestCommand = z.output<typeof commandSchema>;
/** An entry of `keybinds` after its form was checked; `readKeybinds` checks key and action. */
export type ManifestKeybind = z.output<typeof keybindSchema>;
/** An entry of `help` after its form was checked, with defaults filled in. */
export type ManifestHelpEntry = z.output<typeof helpEntrySchema>;
/** A category of `settings` after its form was checked, with defaults filled in. */
export type ManifestSettingsCategory = z.output<typeof settingsCategorySchema>;
/** The `sidecar` of a manifest after its form was checked, with defaults filled in. */
export type ManifestSidecar = z.output<typeof sidecarSchema>;
