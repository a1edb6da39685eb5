// Prints the functions and files of the host and the SDK that one gate event enters, as V8's precise coverage saw them.
//     node scripts/one-event.mjs [--base DIR]... [--protocol 1|2|3] [--json]
// The host is real, so is the extension's process. Earlier events warm the host up and are not counted.
// --base does the same for another built checkout (see base-build.mjs) and prints the counts side by side.
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { Session } from "node:inspector/promises";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { parseArgs } from "node:util";

const WARM_UP = 200;
const PACKAGES = ["host", "sdk"];
const self = fileURLToPath(import.meta.url);
const { values } = parseArgs({
  options: {
    base: { type: "string", multiple: true, default: [] },
    protocol: { type: "string", default: "3" },
    json: { type: "boolean", default: false },
    measure: { type: "string" },
  },
});

if (values.measure === undefined) compare();
else process.stdout.write(JSON.stringify(await measure(values.measure, Number(values.protocol))));

/** Each checkout is measured in a process of its own: two hosts in one would share what V8 counts. */
function compare() {
  const roots = [join(dirname(self), ".."), ...values.base].map((root) => realpathSync(resolve(root)));
  const results = roots.map((root) => {
    const args = [self, "--measure", root, "--protocol", values.protocol];
    const done = spawnSync(process.execPath, args, {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "inherit"],
    });
    if (done.status !== 0) throw new Error(`the event could not be measured in ${root}`);
    return { root, ...JSON.parse(done.stdout) };
  });
  if (values.json) return process.stdout.write(`${JSON.stringify(results, null, 2)}\n`);
  for (const { root, files } of values.base.length === 0 ? results : [...results].reverse()) {
    process.stdout.write(`${root}\n`);
    for (const { file, functions } of files) process.stdout.write(`  ${file}\n    ${functions.join(", ")}\n`);
    process.stdout.write("\n");
  }
  for (const { root, count } of results) {
    const { files, functions, characters } = count;
    process.stdout.write(
      `${files} files, ${functions} functions, ${characters} characters of code: ${root}\n`,
    );
  }
}

async function measure(root, protocol) {
  const scratch = mkdtempSync(join(realpathSync(tmpdir()), "synaps-one-event-"));
  try {
    const { createHost } = await import(built(root, "host/dist/index.js"));
    const folder = join(scratch, "extensions");
    writeGuard(root, join(folder, "guard"), protocol);
    const host = createHost({ folders: [folder], baseDir: join(scratch, "state") });
    await host.start();
    try {
      return counted(root, await coverageOf(() => allowed(host)));
    } finally {
      await host.stop();
    }
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

function built(root, path) {
  return pathToFileURL(join(root, "packages", path)).href;
}

function writeGuard(root, at, protocol) {
  mkdirSync(join(at, ".synaps-plugin"), { recursive: true });
  const sdk = JSON.stringify(built(root, "sdk/dist/index.js"));
  const main = `import { defineExtension, serve } from ${sdk};
serve(defineExtension({ hooks: { before_tool_call: () => ({ action: "continue" }) } }));
`;
  writeFileSync(join(at, "main.mjs"), main);
  const extension = {
    protocol_version: protocol,
    runtime: "process",
    command: "node",
    args: ["main.mjs"],
    permissions: ["tools.intercept"],
    hooks: [{ hook: "before_tool_call" }],
  };
  const manifest = { name: "guard", version: "1.0.0", extension };
  writeFileSync(join(at, ".synaps-plugin", "plugin.json"), JSON.stringify(manifest));
}

async function allowed(host) {
  const event = { kind: "before_tool_call", tool_name: "bash", tool_input: { command: "ls -la" } };
  const { votes } = await host.emit(event);
  if (votes[0]?.status !== "voted") throw new Error(`the extension did not vote: ${JSON.stringify(votes)}`);
}

async function coverageOf(work) {
  for (let n = 0; n < WARM_UP; n += 1) await work();
  const session = new Session();
  session.connect();
  await session.post("Profiler.enable");
  await session.post("Profiler.startPreciseCoverage", { callCount: true, detailed: true });
  // The event before the measured one runs the code that coverage had V8 compile again.
  await work();
  await session.post("Profiler.takePreciseCoverage");
  await work();
  const { result } = await session.post("Profiler.takePreciseCoverage");
  session.disconnect();
  return result;
}

function counted(root, scripts) {
  const folders = PACKAGES.map((name) => ({ name, url: built(root, `${name}/dist/`) }));
  const files = scripts.flatMap(({ url, functions }) => {
    const folder = folders.find((one) => url.startsWith(one.url));
    const entered = functions.filter(({ ranges }) => ranges[0].count > 0);
    if (!folder || entered.length === 0) return [];
    return [
      {
        file: `${folder.name}/${url.slice(folder.url.length)}`,
        functions: entered.map(({ functionName }) => functionName || "(anonymous)"),
        characters: covered(functions, readFileSync(fileURLToPath(url), "utf8").length),
      },
    ];
  });
  const sum = (figure) => files.reduce((total, file) => total + figure(file), 0);
  const count = {
    files: files.length,
    functions: sum(({ functions }) => functions.length),
    characters: sum(({ characters }) => characters),
  };
  return { count, files: files.sort((a, b) => (a.file < b.file ? -1 : 1)) };
}

/** Characters that ran: an inner range overrules the outer one that holds it. */
function covered(functions, length) {
  const ran = new Uint8Array(length);
  const ranges = functions.flatMap((one) => one.ranges);
  ranges.sort((a, b) => a.startOffset - b.startOffset || b.endOffset - a.endOffset);
  for (const { startOffset, endOffset, count } of ranges) ran.fill(count > 0 ? 1 : 0, startOffset, endOffset);
  return ran.reduce((total, one) => total + one, 0);
}
