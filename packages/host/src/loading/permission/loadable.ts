import { basename, extname } from "node:path";

/** Suffixes of files that hold data: nothing runs them, and nothing loads them because they lie there. */
const DATA = new Set(
  (
    ".json .jsonl .ndjson .json5 .txt .text .log .md .rst .csv .tsv .xml .html .htm .css .svg .map .yaml .yml .toml .ini " +
    ".cfg .conf .properties .db .sqlite .sqlite3 .db-wal .db-shm .db-journal .sqlite-wal .sqlite-shm .sqlite-journal " +
    ".sqlite3-wal .sqlite3-shm .sqlite3-journal .lock .pid .tmp .bak .old .orig .swp .dat .cache .snap .bin .png .jpg " +
    ".jpeg .gif .webp .bmp .ico .pdf .wav .mp3 .ogg .flac .mp4 .webm .woff .woff2 .ttf .otf .pem .crt .onnx .gguf .pt .npy " +
    ".gz .zip .tar .tgz .zst .xz .bz2 .diff .patch .po .mo"
  ).split(" "),
);

/** Data by their suffix, yet read by an interpreter or a package manager before any code of the extension runs. */
const STEERING =
  /^(package(-lock)?\.json|npm-shrinkwrap\.json|tsconfig.*\.json|jsconfig\.json|deno\.jsonc?|bunfig\.toml|pyvenv\.cfg|pyproject\.toml|setup\.cfg|tox\.ini|plugin\.json|cargo\.toml|\.yarnrc\.yml|pnpm-workspace\.yaml|mise\.toml|uv\.toml|pytest\.ini|composer\.json|nodemon\.json|\.mocharc\.(json|ya?ml)|babel\.config\.json|\.babelrc\.json|taskfile\.ya?ml|pom\.xml|build\.xml|node\.config\.json|.*\.(runtimeconfig|deps)\.json)$/i;

/**
 * True for a file that an interpreter or the system may run or load without being told to by code that was approved:
 * sources, bytecode, libraries, programs, and every file of a kind that is not known to be data. Pure.
 */
export function isLoadable(name: string, isExecutable: boolean): boolean {
  const file = basename(name);
  return isExecutable || STEERING.test(file) || !DATA.has(extname(file).toLowerCase());
}
