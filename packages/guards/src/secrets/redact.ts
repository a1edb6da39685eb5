import { findEncodedSecrets } from "./encoded.js";
import { findSecrets, type Finding, type FindOptions } from "./find.js";
import { joinOverlaps } from "./overlaps.js";
import { findRepeats } from "./repeats.js";
import { findUnseen } from "./unseen.js";
import { findWrapped } from "./wrapped.js";
import { Tags, splitAtTags } from "./tags.js";

/** One replaced secret: enough to warn about it, nothing that repeats it. */
export interface Redaction {
  readonly ruleId: string;
  readonly description: string;
  /** Public beginning of the token's format, such as `ghp_`; empty when the rule has none. */
  readonly prefix: string;
}

export interface Redacted {
  readonly text: string;
  readonly redactions: readonly Redaction[];
  /** False if time or passes ran out, so that a secret may be left: such a text may not be shown. */
  readonly complete: boolean;
}

export interface Redactor {
  /** Replaces every secret by a tag. A text without secrets, or one already redacted, comes back as it is. */
  redact(text: string): Redacted;
}

/** Shorter texts, as they stand between marks, hold no secret. */
const SHORTEST = 6;
/** A replaced secret may free another one that touched it; more than a handful in a chain is no real text. */
const MOST_PASSES = 32;
/** Processor time after which no further pass begins: a busy machine alone withholds nothing. */
const MOST_CPU_MS = 2_500;
/** Time after which none begins in any case, below the default deadline of a hook, which is 5 s. */
const MOST_MS = 4_000;

export function createRedactor(settings: FindOptions): Redactor {
  const findIn = (text: string) => {
    if (text.length < SHORTEST) return [];
    return joinOverlaps([
      ...findSecrets(text, settings),
      ...findUnseen(text, settings),
      ...findWrapped(text, settings),
      ...findEncodedSecrets(text, settings),
    ]);
  };

  return {
    redact(text) {
      const tags = new Tags(text);
      const redactions: Redaction[] = [];
      const isLate = deadline();
      /** Parts in which nothing was found: a later pass finds nothing there either. */
      const clean = new Set<string>();
      const findAnew = (part: string): Finding[] => {
        if (clean.has(part)) return [];
        const found = findIn(part);
        if (found.length === 0) clean.add(part);
        return found;
      };
      let current = text;
      for (let pass = 0; pass < MOST_PASSES; pass += 1) {
        if (pass > 0 && isLate()) break;
        const parts = splitAtTags(current);
        const findings = parts.map((part, index) => (index % 2 === 0 ? findAnew(part) : []));
        if (findings.every((list) => list.length === 0)) return { text: current, redactions, complete: true };
        const known = secretsOf(parts, findings);
        current = parts
          .map((part, index) => {
            if (index % 2 === 1) return part;
            const all = joinOverlaps([...(findings[index] ?? []), ...findRepeats(part, known)]);
            redactions.push(...all.map((finding) => describe(part, finding)));
            return replaceAll(part, all, tags);
          })
          .join("");
      }
      return { text: current, redactions, complete: false };
    },
  };
}

/** Starts both clocks; tells whether one of them has run out. */
function deadline(): () => boolean {
  const started = performance.now();
  const used = process.cpuUsage();
  return () => {
    const { user, system } = process.cpuUsage(used);
    return (user + system) / 1_000 > MOST_CPU_MS || performance.now() - started > MOST_MS;
  };
}

/** The values found, with what found them first. */
function secretsOf(parts: readonly string[], findings: readonly Finding[][]): Map<string, Finding> {
  const known = new Map<string, Finding>();
  findings.forEach((list, index) => {
    for (const finding of list) {
      const value = (parts[index] ?? "").slice(finding.start, finding.end);
      const before = known.get(value);
      if (before === undefined || finding.rank < before.rank) known.set(value, finding);
    }
  });
  return known;
}

function replaceAll(text: string, findings: readonly Finding[], tags: Tags): string {
  let out = "";
  let at = 0;
  for (const { start, end, rule } of findings) {
    out += text.slice(at, start) + tags.replacementOf(rule.id, text.slice(start, end));
    at = end;
  }
  return out + text.slice(at);
}

function describe(text: string, { start, end, rule }: Finding): Redaction {
  const value = text.slice(start, end).toLowerCase();
  // Only what the vendor's documentation prints: a keyword that is letters and a separator, as in `ghp_`.
  const word = rule.keywords.find((keyword) => /[a-z][_.-]$/.test(keyword) && value.startsWith(keyword));
  return {
    ruleId: rule.id,
    description: rule.description,
    prefix: word === undefined ? "" : text.slice(start, start + word.length),
  };
}
