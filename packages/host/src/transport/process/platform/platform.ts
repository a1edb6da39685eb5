/** Command of the process that ends the children of a host that was killed. */
export interface ReaperCommand {
  command: string;
  args: readonly string[];
  env: Readonly<Record<string, string>>;
}

/** The differences of operating systems about processes that are known by their id only. */
export interface Platform {
  /** True if a child can lead a process group, to which its own children belong from their start. */
  readonly groups: boolean;
  /** Signals a process and all that belongs to it. Does nothing when nobody is left, and never throws. */
  signalTree(pid: number, signal: NodeJS.Signals): void;
  isAlive(pid: number): boolean;
  /**
   * When the process was started, as digits that only it has among all that ever get this id in this scope.
   * Undefined when it is gone, or when the system does not tell.
   */
  startTime(pid: number): Promise<string | undefined>;
  /** The present on the clock of the start times; undefined where nothing needs it. */
  now(): Promise<string | undefined>;
  /** Within what ids and start times are unique; those of another scope say nothing about this one. */
  scope(): Promise<string>;
  /**
   * True if a group whose leader is gone is certainly still the one that the leader led from `born` to at least
   * `seen`. False when in doubt.
   */
  isRemnant(group: number, born: string, seen: string | undefined): Promise<boolean>;
  reaper(hostPid: number): ReaperCommand;
}

/** The operating system as a platform sees it; tests hand in their own. */
export interface PlatformTools {
  /** Runs a command and resolves to its output. Rejects when the command failed. */
  run(command: string, args: readonly string[], env?: Readonly<Record<string, string>>): Promise<string>;
  /** Starts a command that goes on alone, also when this process ends at once. */
  start(command: string, args: readonly string[]): void;
  /** Throws as `process.kill` does. */
  kill(pid: number, signal: NodeJS.Signals | 0): void;
  readFile(path: string): Promise<string>;
  readLink(path: string): Promise<string>;
  listFolder(path: string): Promise<string[]>;
  /** Where Windows is installed. */
  systemRoot: string;
  /** The program that runs this one. */
  execPath: string;
}
