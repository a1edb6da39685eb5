import { scanTokens } from "./fallback.js";
import type { Report } from "./walk.js";
import { walkCommand } from "./walk.js";
import { resolvePath } from "@synaps/guards/paths";
import { SOME_PROJECT } from "./paths.js";
import { findPattern } from "./patterns.js";
import { RULES, ruleById } from "./rules/index.js";
import type { Severity } from "./rules/rule.js";
import type { Settings } from "./settings.js";

/** One reason against a command. */
export interface Finding {
  readonly rule: string;
  readonly severity: Severity;
  /** The part of the command that it is about. */
  readonly text: string;
  readonly why: string;
  readonly remedy: string;
}

export interface Decision {
  readonly verdict: "continue" | Severity;
  /** The worst first. */
  readonly findings: readonly Finding[];
}

/** Characters of a command that are still looked at: the worst input of this size takes about 0.1 s. */
export const MAX_LENGTH = 50_000;

/** Decides about one shell command. Never throws: what cannot be checked becomes a question. */
export function decide(command: string, settings: Settings, cwd?: string): Decision {
  if (command.length > MAX_LENGTH) {
    return conclude(
      [sighting("too-complex", command, `it is longer than ${MAX_LENGTH} characters`)],
      settings,
    );
  }
  try {
    const start = settings.project ?? SOME_PROJECT;
    return conclude(
      findingsOf(command, settings, cwd === undefined ? start : resolvePath(cwd, start, settings.home)),
      settings,
    );
  } catch {
    return conclude([sighting("too-complex", command, "checking it failed")], settings);
  }
}

function findingsOf(command: string, settings: Settings, cwd: string): Finding[] {
  const report = walkCommand(command, cwd);
  const findings = [
    ...inspect(report, settings),
    ...report.sightings.map(({ rule, text, why }) => sighting(rule, text, why)),
  ];
  if (report.exhausted)
    findings.push(sighting("too-complex", command, "it nests too deep or holds too many commands"));
  const suspect = report.broken ? scanTokens(command) : undefined;
  if (suspect !== undefined)
    findings.push(sighting("unparsed", command, `it cannot be parsed for sure and holds '${suspect}'`));
  return findings;
}

function inspect(report: Report, settings: Settings): Finding[] {
  const findings: Finding[] = [];
  for (const invocation of report.invocations) {
    const { text } = invocation;
    const blocked = findPattern(settings.block, invocation);
    const asked = findPattern(settings.confirm, invocation);
    if (blocked) findings.push(custom("block", text, blocked.source));
    if (asked) findings.push(custom("confirm", text, asked.source));
    if (findPattern(settings.allow, invocation)) continue;
    for (const rule of RULES) {
      const why = rule.match(invocation, settings);
      if (why !== undefined)
        findings.push({ rule: rule.id, severity: rule.severity, text, why, remedy: rule.remedy });
    }
  }
  return findings;
}

const custom = (severity: Severity, text: string, source: string): Finding => ({
  rule: severity === "block" ? "custom-block" : "custom-confirm",
  severity,
  text,
  why: `it fits '${source}' of the configuration key '${severity}'`,
  remedy: "Do without it, or change the configuration.",
});

function sighting(id: string, text: string, why: string): Finding {
  const rule = ruleById(id);
  return { rule: id, severity: rule?.severity ?? "confirm", text, why, remedy: rule?.remedy ?? "" };
}

function conclude(all: readonly Finding[], settings: Settings): Decision {
  const on = all.filter((finding) => !settings.offRules.has(finding.rule));
  const softened =
    settings.mode === "ask" ? on.map((finding) => ({ ...finding, severity: "confirm" as const })) : on;
  const findings = [...softened].sort(
    (left, right) => Number(right.severity === "block") - Number(left.severity === "block"),
  );
  return { verdict: settings.mode === "log" ? "continue" : (findings[0]?.severity ?? "continue"), findings };
}
