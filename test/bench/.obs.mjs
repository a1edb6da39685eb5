import { startHost, startBase } from "./contestants/ours.mjs";
import { eventOf } from "./lib/payload.mjs";
import { readFileSync } from "node:fs";
const which = process.argv[2];
const total = 200000, WINDOW = 1000;
const HOOKS = ["bench.observe", "bench.report"];
const host = which === "base" ? await startBase("/tmp/base", { hooks: HOOKS }) : await startHost({ one: { hooks: HOOKS } });
const pid = host.snapshot().extensions[0].process?.pid ?? host.snapshot().extensions[0].pid;
const childCpu = () => { const f = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1].split(" "); return (Number(f[11]) + Number(f[12])) * 10; };
const { tool_input, session_id, tool_name } = eventOf(240, "bench.observe");
async function stream(total) {
  let sent = 0, open = 0;
  await new Promise((resolve) => {
    const pump = () => { while (open < WINDOW && sent < total) { open += 1; sent += 1;
      host.emit({ kind: "bench.observe", tool_name, tool_input, session_id, data: { seq: sent } }).then(({ settled }) => settled.then(done)); } };
    const done = () => { open -= 1; if (sent === total && open === 0) resolve(); else if (open <= WINDOW / 2) pump(); };
    pump();
  });
}
await stream(40000);
const c0 = process.cpuUsage(), k0 = childCpu(), t0 = performance.now();
await stream(total);
const c1 = process.cpuUsage(c0), t = performance.now() - t0;
console.log(which, "host cpu us/event", ((c1.user + c1.system) / total).toFixed(2), "child", ((childCpu() - k0) * 1000 / total).toFixed(2), "wall", (t * 1000 / total).toFixed(2));
await host.stop();
