import { writeSync } from "node:fs";
import { isExtensionProgram } from "./own-manifest.js";

const TEXT = `This extension was defined but never served: its program ended without a call of serve.
Write serve(extension) at the end of the program, with the result of defineExtension or defineHook.
`;

let isWatching = false;
let isUsed = false;

/** Notes that an extension was defined. At the end of a program that a manifest starts, a missing `serve` is told. */
export function watchForServe(): void {
  if (isWatching) return;
  isWatching = true;
  process.once("exit", (code) => {
    // A program that failed has told the reason; a test or a tool that imports a definition is no extension's program.
    if (isUsed || code !== 0 || !isExtensionProgram()) return;
    process.exitCode = 1;
    writeSync(2, TEXT);
  });
}

/** Notes that an extension is served, or handed to a tool for tests. */
export function extensionIsUsed(): void {
  isUsed = true;
}
