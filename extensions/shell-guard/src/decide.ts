import { resolvePath } from "@synaps/guards/paths";
import { scanTokens } from "./fallback.js";
import { scanCode } from "./launch/scan.js";
import type { Invocation } from "./model.js";
import { SOME_PROJECT } from "./paths.js";
import { findPattern } from "./patterns.js";
import { ruleById, rulesFor } from "./rules/index.js";
import type { Severity } from "./rules/rule.js";
import type { Settings } from "./settings.js";
import { walkCode, walkCommand, type Report } from "./walk.js";

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
  /** Absolute folder that a shell is left in that runs the command. */
  readonly endCwd: string;
}

/** What a text is, where the rules read it otherwise than a command that a shell starts. */
export interface TextKind {
  /** It is code of another language. */
  readonly isCode?: boolean;
  /** It is typed into a program that runs already: a shell or an interpreter. */
  readonly isTyped?: boolean;
}

/** Characters of a command that are still looked at: the worst input of this size takes about 0.1 s. */
export const MAX_LENGTH = 50_000;

/** Decides about one shell command. Never throws: a command that cannot be checked becomes a question. */
export function decide(command: string, settings: Settings, cwd?: string, kind: TextKind = {}): Decision {
  const start = settings.project ?? SOME_PROJECT;
  const from = cwd === undefined ? start : resolvePath(cwd, start, settings.home);
  const unchecked = (why: string): Decision =>
    conclude([sighting("too-complex", command, why)], settings, from);
  if (command.length > MAX_LENGTH) return unchecked(`it is longer than ${MAX_LENGTH} characters`);
  try {
    const { findings, endCwd } = findingsOf(command, settings, from, kind);
    return conclude(findings, settings, resolvePath(endCwd, "/", settings.home));
  } catch {
    return unchecked("checking it failed");
  }
}

/** The question about an input that cannot be read whole. */
export const unreadable = (command: string, settings: Settings): Decision =>
  conclude(
    [sighting("too-complex", command, "its input is nested too deep")],
    settings,
    settings.project ?? SOME_PROJECT,
  );

/** The question about a command whose files cannot be looked at. */
export const unclearLinks = (why: string, settings: Settings): Decision =>
  conclude([sighting("too-complex", "", why)], settings, settings.project ?? SOME_PROJECT);

/** The stricter of two decisions; the first of two that are equally strict. */
export function stricter(left: Decision, right: Decision): Decision {
  const order = ["continue", "confirm", "block"];
  return order.indexOf(right.verdict) > order.indexOf(left.verdict) ? right : left;
}

function findingsOf(
  text: string,
  settings: Settings,
  cwd: string,
  { isCode = false, isTyped = false }: TextKind,
): { findings: Finding[]; endCwd: string } {
  // A shell drops these characters, so the text is judged without them.
  const command = text.replaceAll("\0", "");
  const reports = [
    ...(isCode ? [] : [walkCommand(command, cwd)]),
    ...(isCode || isTyped ? [walkCode(scanCode(command), command, cwd)] : []),
  ];
  const findings = reports.flatMap((report) => ofReport(report, settings));
  if (reports.some(({ exhausted }) => exhausted))
    findings.push(sighting("too-complex", command, "it nests too deep or holds too many commands"));
  const suspect = reports.some((report) => report.broken) ? scanTokens(command) : undefined;
  if (suspect !== undefined)
    findings.push(sighting("unparsed", command, `it cannot be parsed for sure and holds '${suspect}'`));
  if (command !== text)
    findings.push(sighting("unparsed", command, "it holds NUL characters, which a shell drops"));
  return { findings, endCwd: reports[0]?.endCwd ?? cwd };
}

function ofReport(report: Report, settings: Settings): Finding[] {
  return [
    ...report.invocations.flatMap((invocation) => inspect(invocation, settings)),
    ...report.sightings.map(({ rule, text, why }) => sighting(rule, text, why)),
  ];
}

function inspect(invocation: Invocation, settings: Settings): Finding[] {
  const findings: Finding[] = [];
  const { text, otherCwd } = invocation;
  const blocked = findPattern(settings.block, invocation);
  const asked = findPattern(settings.confirm, invocation);
  if (blocked) findings.push(custom("block", text, blocked.source));
  if (asked) findings.push(custom("confirm", text, asked.source));
  if (findPattern(settings.allow, invocation)) return findings;
  const found = broken(invocation, settings);
  const elsewhere = otherCwd === undefined ? [] : broken({ ...invocation, cwd: otherCwd }, settings);
  const [worse] = elsewhere.filter(({ rule }) => !found.some((finding) => finding.rule === rule));
  if (worse) {
    const why = `if the change of folder before it fails, ${worse.why}`;
    found.push(sighting("folder-unsure", text, why));
  }
  return [...findings, ...found];
}

function broken(invocation: Invocation, settings: Settings): Finding[] {
  const { name, text } = invocation;
  const findings: Finding[] = [];
  for (const rule of rulesFor(name)) {
    const why = rule.match(invocation, settings);
    if (why === undefined) continue;
    findings.push({ rule: rule.id, severity: rule.severity, text, why, remedy: rule.remedy });
  }
  return findings;
}

const custom = (severity: Severity, text: string, source: string): Finding => ({
  rule: severity === "block" ? "custom-block" : "custom-confirm",
  severity,
  text,
  why: `the user wants ${severity === "block" ? "no" : "to be asked about each"} '${source}' here`,
  remedy: "Do without it, or ask the user.",
});

function sighting(id: string, text: string, why: string): Finding {
  const rule = ruleById(id);
  return { rule: id, severity: rule?.severity ?? "confirm", text, why, remedy: rule?.remedy ?? "" };
}

function conclude(all: readonly Finding[], settings: Settings, endCwd: string): Decision {
  const on = all.filter(
    ({ rule }) => !settings.offRules.has(rule) && (rule !== "interactive" || settings.typesUnseen),
  );
  const softened =
    settings.mode === "ask" ? on.map((finding) => ({ ...finding, severity: "confirm" as const })) : on;
  const findings = [...softened].sort(
    (left, right) => Number(right.severity === "block") - Number(left.severity === "block"),
  );
  const verdict = settings.mode === "log" ? "continue" : (findings[0]?.severity ?? "continue");
  return { verdict, findings, endCwd };
}
