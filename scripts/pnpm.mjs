// The one place that names the pnpm this workspace is installed and packed with.
import { spawnSync } from "node:child_process";

/** Last pnpm line that is plain JavaScript and runs on Node 20; its lockfile is read by 9, 10 and 12. */
const PNPM = "pnpm@10.34.9";

/** Runs pnpm through npx and returns how it ended. Its output goes to standard error. */
export function pnpm(args, cwd) {
  const windows = process.platform === "win32";
  const npx = windows ? "npx.cmd" : "npx";
  // Under `npx -p node@22 -c "npm start"` these two would have npx run that command again instead of pnpm.
  const { npm_config_package: _, npm_config_call: __, ...env } = process.env;
  return spawnSync(npx, ["--yes", PNPM, ...args], { cwd, env, stdio: ["ignore", 2, 2], shell: windows });
}
