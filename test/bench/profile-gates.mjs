import { startSdk } from "./contestants/ours.mjs";
import { eventOf } from "./lib/payload.mjs";
import { profile } from "./lib/profile.mjs";
import { cpuMs, throughput } from "./lib/rounds.mjs";

const CALLS = 20_000;
const SHOWN = 25;

/** Prints where the host's time goes for gates one after the other and pipelined. Returns the exit code. */
export async function profileGates(write) {
  const ours = await startSdk();
  const event = eventOf(300);
  const workloads = {
    "one after the other": async () => {
      for (let n = 0; n < CALLS; n += 1) await ours.call(event);
    },
    "500 under way": () => throughput(() => ours.call(event), CALLS, 500),
  };
  for (const [name, work] of Object.entries(workloads)) {
    const cpu = await cpuMs(work);
    const rows = await profile(work);
    write(`\n${name}: ${((cpu * 1000) / CALLS).toFixed(1)} us of processor time an event\n`);
    for (const [what, share] of rows.slice(0, SHOWN)) write(`${share.padStart(8)}  ${what}\n`);
  }
  await ours.stop();
  return 0;
}
