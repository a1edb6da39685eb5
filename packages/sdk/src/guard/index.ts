/**
 * Import this first, before anything that could print: it keeps standard output for the protocol.
 * `serve` installs the same guard, but only when your code calls it.
 */
import { installStdoutGuard } from "./stdout-guard.js";

installStdoutGuard();
