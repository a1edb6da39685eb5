import { statSync, type BigIntStats } from "node:fs";

/** Facts about what a path leads to; undefined for a path that leads nowhere that this process can look at. */
export function statOf(path: string): BigIntStats | undefined {
  try {
    return statSync(path, { bigint: true });
  } catch {
    return undefined;
  }
}
