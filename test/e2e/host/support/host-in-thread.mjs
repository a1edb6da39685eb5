// Runs a host in a worker thread until it stopped, opens files in the main thread, ends the worker, and prints how many
// extensions voted and how many of the files are still open:
//     node host-in-thread.mjs FOLDER BASE
// FOLDER holds the extensions, BASE is the base folder.
import { fstatSync, openSync } from "node:fs";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";
import { createHost, nullLogger } from "../../../../packages/host/dist/index.js";

const FILES = 64;

if (isMainThread) {
  const [folder, baseDir] = process.argv.slice(2);
  const worker = new Worker(fileURLToPath(import.meta.url), { workerData: { folder, baseDir } });
  const [voted] = await once(worker, "message");
  // They get the lowest numbers that are free: those of the streams that the host let go.
  const files = Array.from({ length: FILES }, () => openSync("/dev/null", "r"));
  worker.postMessage("end");
  await once(worker, "exit");
  console.log(voted, files.filter(isOpen).length);
} else {
  const host = createHost({ folders: [workerData.folder], baseDir: workerData.baseDir, logger: nullLogger });
  await host.start();
  const { votes } = await host.emit({ kind: "before_tool_call", tool_name: "bash", tool_input: {} });
  await host.stop();
  parentPort?.once("message", () => process.exit());
  parentPort?.postMessage(votes.filter(({ status }) => status === "voted").length);
}

function isOpen(fd) {
  try {
    fstatSync(fd);
    return true;
  } catch {
    return false;
  }
}
