import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Program } from "../../../../packages/host/src/transport/process/program-file.js";
import { tempDir } from "../../../helpers/temp.js";

/** A folder of its own, in which a test puts programs that are never run. */
export function programs() {
  const folder = tempDir();
  const at = (name: string): string => join(folder, name);
  const file = (name: string, content: string | Buffer, mode = 0o755): string => {
    writeFileSync(at(name), content);
    chmodSync(at(name), mode);
    return at(name);
  };
  /** The program of this name, found by its path or, without one, by PATH. */
  const program = (command: string, args: readonly string[] = []): Program => ({
    command,
    args,
    cwd: folder,
    env: { PATH: folder },
  });
  return { folder, at, file, program };
}
