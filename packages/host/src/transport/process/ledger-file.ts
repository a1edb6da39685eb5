/** A process that may run on after its host. `born` is its start time in the words of the platform. */
export interface LedgerChild {
  pid: number;
  born: string;
  extension: string;
  /** The last moment, on the clock of the start times, at which the host knew it alive. */
  seen?: string | undefined;
}

export interface LedgerContent {
  scope: string;
  host: { pid: number; born: string };
  children: readonly LedgerChild[];
}

const VERSION = 1;

export function ledgerText(content: LedgerContent): string {
  return `${JSON.stringify({ version: VERSION, ...content })}\n`;
}

/** Undefined for what no host wrote. Processes are killed by what stands here, so everything is checked. */
export function parseLedger(text: string): LedgerContent | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isObject(value) || value["version"] !== VERSION) return undefined;
  const { scope, host, children } = value;
  if (typeof scope !== "string" || !isProcess(host) || !Array.isArray(children)) return undefined;
  return children.every(isChild) ? { scope, host, children } : undefined;
}

function isChild(value: unknown): value is LedgerChild {
  if (!isObject(value)) return false;
  const { extension, seen } = value;
  return isProcess(value) && typeof extension === "string" && (seen === undefined || isDigits(seen));
}

/** 0 and 1 are no children of anybody's: as a group they would mean the host itself, or everything. */
function isProcess(value: unknown): value is { pid: number; born: string } {
  if (!isObject(value)) return false;
  const { pid, born } = value;
  return Number.isSafeInteger(pid) && (pid as number) > 1 && isDigits(born);
}

function isDigits(value: unknown): boolean {
  return typeof value === "string" && /^\d{1,20}$/.test(value);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
