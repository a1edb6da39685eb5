/** What a tool does with the paths of its input. `patch` and `edit` take the details from the input. */
export type ToolKind = "read" | "list" | "search" | "write" | "delete" | "move" | "copy" | "edit" | "patch";

/** What happens to one path: `list` sees names, `search` the text of all files below, `delete` also moves away. */
export type Operation = "read" | "list" | "search" | "write" | "delete";

/** One path that a call touches, as the tool's input has it. */
export interface Access {
  readonly operation: Operation;
  readonly text: string;
  /** True for a text that only looks like a path: it counts where it would lead to secrets, or to what decides about guards. */
  readonly isGuess?: boolean;
}

/** What a call touches. */
export interface Call {
  readonly accesses: readonly Access[];
  /** Reason why not every path of the input can be told; undefined if every path is known. */
  readonly unclear: string | undefined;
}

/** True for an operation that changes something. */
export const changes = (operation: Operation): boolean => operation === "write" || operation === "delete";
