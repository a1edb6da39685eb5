import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import type { MemoryRecord } from "@synaps/sdk/protocol";
import { onTestFinished } from "vitest";
import { SketchBudget } from "../../../../packages/host/src/surfaces/memory/sketch.js";
import { memoryPath, MemoryStore } from "../../../../packages/host/src/surfaces/memory/store.js";
import { nullLogger } from "../../../../packages/host/src/logger.js";
import { tempDir } from "../../../helpers/temp.js";

export interface StoreKit {
  store: MemoryStore;
  baseDir: string;
  path: string;
  /** What was warned about. */
  warnings: Readonly<Record<string, unknown>>[];
}

export function openStore(baseDir = tempDir(), namespace = "notes", budget = new SketchBudget()): StoreKit {
  const warnings: StoreKit["warnings"] = [];
  const logger = {
    ...nullLogger,
    warn: (message: string, fields: object = {}) => void warnings.push({ message, ...fields }),
  };
  const store = new MemoryStore(baseDir, namespace, logger, budget);
  onTestFinished(() => store.close());
  return { store, baseDir, path: memoryPath(baseDir, namespace), warnings };
}

export function record(content: string, more: Partial<MemoryRecord> = {}): MemoryRecord {
  return { namespace: "notes", timestamp_ms: 1_000, content, tags: [], ...more };
}

export function lines(...records: (MemoryRecord | string)[]): string {
  return records.map((one) => `${typeof one === "string" ? one : JSON.stringify(one)}\n`).join("");
}

export function put(path: string, text: string | Buffer): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

/** The file's lines, without the last line end. */
export function fileLines(path: string): string[] {
  return readFileSync(path, "utf8").replace(/\n$/, "").split("\n");
}

export async function contents(
  store: MemoryStore,
  query: Parameters<MemoryStore["query"]>[0] = {},
): Promise<string[]> {
  return (await store.query(query)).map(({ content }) => content);
}
