/** The fields of `/proc/<pid>/stat` that are needed. */
export interface ProcessStat {
  /** One letter; `Z` and `X` stand for a process that ended and that nobody has buried yet. */
  state: string;
  group: number;
  session: number;
  /** Clock ticks from the boot to the start of the process. */
  born: number;
}

/** Returns undefined for a text that is no such line. The name of the program may hold anything, also `) `. */
export function parseStat(text: string): ProcessStat | undefined {
  const fields = text.slice(text.lastIndexOf(") ") + 2).split(" ");
  // The third field of the line is the first of these: group is the 5th, session the 6th, start time the 22nd.
  const [group, session, born] = [fields[2], fields[3], fields[19]].map(Number);
  if (group === undefined || session === undefined || born === undefined) return undefined;
  if (!Number.isInteger(group) || !Number.isInteger(born)) return undefined;
  return { state: fields[0] ?? "", group, session, born };
}
