import type { Handler } from "./config/handler.js";
import type { Source } from "./config/sources.js";
import { timeoutOf } from "./run/timeouts.js";

/** Lines that name everything of a configuration that an approval covers, and how to approve it. */
export function describe(source: Source, approved: ReadonlySet<string>): string[] {
  const { path, state, definition, digest, owner } = source;
  const isApproved = digest !== undefined && approved.has(digest);
  const lines = [plainPath(path)];
  if (state === "absent") return [...lines, "  is not there"];
  if (state === "broken") return [...lines, `  cannot be read, nothing of it runs: ${source.problem}`];
  if (state === "off") return [...lines, "  switches its hooks off (disableAllHooks)"];
  lines.push(isApproved ? "  is approved and runs" : "  waits for approval, nothing of it runs");
  if (owner !== null) lines.push(`  is left out for ${owner}, which runs it by itself`);
  definition.handlers.forEach((handler, index) => lines.push(...describeHandler(handler, source, index)));
  lines.push(...definition.notes.map((note) => `  note: ${note}`));
  if (digest !== undefined) lines.push(`  digest: ${digest}`);
  if (!isApproved && digest !== undefined)
    lines.push(`  to approve all of this: synaps-ext invoke claude-hooks approve ${digest}`);
  return lines;
}

function describeHandler(handler: Handler, source: Source, index: number): string[] {
  const { event, matcher, rule, run, isBackground, isClosed } = handler;
  const when = [
    matcher === "" || matcher === "*" ? event : `${event} of ${visible(matcher)}`,
    ...(rule === undefined ? [] : [`if ${visible(rule)}`]),
    `${timeoutOf(handler) / 1_000} s`,
    ...(isBackground ? ["in the background"] : []),
    ...(isClosed ? ["blocks when it fails"] : []),
  ].join(", ");
  const lines = [`  ${index + 1}. ${when}`];
  if (run.type === "none") return [...lines, `     does not run: ${run.why}`];
  if (run.type === "http") {
    lines.push(`     asks: ${visible(run.url)}`);
    for (const [name, value] of Object.entries(run.headers))
      lines.push(`     header: ${visible(name)}: ${visible(value)}`);
    if (run.allowedEnvVars.length > 0)
      lines.push(`     may send the variables: ${visible(run.allowedEnvVars)}`);
    return lines;
  }
  // As JSON: an invisible sign of a command must be seen.
  const how = run.args === undefined ? `${run.shell} -c ` : "";
  lines.push(
    `     runs: ${how}${visible(run.command)}${(run.args ?? []).map((arg) => ` ${visible(arg)}`).join("")}`,
  );
  const coverage = source.coverages[index];
  for (const { path, hash } of coverage?.files ?? []) lines.push(`     file: ${plainPath(path)} ${hash}`);
  if (coverage?.isWhole === false)
    lines.push("     a file that only the run names is not covered by the approval");
  return lines;
}

/** A text in quotes in which every sign can be seen: those that move or hide others stand as escapes. */
function visible(value: string | readonly string[]): string {
  return JSON.stringify(value).replace(/[\p{C}\p{Zl}\p{Zp}]/gu, (sign) =>
    [...Array(sign.length).keys()]
      .map((at) => `\\u${sign.charCodeAt(at).toString(16).padStart(4, "0")}`)
      .join(""),
  );
}

function plainPath(path: string): string {
  return /[\p{C}\p{Zl}\p{Zp}]/u.test(path) ? visible(path) : path;
}
