import { frameInjection, stripControl, type InterceptResult, type Outcome } from "@synaps/host";
import type { AuditSummary } from "./audit.js";
import type { Skipped } from "./bundled.js";
import { clip, duration, fit, flow, lines } from "./layout.js";
import type { ToolCall } from "./loop.js";
import type { Paint, Style } from "./paint.js";
import { NEXT, WHAT_IS_REAL, type Running, type Screen, type Write } from "./screen.js";
import { actionsOf, decidersOf, injectorsOf, outcomesOf, rewritesOf, tally, voteText } from "./votes.js";

const NUMBER = 2;
const OUTCOME = 16;
const BY = 16;
const TIME = 8;
const GAPS = 4;
const INDENT = " ".repeat(NUMBER + 1);
const LABEL = 9;

const STYLES: Readonly<Record<string, Style>> = {
  continue: "green",
  modify: "magenta",
  replace: "magenta",
  inject: "cyan",
  confirm: "yellow",
  block: "red",
};

/** A table that grows while the session runs: one row per event, and below it who voted what. */
export class TableScreen implements Screen {
  readonly #write: Write;
  readonly #width: number;
  readonly #paint: Paint;
  readonly #observed = new Map<string, Outcome[]>();
  #count = 0;

  constructor(write: Write, width: number, paint: Paint) {
    this.#write = write;
    this.#width = width;
    this.#paint = paint;
  }

  started(scratch: string, running: readonly Running[], skipped: readonly Skipped[]): void {
    this.#write(this.#paint("bold", "Agent loop with extensions"));
    this.#write(WHAT_IS_REAL);
    this.#write("");
    // Not wrapped: somebody may want to copy it.
    this.#write(`${fit("scratch", LABEL)}${scratch} (removed at the end)`);
    this.#labelled("running", "green", running.map(({ id, version }) => `${id} ${version}`).join(", "));
    for (const { id, why } of skipped) this.#labelled("skipped", "yellow", `${id}: ${why}`);
    this.#write("");
    const titles = [" #", fit("what happens", this.#asks), fit("outcome", OUTCOME), fit("decided by", BY)];
    this.#write(this.#paint("bold", `${titles.join(" ")} ${"time".padStart(TIME)}`));
    this.#write(this.#paint("dim", "─".repeat(this.#width)));
  }

  said(role: "user" | "model", text: string): void {
    if (role === "user" && this.#count > 1) this.#write("");
    lines(text, this.#room - 6, 3).forEach((line, index) =>
      this.#below(`${this.#paint("cyan", fit(index === 0 ? role : "", 5))} ${line}`),
    );
  }

  emitted(outcome: Outcome): void {
    const { kind, action } = outcome;
    if (kind === "on_message_complete" || kind === "on_usage") {
      this.#observed.set(kind, [...(this.#observed.get(kind) ?? []), outcome]);
      return;
    }
    if (kind === "on_session_end") this.#showObserved();
    this.#row(kind, action, injectorsOf(outcome), outcome.durationMs);
    this.#votes("", outcome.votes.map(voteText));
    if (action === "inject") this.#quote(frameInjection(outcome.content));
  }

  /** A call becomes a row when its outcome is known. */
  asked(): void {}

  answered(call: ToolCall, result: InterceptResult): void {
    const outcomes = outcomesOf(result);
    const ms = outcomes.reduce((sum, { durationMs }) => sum + durationMs, 0);
    this.#row(`${call.name} ${inputText(call.input)}`, actionsOf(result), decidersOf(result), ms);
    outcomes.forEach(({ votes }, index) =>
      this.#votes(index === 0 ? "before: " : "after:  ", votes.map(voteText)),
    );
    const did = result.ran ? "it ran as" : "the guards saw";
    const rewritten = rewritesOf(result.before).at(-1);
    if (rewritten !== undefined) this.#below(clip(`${did}: ${inputText(rewritten)}`, this.#room), "magenta");
    if (result.ran) this.#quote(result.output || "(no output)", result.isError ? "yellow" : undefined);
    else this.#quote(`not run: ${result.reason}`, "red");
  }

  noted(text: string): void {
    for (const line of lines(text, this.#room - 2, 4)) this.#below(`! ${line}`, "yellow");
  }

  interrupted(): void {
    this.#write("");
    this.#write(
      this.#paint("yellow", "Interrupted. The extensions are stopped and the scratch folder is removed."),
    );
  }

  finished(reports: readonly string[], audit: AuditSummary): void {
    this.#write("");
    for (const line of reports.flatMap((report) => lines(report, this.#width, 3))) this.#write(line);
    this.#write("");
    const kinds = Object.entries(audit.byEvent).map(([event, times]) => `${event} × ${times}`);
    this.#write(`audit-log wrote ${audit.records} records${kinds.length === 0 ? "." : ":"}`);
    for (const line of lines(kinds.join(", "), this.#width - 2, 9)) this.#write(`  ${line}`);
    if (audit.written.length > 0)
      this.#write(`Its records hold the final paths: ${audit.written.join(", ")}`);
    this.#write("");
    this.#write(NEXT.why);
    this.#write(`  ${this.#paint("bold", NEXT.command)}`);
  }

  get #room(): number {
    return this.#width - INDENT.length;
  }

  get #asks(): number {
    return this.#width - NUMBER - OUTCOME - BY - TIME - GAPS;
  }

  #row(what: string, action: string, by: readonly string[], ms: number): void {
    this.#count += 1;
    const place = String(this.#count).padStart(NUMBER);
    const event = this.#paint("bold", fit(stripControl(what), this.#asks));
    const outcome = this.#paint(STYLES[action.split(" ")[0] ?? ""] ?? "dim", fit(action, OUTCOME));
    const time = this.#paint("dim", duration(ms).padStart(TIME));
    this.#write(`${place} ${event} ${outcome} ${fit(by.join(", ") || "-", BY)} ${time}`);
  }

  #votes(label: string, votes: readonly string[]): void {
    const told = votes.length === 0 ? ["nobody was asked"] : votes;
    flow(told, " · ", this.#room - label.length).forEach((line, index) =>
      this.#below((index === 0 ? label : " ".repeat(label.length)) + line, "dim"),
    );
  }

  #quote(text: string, style?: Style): void {
    for (const line of lines(text, this.#room - 2, 6)) {
      this.#below(`${this.#paint("dim", "│")} ${style ? this.#paint(style, line) : line}`);
    }
  }

  #below(text: string, style?: Style): void {
    this.#write(INDENT + (style ? this.#paint(style, text) : text));
  }

  #labelled(label: string, style: Style, text: string): void {
    lines(text, this.#width - LABEL, 6).forEach((line, index) =>
      this.#write(this.#paint(style, fit(index === 0 ? label : "", LABEL)) + line),
    );
  }

  #showObserved(): void {
    for (const [kind, outcomes] of this.#observed) {
      const slowest = Math.max(...outcomes.map(({ durationMs }) => durationMs));
      this.#row(`${kind} × ${outcomes.length}, not waited for`, "observed", [], slowest);
      this.#votes("", tally(outcomes.flatMap(({ votes }) => votes)));
    }
  }
}

/** The part of an input that a person looks for. */
function inputText(input: unknown): string {
  const { command, path } = input as { command?: string; path?: string };
  return command ?? path ?? JSON.stringify(input);
}
