import type { OpenPart } from "@synaps/sdk/framing";
import type { HostErrorCode } from "../errors.js";
import type { DiagnosticNote } from "../loading/manifest/diagnostic.js";
import { quoted } from "../text-bounds.js";
import { kindOfText, MISTAKES, type Mistake, type MistakeKind } from "../transport/rpc/mistakes.js";

/** A mistake in what arrived, with the bytes that show it. */
export interface HeardMistake extends Mistake {
  kind: MistakeKind;
  /** Undefined when nothing came that could be shown. */
  evidence?: string;
}

/** First characters of lines that may be messages or headers. */
const MAY_BE_MORE: ReadonlySet<number> = new Set([..."{ \tcC"].map((one) => one.charCodeAt(0)));

/** Everything that one process sent and that is no message: counted, and the first of each kind told. */
export class Heard {
  strayBytes = 0;
  readonly #counts = new Map<MistakeKind, number>();
  readonly #tell: (note: DiagnosticNote, count: number) => void;
  readonly #id: string;
  #first: HeardMistake | undefined;
  /** True once text was told. */
  #told = false;
  /** True once a message was damaged. */
  #damaged = false;
  #held: [DiagnosticNote, number][] | undefined = [];

  /** `tell` gets the 1st, the 10th, the 100th mistake of a kind: a flood must not become a flood of warnings. */
  constructor(id: string, tell: (note: DiagnosticNote, count: number) => void) {
    this.#id = id;
    this.#tell = tell;
  }

  /** The mistake that tells most: the first one that is more than printed text, else the text. */
  get mistake(): HeardMistake | undefined {
    return this.#first;
  }

  /** Tells what was held back: before the handshake has ended, it is part of that failure. */
  release(): void {
    const held = this.#held ?? [];
    this.#held = undefined;
    for (const [note, count] of held) this.#tell(note, count);
  }

  text(bytes: number, sample: string): void {
    this.strayBytes += bytes;
    // A flood of lines must cost little, and the pieces of a damaged message are no text that somebody printed.
    if (this.#damaged || (this.#told && !MAY_BE_MORE.has(sample.charCodeAt(0)))) return;
    const kind = kindOfText(sample);
    if (kind === "text" && this.#told) return;
    if (kind === "text") this.#told = true;
    // Lines are read byte by byte; people read them as the text that they are.
    this.#note(kind, Buffer.from(sample, "latin1").toString("utf8"));
  }

  problem(kind: MistakeKind, sample: string, reason?: string): void {
    this.#damaged ||= kind !== "not_a_message";
    this.#note(kind, sample, reason);
  }

  #note(kind: MistakeKind, sample: string, reason?: string): void {
    const count = (this.#counts.get(kind) ?? 0) + 1;
    this.#counts.set(kind, count);
    if (!/^10*$/.test(String(count))) return;
    const { why, hint } = MISTAKES[kind];
    const words = reason === undefined ? why : `${why}: ${reason}`;
    const evidence = sample === "" ? {} : { evidence: quoted(telling(kind, sample)) };
    if (this.#first === undefined || (this.#first.kind === "text" && kind !== "text"))
      this.#first = { kind, why: words, hint, ...evidence };
    const code: HostErrorCode = kind === "text" ? "OUTPUT_NOT_PROTOCOL" : "OUTPUT_MALFORMED";
    const what = kind === "text" ? "misuses standard output" : "sent something that cannot be read";
    const note = { code, message: `Extension '${this.#id}' ${what}: ${words}`, hint, ...evidence };
    if (this.#held) this.#held.push([note, count]);
    else this.#tell(note, count);
  }
}

/** The part of a sample that shows the mistake: where characters are counted, the first one of several bytes. */
function telling(kind: MistakeKind, sample: string): string {
  // oxlint-disable-next-line no-control-regex
  const at = kind === "characters" ? sample.search(/[^\u0000-\u007f]/) : -1;
  return at > 60 ? `… ${sample.slice(at - 40)}` : sample;
}

/** The mistake in a message that has begun to arrive and goes on no more. */
export function mistakeIn({ announced, arrived, sample }: OpenPart): HeardMistake {
  const kind = announced === undefined ? kindOfText(sample) : "unfinished";
  const length = announced === undefined ? "" : `${arrived} of ${announced} bytes: `;
  return { kind, ...MISTAKES[kind], evidence: `${length}${quoted(sample)}` };
}
