/**
 * Keeps standard output for the protocol from the import of the SDK on, in the program that the manifest starts: printing
 * before `serve` then shows up in the log. In tests and tools, standard output stays as it is.
 */
import { isExtensionProgram } from "../serve/own-manifest.js";
import { installStdoutGuard } from "./stdout-guard.js";

if (isExtensionProgram()) installStdoutGuard();
