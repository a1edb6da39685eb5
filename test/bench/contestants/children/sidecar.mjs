#!/usr/bin/env node
// A sidecar that writes as fast as its pipe takes it, from press to release.
import { createInterface } from "node:readline";

const hello = { type: "hello", protocol_version: 2, extension: "sidecar", capabilities: [] };
const line = `${JSON.stringify({ type: "custom", event_type: "noise", payload: { text: "nobody asked" } })}\n`;
const noise = Buffer.from(line.repeat(100));
let flooding = false;

function flood() {
  if (!flooding) return;
  if (process.stdout.write(noise)) setImmediate(flood);
  else process.stdout.once("drain", flood);
}

createInterface({ input: process.stdin }).on("line", (text) => {
  const { type, name } = JSON.parse(text);
  if (type === "shutdown") process.exit(0);
  if (type !== "trigger") return;
  flooding = name === "press";
  flood();
});
process.stdin.on("end", () => process.exit(0));
process.stdout.write(`${JSON.stringify(hello)}\n`);
