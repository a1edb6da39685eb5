import { expect, it } from "vitest";
import { runScript } from "./run-script.js";
import { verifies } from "../../requirements/verifies.js";

/** A machine that has other things to do takes many times the usual few seconds. */
const BUSY = { timeout: 300_000 };

const linux = process.platform === "linux";

it.skipIf(!linux)(
  verifies("FAIL-040") + "hundreds of falls and restarts leave no file open and no listener behind",
  BUSY,
  async () => {
    // The heap: over so few restarts tables still reach their size. A forgotten process would take far more.
    const { report } = await runScript("soak-restarts", "--count", "400", "--every", "50");
    const { descriptors, listeners } = report as Record<"descriptors" | "listeners", { growth: number }>;
    // A look may always meet one process more, with its three pipes. A forgotten file for each restart is hundreds.
    expect(descriptors.growth).toBeLessThanOrEqual(3);
    expect(listeners.growth).toBeLessThanOrEqual(0);
    const { restarts, heap_bytes_per_restart: bytes } = report as unknown as Record<string, number>;
    expect(restarts).toBeGreaterThanOrEqual(390);
    expect(bytes).toBeLessThan(5_000);
  },
);

it.skipIf(!linux)(
  verifies("FAIL-041") + "floods of garbage grow no memory and disturb no neighbour",
  BUSY,
  async () => {
    // 12 MB on each of two pipes: more than the growth at which the run fails, if all of it were kept.
    const { code, report } = await runScript("soak-garbage", "--mb", "12");
    const { asked, answered } = (report as { neighbour: Record<string, number> }).neighbour;
    expect(answered).toBe(asked);
    expect(asked).toBeGreaterThan(10);
    const states = { "floods-stderr": "running", "floods-stdout": "running", healthy: "running" };
    expect(report).toMatchObject({ states });
    expect(code).toBe(0);
  },
);
