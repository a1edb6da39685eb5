import { Session } from "node:inspector/promises";

// `dispatch` is the profiler itself, at the start and the end.
const NOT_BUSY = ["(idle)", "(program)", "dispatch"];

/** Runs `work` under the profiler; returns rows of [function, share of the busy time], the largest first. */
export async function profile(work, { intervalUs = 200 } = {}) {
  const session = new Session();
  session.connect();
  await session.post("Profiler.enable");
  await session.post("Profiler.setSamplingInterval", { interval: intervalUs });
  await session.post("Profiler.start");
  await work();
  const { profile: taken } = await session.post("Profiler.stop");
  session.disconnect();
  return shares(taken);
}

/** @param {any} profile what the profiler of V8 returns */
function shares({ nodes, samples, timeDeltas }) {
  const frames = new Map(nodes.map(({ id, callFrame }) => [id, callFrame]));
  const own = new Map();
  let busy = 0;
  samples.forEach((id, index) => {
    const { functionName, url, lineNumber } = frames.get(id);
    if (NOT_BUSY.includes(functionName)) return;
    const where = url === "" ? "" : ` (${url.split("/").slice(-2).join("/")}:${lineNumber + 1})`;
    const name = `${functionName || "(anonymous)"}${where}`;
    own.set(name, (own.get(name) ?? 0) + timeDeltas[index]);
    busy += timeDeltas[index];
  });
  const rows = [...own].sort(([, a], [, b]) => b - a);
  return rows.map(([name, time]) => [name, `${((time / busy) * 100).toFixed(1)} %`]);
}
