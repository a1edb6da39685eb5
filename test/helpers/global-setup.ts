import { execFileSync } from "node:child_process";
import { rmSync } from "node:fs";
import { delimiter, dirname } from "node:path";
import { marked } from "./marked.js";
import { repo } from "./paths.js";
import { INSTALLED_IN, installedIn } from "./run-folders.js";

/** Marks every child of this run, so that survivors are found whatever became of their parents. */
const MARK = `synaps-test-${process.pid}`;

/** After all tests, nothing that they started may still run. */
export default function setup(): () => void {
  // TERM is one of the few variables that every extension gets.
  process.env["TERM"] = MARK;
  process.env[INSTALLED_IN] = repo(`node_modules/.cache/${MARK}`);
  passOverShims();
  return () => {
    rmSync(installedIn(), { recursive: true, force: true });
    const left = survivors();
    if (left.length > 0) throw new Error(`Tests left children alive:\n${left.join("\n")}`);
  };
}

/** A version manager's `python3` takes five times as long to start as the interpreter that it leads to. */
function passOverShims(): void {
  try {
    const found = execFileSync("python3", ["-c", "import sys; print(sys.executable)"], { encoding: "utf8" });
    process.env["PATH"] = [dirname(found.trim()), process.env["PATH"]].join(delimiter);
  } catch {
    // Tests that need Python say so themselves.
  }
}

function survivors(): string[] {
  return marked(MARK)
    .filter((line) => /\bextensions?\b|fixtures|main\.(m?js|py)/.test(line))
    .filter((line) => !line.includes("vitest"));
}
