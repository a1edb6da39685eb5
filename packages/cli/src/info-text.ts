import type { ExtensionInfoDocument } from "./extension-info.js";
import { seesText, whereText } from "./hook-text.js";
import type { Output } from "./io.js";
import { plain } from "./text.js";

/** One extension as sections of lines; sections without any are left out. */
export function infoText(info: Omit<ExtensionInfoDocument, "isWell">, out: Output): string {
  const title = [info.id, info.version ?? "", info.state].filter((part) => part !== "").join("  ");
  const head = [
    out.paint("bold", plain(title)),
    ...[info.description, info.folder, info.reason].flatMap(lineIf),
  ];
  return sections(info)
    .filter(([, lines]) => lines.length > 0)
    .map(
      ([name, lines]) =>
        `\n${out.paint("bold", name)}\n${lines.map((line) => `  ${plain(line)}\n`).join("")}`,
    )
    .reduce((text, section) => text + section, `${head.join("\n")}\n`);
}

function sections(info: Omit<ExtensionInfoDocument, "isWell">): [string, string[]][] {
  const { capabilities } = info;
  return [
    ["Permissions", info.permissions],
    ["Environment", info.env],
    [
      "Hooks",
      (capabilities?.hooks ?? []).map(({ kind, toolFilter, where, fields }) =>
        [
          kind,
          ...(toolFilter ? [`for ${toolFilter.join(", ")}`] : []),
          ...(where ? [`where ${whereText(where)}`] : []),
          ...(fields ? [seesText(fields)] : []),
        ].join("  "),
      ),
    ],
    ["Tools", (capabilities?.tools ?? []).map(({ name }) => name)],
    ["Providers", (capabilities?.providers ?? []).map(({ id, models }) => `${id}  ${models.join(", ")}`)],
    ["Other abilities", (capabilities?.future ?? []).map(({ kind, name }) => `${kind}  ${name}`)],
    ["About", aboutLines(info.info)],
    [
      "Commands",
      info.commands.map((one) =>
        described(`/${one.hiddenBy === undefined ? one.name : one.qualified}  ${one.shape}`, one.description),
      ),
    ],
    [
      "Configuration",
      info.config.map(({ key, type, required, description }) =>
        described(`${key}  ${type ?? "string"}${required ? "  required" : ""}`, description),
      ),
    ],
    [
      "Settings",
      info.settings.flatMap(({ label, fields }) =>
        fields.map((field) => `${label}: ${field.label}  ${field.editor}  ${field.key}`),
      ),
    ],
    [
      "Keys",
      [
        ...info.keybinds.map(({ key, action, description }) =>
          described(`${key}  ${action.type}`, description),
        ),
        ...info.keybindCollisions.map(
          ({ key, takenBy }) => `${key}  not bound: ${takenBy ?? "the user's configuration"} has it`,
        ),
      ],
    ],
    [
      "Help",
      [
        ...info.help.map(({ command, title, summary }) => `${command}  ${title}: ${summary}`),
        ...info.helpRejected.map(
          ({ id, takenBy }) => `${id}  not shown: ${takenBy ?? "the program"} has its place`,
        ),
      ],
    ],
    ["Colours", info.theme.map(({ token, colour }) => `${token}  ${colour}`)],
    ["Widgets", info.widgets.map(({ id, position, lines }) => `${id}  ${position}: ${lines.join(" | ")}`)],
    [
      "Context providers",
      info.contextProviders.map(({ address, description }) => `${address}  ${description}`),
    ],
    [
      "Sidecar",
      info.sidecar
        ? [
            `${info.sidecar.displayName}${info.sidecar.command === undefined ? "" : `  /${info.sidecar.command}`}`,
          ]
        : [],
    ],
  ];
}

function aboutLines(info: ExtensionInfoDocument["info"]): string[] {
  if (info?.status === "malformed") return [`its answer to info.get is malformed: ${info.problem}`];
  if (info?.status !== "known") return [];
  const { build, capabilities, models } = info.info;
  return [
    ...(build ? [`build  ${build.backend} ${build.version} ${build.features.join(", ")}`.trimEnd()] : []),
    ...capabilities.map(({ kind, name, modes }) => described(`${kind}  ${name}`, modes.join(", "))),
    ...models.map(({ id, displayName, installed }) =>
      described(`model ${id}${installed ? "  installed" : ""}`, displayName),
    ),
  ];
}

function described(text: string, description: string | null | undefined): string {
  return description ? `${text}  ${description}` : text;
}

function lineIf(text: string | null): string[] {
  return text === null || text === "" ? [] : [plain(text)];
}
