import {
  reportLine,
  type ExtensionStatus,
  type HostSnapshot,
  type LogFields,
  type Logger,
} from "@synaps/host";
import { evidenceLine, findingText, type Finding } from "./diagnostics.js";
import type { Output } from "./io.js";
import { STATE_STYLE } from "./state-style.js";
import { table } from "./table.js";
import { plain } from "./text.js";

/** What was started and what was not. */
export function startTable({ extensions }: HostSnapshot, out: Output): string {
  const rows = extensions.map(({ id, version, state, hooks }) => [
    id,
    version ?? "-",
    { text: state, style: STATE_STYLE[state] },
    [...new Set(hooks)],
  ]);
  return table(["EXTENSION", "VERSION", "STATE", "HOOKS"], rows, out);
}

/** Why extensions do not run, and with `all` also what else is wrong with them. */
export function findingsOf({ extensions }: HostSnapshot, all: boolean, out: Output): string {
  return extensions
    .flatMap((status) => [...status.diagnostics, ...setAside(status)])
    .filter(({ severity }) => all || severity === "error")
    .map((finding) => findingText(finding, out))
    .join("");
}

/** A quarantine is remembered from an earlier run, so that nothing failed in this one that would tell of it. */
function setAside({ id, root, state, process }: ExtensionStatus): Finding[] {
  if (state !== "quarantined") return [];
  const message = `Extension '${id}' crashed too often and is quarantined: ${process?.reason ?? "no reason is known"}`;
  return [
    {
      severity: "error",
      code: "QUARANTINED",
      extension: id,
      file: root,
      pointer: "",
      message,
      hint: undefined,
    },
  ];
}

/** One line per extension that was subscribed to anything. */
export function endReport({ extensions, subscriptions }: HostSnapshot): string {
  return extensions
    .filter((one) => one.process !== undefined && one.hooks.length > 0)
    .map(
      ({ id }) =>
        `${plain(
          reportLine(
            id,
            subscriptions.filter(({ extension }) => extension === id),
          ),
        )}\n`,
    )
    .join("");
}

/** Prints warnings and errors of a running host. Start failures before `begin` stand in the start report instead. */
export class TalkingLogger implements Logger {
  readonly #out: Output;
  #begun = false;

  constructor(out: Output) {
    this.#out = out;
  }

  begin(): void {
    this.#begun = true;
  }

  debug(): void {}

  info(): void {}

  warn(message: string, fields: LogFields = {}): void {
    this.#print(this.#out.paint("yellow", "warn"), message, fields);
  }

  error(message: string, fields: LogFields = {}): void {
    // A missing control socket concerns no extension: the start report does not have it.
    if (this.#begun || fields["code"] === "CONTROL_UNAVAILABLE")
      this.#print(this.#out.paint("red", "error"), message, fields);
  }

  #print(level: string, message: string, { extension, hint, evidence, ...others }: LogFields): void {
    const who = extension == null ? "" : `${String(extension)}: `;
    const details = Object.entries(others)
      .filter(([key, value]) => key !== "code" && value != null)
      .map(([key, value]) => `${key}: ${String(value)}`);
    const more = details.length === 0 ? "" : ` (${details.join("; ")})`;
    const todo = hint == null ? "" : `  ${this.#out.paint("cyan", "hint:")} ${plain(String(hint))}\n`;
    const found = evidenceLine(message, evidence == null ? undefined : String(evidence), this.#out);
    void this.#out.write(`${level}  ${plain(`${who}${message}${more}`)}\n${found}${todo}`);
  }
}
