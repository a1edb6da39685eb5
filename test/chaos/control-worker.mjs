// Asks a bare echo process again and again, on an event loop of its own: when that one is slow, the machine is, and
// not the host. Reports the times, since the epoch, during which an answer took longer than the threshold.
import { spawn } from "node:child_process";
import { parentPort, workerData } from "node:worker_threads";

const echo = "import sys\nfor line in sys.stdin:\n    sys.stdout.write(line)\n    sys.stdout.flush()";
const child = spawn("python3", ["-u", "-c", echo], { stdio: ["pipe", "pipe", "ignore"] });
const now = () => performance.timeOrigin + performance.now();
const slow = [];
let sentAt;
let done = false;

function ask() {
  if (done) return;
  sentAt = now();
  child.stdin.write(".\n");
}
child.stdout.on("data", () => {
  const end = now();
  if (end - sentAt > workerData.thresholdMs) slow.push({ from: sentAt, to: end });
  setTimeout(ask, 20);
});
parentPort?.on("message", () => {
  if (now() - sentAt > workerData.thresholdMs) slow.push({ from: sentAt, to: now() });
  child.once("exit", () => {
    parentPort?.postMessage(slow);
    parentPort?.close();
  });
  done = true;
  child.kill("SIGKILL");
});
ask();
