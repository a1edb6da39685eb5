/** One thing the scripted model asks the agent to do. */
export type Call =
  /** A command for the agent's own shell tool. */
  | { readonly shell: string; readonly extra?: Readonly<Record<string, unknown>> }
  /** A file to be written with the agent's own file tool. */
  | { readonly write: string; readonly content: string }
  /** A tool by the name that the agent itself gives it. */
  | { readonly tool: string; readonly input: Readonly<Record<string, unknown>> };

/** One answer of the scripted model: calls, or a text that ends the turn of the user. */
export interface Turn {
  /** Made when it is the model's turn, with what it was told before. */
  readonly calls?: readonly Call[] | ((told: readonly Asked[]) => readonly Call[]);
  /** Waited for before the model answers. */
  readonly before?: () => Promise<unknown>;
}

/** What a tool gave back, as the model reads it. */
export interface Result {
  readonly id: string;
  readonly text: string;
}

/** One request of the agent, and when it came and was answered. */
export interface Asked {
  readonly turn: number;
  /** By `performance.now()`. */
  readonly atMs: number;
  /** Set as soon as the last byte of the answer is written. */
  answeredAtMs: number;
  /** Everything that the model reads, as the agent sent it. */
  readonly text: string;
  /** Results of tools in it, oldest first. */
  readonly results: readonly Result[];
  /** Names of the tools that the agent offers. */
  readonly tools: readonly string[];
}

/** A tool call in words of the agent's API. */
export interface Named {
  readonly id: string;
  readonly name: string;
  readonly input: Readonly<Record<string, unknown>>;
  /** The input is a text and no object: Codex takes patches so. */
  readonly freeform?: string;
}

/** What one API needs: its way to read a request and its way to answer one. */
export interface Api {
  /** The request is one for the next turn, and no question beside the talk such as one for a title. */
  isTurn(tools: readonly string[]): boolean;
  toolsIn(body: any): string[];
  resultsIn(body: any): Result[];
  /** Names a call as the agent does that offers these tools. */
  name(call: Call, id: string, tools: readonly string[]): Named;
  /** The answer as one text: JSON, or the events of a stream. */
  answer(body: any, path: string, calls: readonly Named[], turn: number): { type: string; text: string };
}

/** Text the model ends its turn with. */
export const DONE = "The script is over.";

export const JSON_TYPE = "application/json";
export const STREAM_TYPE = "text/event-stream";

/** Events of a stream whose data says its type itself. */
export function events(list: readonly (readonly [type: string, data: object])[]): string {
  return list
    .map(([type, data]) => `event: ${type}\ndata: ${JSON.stringify({ type, ...data })}\n\n`)
    .join("");
}

/** Text of a content that is one, or a list of parts that have one. */
export function textOf(content: unknown): string {
  if (typeof content === "string") return content;
  if (Array.isArray(content)) return content.map((part) => textOf(part?.text ?? part?.content)).join("");
  return content === undefined ? "" : JSON.stringify(content);
}
