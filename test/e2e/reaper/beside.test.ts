import { spawn } from "node:child_process";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { FIXTURES, repo } from "../../helpers/paths.js";
import { tempDir } from "../../helpers/temp.js";
import { until } from "../../helpers/wait.js";
import { writeOffer } from "../../host/surfaces/commands/support.js";
import { verifies } from "../../requirements/verifies.js";
import { gone } from "../host/support/fixture.js";

it.skipIf(process.platform !== "linux")(
  verifies("SIDE-030") + "a killed host leaves no sidecar and no command's program behind",
  async () => {
    const answer = { "sidecar.spawn_args": { args: [repo("test/fixtures/sidecar/voice.mjs"), "stubborn"] } };
    const folder = tempDir();
    writeOffer(folder, {
      id: "beside",
      commands: [{ name: "long", command: "sh", args: ["-c", "trap '' TERM; echo $$; sleep 1000"] }],
      extension: { args: [join(FIXTURES, "offers-commands", "main.mjs"), JSON.stringify(answer)] },
      manifest: { provides: { sidecar: { command: process.execPath } } },
    });
    const program = repo("test/e2e/reaper/fixtures/beside-host.mjs");
    const host = spawn(process.execPath, [program, tempDir(), folder, "beside"]);
    onTestFinished(() => void host.kill("SIGKILL"));
    let printed = "";
    host.stdout.on("data", (chunk: Buffer) => (printed += chunk.toString()));
    await until("both run", () => printed.split("\n").length === 3);
    const pids = printed.trim().split("\n").map(Number);
    onTestFinished(() => {
      for (const pid of pids) {
        try {
          process.kill(-pid, "SIGKILL");
        } catch {
          // It is gone, as it should be.
        }
      }
    });
    expect(pids.every((pid) => pid > 1)).toBe(true);
    host.kill("SIGKILL");
    await Promise.all(pids.map(gone));
  },
);
