import { cpus, loadavg, totalmem } from "node:os";

/** What the figures were taken on. Starts now; `end` adds how busy the machine was meanwhile. */
export function machine() {
  const [first] = cpus();
  const from = load();
  const memory = Math.round(totalmem() / 1024 ** 3);
  return () => ({
    cpu: `${cpus().length} x ${first.model.trim()}, ${memory} GB, ${process.platform}`,
    node: process.version,
    load: `${from} – ${load()}`,
    when: new Date().toISOString().slice(0, 16).replace("T", " "),
  });
}

const load = () => loadavg()[0].toFixed(1);
