import type { JsonValue } from "./protocol/json.js";
import type { SynapsEvent } from "./protocol/events.js";
import type { SynapsKind } from "./protocol/synaps-catalog.js";

export const INPUT_TYPES = [
  ...(["string", "number", "boolean", "json"] as const),
  ...(["string?", "number?", "boolean?", "json?"] as const),
] as const;

/** Type of one field of a tool's input. With a question mark, the field may be missing or null. */
export type InputType = (typeof INPUT_TYPES)[number];

/** Types by field. An input may hold further fields. */
export type InputShape = Readonly<Record<string, InputType>>;

/** Shapes by the tool's name; `*` stands for every other tool. */
export type ToolInputs = Readonly<Record<string, InputShape>>;

interface Values {
  string: string;
  number: number;
  boolean: boolean;
  json: JsonValue;
}

type Required<S extends InputShape> = {
  [K in keyof S as S[K] extends keyof Values ? K : never]: Values[S[K] & keyof Values];
};

type Optional<S extends InputShape> = {
  [K in keyof S as S[K] extends `${string}?` ? K : never]?: S[K] extends `${infer T extends keyof Values}?`
    ? Values[T] | null
    : never;
};

/** A tool's input as its shape describes it. */
export type InputOf<S extends InputShape> = Required<S> & Optional<S>;

type ToolKind = "before_tool_call" | "after_tool_call";

type ToolEvent<K extends ToolKind, I extends ToolInputs> = {
  [T in keyof I & string]: Omit<SynapsEvent<K>, "tool_name" | "tool_input"> & {
    tool_name: T extends "*" ? string : T;
    tool_input: InputOf<I[T]>;
  };
}[keyof I & string];

/** The event of a kind, with the shapes of its tools' inputs where some are given. */
export type EventFor<K extends SynapsKind, I extends ToolInputs> = K extends ToolKind
  ? [keyof I] extends [never]
    ? SynapsEvent<K>
    : ToolEvent<K, I>
  : SynapsEvent<K>;
