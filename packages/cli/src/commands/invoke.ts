import type { CommandOutcome, OutputEvent } from "@synaps/host";
import { EXIT } from "../exit-codes.js";
import type { Io } from "../io.js";
import { OutputPrinter } from "../output-printer.js";
import type { PlaceFlags } from "../places.js";
import { withHost } from "../started-host.js";
import { jsonLine, plain } from "../text.js";

export interface InvokeFlags extends PlaceFlags {
  json?: boolean;
}

/** Runs a command of an extension and shows what it shows. */
export function invoke(
  io: Io,
  command: string,
  args: readonly string[],
  flags: InvokeFlags,
): Promise<number> {
  return withHost(io, flags, {}, async (host, signal) => {
    const name = command.replace(/^\//, "");
    const isProgram = host.commands
      .list()
      .some(
        (one) => one.shape === "shell" && (one.qualified === name || (one.name === name && !one.hiddenBy)),
      );
    const printer = new OutputPrinter(io, isProgram);
    const print = flags.json
      ? (event: OutputEvent) => void io.stdout.write(jsonLine({ output: event }))
      : (event: OutputEvent) => printer.print(event);
    const outcome = await host.commands.invoke(command, args, { signal, onOutput: print });
    if (flags.json) await io.stdout.write(jsonLine({ outcome: outcomeJson(outcome) }));
    else await report(io, outcome);
    return outcome.status === "done" ? EXIT.ok : EXIT.failed;
  });
}

async function report({ stdout, stderr }: Io, outcome: CommandOutcome): Promise<void> {
  const { result, notice } = outcome;
  if (result?.shape === "tool" && outcome.status === "done") await stdout.write(lines(result.content));
  if (result?.shape === "interactive" && typeof result.value === "string")
    await stdout.write(lines(result.value));
  if (result?.shape === "skill") {
    const prompt = [result.prompt, ...result.args].filter((part) => part !== "").join(" ");
    await stdout.write(
      `Load the skill '${plain(result.skill)}'${prompt === "" ? "" : ` and send: ${plain(prompt)}`}\n`,
    );
  }
  if (result?.shape === "interactive" && result.driver.type !== "none") {
    const { driver } = result;
    const said =
      driver.type === "action" ? `proposes to ${driver.action.action}` : `refused: ${driver.problem}`;
    await stderr.write(`${stderr.paint("dim", plain(`session driver ${said}`))}\n`);
  }
  if (notice) {
    const style = notice.severity === "error" ? "red" : "yellow";
    await stderr.write(`${stderr.paint(style, plain(notice.text))}\n`);
  }
  if (outcome.status !== "done") {
    const what = `command '${outcome.command}' of '${outcome.extension}': ${outcome.status}: ${outcome.reason}`;
    await stderr.write(`${stderr.paint("red", "error:")} ${plain(what)}\n`);
  }
}

/** A text of several lines, safe to print. */
function lines(text: string): string {
  return `${text.replace(/\n$/, "").split("\n").map(plain).join("\n")}\n`;
}

function outcomeJson({ notice, durationMs, output: { length: kept }, ...outcome }: CommandOutcome): object {
  return { ...outcome, kept, ...(notice ? { notice } : {}), duration_ms: Math.round(durationMs) };
}
