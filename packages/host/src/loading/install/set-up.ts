import { HostError } from "../../errors.js";
import { noteSetup } from "./plugins-file.js";
import { planSetup, type SetupPlan } from "./plan.js";
import { installPrebuilt } from "./prebuilt.js";
import { runScript } from "./script.js";
import type { InstallOptions } from "./settings.js";
import { verifyCommand } from "./verify-command.js";

export interface SetupReport {
  /** What was done. `nothing`: there is neither a script nor anything built for this machine. */
  did: "prebuilt" | "script" | "nothing";
  /** Of an asset: the files that were written into the extension's folder. */
  files: readonly string[];
  /** Of a script: where its output stands. */
  log: string | undefined;
  /** Why the asset was not used and the script run in its stead. */
  fellBack: string | undefined;
}

/**
 * Does what a plan says: unpacks what was built for this machine, or else runs the setup script; then looks whether the
 * extension's program is there. An asset that cannot be fetched falls back to the script; one that is another than the
 * manifest says, or not safe to unpack, never does. Runs code of the extension: ask the user first.
 *
 * Throws a HostError when it fails. That is noted in `<base>/plugins.json`, and the extension is not loaded from the
 * user's folder until a setup succeeds.
 */
export async function setUp(plan: SetupPlan, options: InstallOptions): Promise<SetupReport> {
  const { extension } = plan;
  const { baseDir } = options.settings;
  try {
    const report = await carryOut(plan, options);
    // What was unpacked or built may have made the command another file.
    const { extension: now } = await planSetup(extension.root, options);
    const unusable = verifyCommand(now);
    if (unusable) throw unusable;
    await noteSetup(baseDir, extension.id, false);
    return report;
  } catch (error) {
    await noteSetup(baseDir, extension.id, true);
    throw error;
  }
}

async function carryOut(plan: SetupPlan, options: InstallOptions): Promise<SetupReport> {
  const { extension, asset, script } = plan;
  let fellBack: string | undefined;
  if (asset) {
    try {
      const files = await installPrebuilt(plan, asset, options);
      return { did: "prebuilt", files, log: undefined, fellBack };
    } catch (error) {
      const mayFallBack = error instanceof HostError && error.code === "PREBUILT_UNREACHABLE";
      if (!mayFallBack || script === undefined) throw error;
      fellBack = error.message;
    }
  }
  if (script === undefined) return { did: "nothing", files: [], log: undefined, fellBack };
  const { log } = await runScript(extension, script, options);
  return { did: "script", files: [], log, fellBack };
}
