// Time of secret-redactor per MB of output, p50 and p99: over the sources of this workspace, over the corpus, and over texts
// that invite work. Processor time, so that a busy machine changes little: see scripts/guard-times.mjs.
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";

const workspace = fileURLToPath(new URL("../../", import.meta.url));
const CHUNK = 65_536;
const MOST_CHUNKS = 120;
/** Each text is redacted so often; the fastest counts. */
const TRIES = 3;

/**
 * @param {string} [beside] folder of an older extension, in its checkout, to measure beside this one
 * @returns {Promise<{ what: string, unit: string, now: number[], before?: number[] }[]>}
 */
export async function rows(beside) {
  const now = await redactorOf(workspace);
  const before = beside === undefined ? undefined : await redactorOf(join(beside, "..", ".."));
  return Object.entries(texts()).map(([what, samples]) => ({
    what,
    unit: "ms per MB",
    now: timesOf(samples, now),
    ...(before && { before: timesOf(samples, before) }),
  }));
}

/** @returns {Record<string, string[]>} */
function texts() {
  const sources = filesBelow(join(workspace, "packages"), /\.ts$/);
  const corpus = filesBelow(join(workspace, "extensions", "secret-redactor", "corpus"), /\.txt$/);
  const repeated = (unit) => unit.repeat(Math.ceil(CHUNK / unit.length)).slice(0, CHUNK);
  const hostile = [
    "a",
    "eyJ",
    "A1b2",
    "key=",
    "password: ",
    "://a:",
    "-----BEGIN PRIVATE KEY-----\n",
    '{"name":"token","value":',
    "| token | key |\n",
    "ghp_\n",
  ];
  return {
    "clean files": chunksOf(sources),
    "the corpus": chunksOf(corpus),
    "hostile texts": hostile.map(repeated),
  };
}

function filesBelow(root, ending) {
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter(
      (entry) => entry.isFile() && ending.test(entry.name) && !/node_modules|\/dist/.test(entry.parentPath),
    )
    .map((entry) => join(entry.parentPath, entry.name))
    .toSorted();
}

function chunksOf(files) {
  const text = files.map((file) => readFileSync(file, "utf8")).join("\n");
  const chunks = [];
  for (let at = 0; at < text.length && chunks.length < MOST_CHUNKS; at += CHUNK)
    chunks.push(text.slice(at, at + CHUNK));
  return chunks;
}

/** Bundles the redactor of a checkout, where its sources stand now or stood before, and loads it. */
async function redactorOf(root) {
  const places = [join(root, "packages/guards/src/secrets"), join(root, "extensions/secret-redactor/src")];
  const folder = places.find((place) => existsSync(join(place, "redact.ts")));
  if (folder === undefined) throw new Error(`no redactor below ${root}`);
  const out = mkdtempSync(join(tmpdir(), "secrets-"));
  try {
    const contents =
      'export { createRedactor } from "./redact.js"; export { RULES } from "./rules/index.js";';
    const outfile = join(out, "redactor.mjs");
    await build({
      stdin: { contents, resolveDir: folder },
      bundle: true,
      format: "esm",
      platform: "node",
      outfile,
      logLevel: "error",
    });
    const { createRedactor, RULES } = await import(pathToFileURL(outfile).href);
    return createRedactor({ rules: RULES, entropy: 2.8, isAllowed: () => false });
  } finally {
    rmSync(out, { recursive: true });
  }
}

function timesOf(samples, redactor) {
  // The first texts also pay for compiling the patterns.
  for (const text of samples.slice(0, 3)) redactor.redact(text);
  return samples.map((text) => (fastest(text, redactor) * 1_000_000) / Buffer.byteLength(text));
}

function fastest(text, { redact }) {
  let best = Infinity;
  for (let tries = 0; tries < TRIES; tries += 1) {
    const started = process.cpuUsage();
    redact(text);
    const { user, system } = process.cpuUsage(started);
    best = Math.min(best, (user + system) / 1_000);
  }
  return best;
}
