/** A program: through a shell, or with its arguments as they stand. */
export interface CommandRun {
  readonly type: "command";
  readonly command: string;
  /** Present in the form without a shell. */
  readonly args?: readonly string[];
  readonly shell: "sh" | "bash";
}

/** A web address that is asked. */
export interface HttpRun {
  readonly type: "http";
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Variables that headers may name. */
  readonly allowedEnvVars: readonly string[];
}

/** A handler that is not run here, and the reason. */
export interface NotRun {
  readonly type: "none";
  readonly why: string;
  /** True for this host's own entry: nobody misses it. */
  readonly isOwn: boolean;
}

/** One handler of a hook configuration, in the order of the file. */
export interface Handler {
  readonly event: string;
  /** Empty for everything. */
  readonly matcher: string;
  /** Permission rule that a tool call has to fit. */
  readonly rule?: string;
  readonly run: CommandRun | HttpRun | NotRun;
  /** As the file says; the event decides when it says nothing. */
  readonly timeoutMs?: number;
  /** True if nobody waits for it. */
  readonly isBackground: boolean;
  /** True if it blocks when it fails. */
  readonly isClosed: boolean;
}

/** A hook configuration that could be read. */
export interface Definition {
  readonly handlers: readonly Handler[];
  /** True if the file switches its hooks off. */
  readonly isOff: boolean;
  /** Remarks for the user: unknown names, values that were left out. */
  readonly notes: readonly string[];
}

/** Reads a hook configuration, or says why it is none. */
export type Parsed = Definition | { readonly broken: string };
