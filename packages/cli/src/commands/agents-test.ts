import type { AgentName } from "@synaps/service/agents";
import { testAgent, type CanaryReport, type CanaryStep, type Surroundings } from "@synaps/service/wiring";
import { EXIT } from "../exit-codes.js";
import type { Io, Output } from "../io.js";
import { serviceCommand } from "../service-command.js";
import { jsonDocument, plain } from "../text.js";

/** Sends one event the whole way from an agent's configuration to the extensions, and tells the time of each step. */
export async function agentsTest(
  io: Io,
  agent: AgentName,
  surroundings: Surroundings,
  flags: { json?: boolean },
): Promise<number> {
  const report = await testAgent(surroundings, agent, serviceCommand(surroundings.baseDir));
  await io.stdout.write(
    flags.json ? jsonDocument({ schemaVersion: 1, ...report }) : canaryText(report, io.stdout),
  );
  return report.ok ? EXIT.ok : EXIT.failed;
}

function canaryText(report: CanaryReport, out: Output): string {
  const lines = [...report.steps.map((step) => stepLine(step, out)), ...endLines(report, out)];
  return lines.map((line) => `${line}\n`).join("");
}

function stepLine({ step, ok, ms, detail }: CanaryStep, out: Output): string {
  const mark = ok ? out.paint("green", "ok  ") : out.paint("red", "FAIL");
  const time = ms === null ? "" : `${ms.toFixed(1)} ms`;
  return `${mark}  ${step.padEnd(13)}  ${time.padStart(9)}  ${plain(detail)}`;
}

function endLines({ command, decision, by, answer }: CanaryReport, out: Output): string[] {
  if (decision === null) return ["The event did not get to the extensions."];
  const who = by === null ? "" : `, by ${by}`;
  const lines = [`The extensions about '${command}', which nobody ran: ${plain(decision + who)}.`];
  if (decision === "continue")
    lines.push(
      `${out.paint("yellow", "warn:")} nobody refused it. Install a guard: synaps-ext install shell-guard`,
    );
  if (answer !== null && answer.stdout !== "")
    lines.push(`The agent reads: ${plain(answer.stdout.slice(0, 2_000))}`);
  return lines;
}
