import { HostError } from "../../errors.js";
import { noteSetup } from "./plugins-file.js";
import { planSetup, type SetupPlan } from "./plan.js";
import { installPrebuilt } from "./prebuilt.js";
import { runScript } from "./script.js";
import type { InstallOptions } from "./settings.js";
import { verifyCommand } from "./verify-command.js";

/** The record of a setup that succeeded; a setup that fails throws instead. */
export interface SetupReport {
  /** The way in which the setup was done. `nothing`: there is neither a script nor an asset for this machine. */
  did: "prebuilt" | "script" | "nothing";
  /** Files of an asset that were written into the extension's folder. */
  files: readonly string[];
  /** Path of the file that holds a script's output. */
  log: string | undefined;
  /** Reason for running the script although there is an asset. */
  fellBack: string | undefined;
}

/**
 * Carries out a plan: unpacks the asset for this machine, or else runs the setup script; then checks the extension's
 * program. An asset that cannot be fetched falls back to the script; an asset with another hash than the manifest says,
 * or with unsafe content, never does. The setup runs code of the extension: ask the user first.
 *
 * Throws a HostError when the setup fails. The failure is noted in `<base>/plugins.json`, and the extension is not loaded
 * from the user's folder until a setup succeeds.
 */
export async function setUp(plan: SetupPlan, options: InstallOptions): Promise<SetupReport> {
  const { extension } = plan;
  const { baseDir } = options.settings;
  try {
    const report = await carryOut(plan, options);
    // The asset or the script may have made the command another file.
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
