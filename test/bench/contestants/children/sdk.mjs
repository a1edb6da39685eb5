// The extension of the benchmark, on the SDK. Observers count and check the order; `bench.report` tells.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { defineExtension, inject, serve } from "../../../../packages/sdk/dist/index.js";

let seen = 0;
let disorder = 0;
let last = 0;
let flooding;

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const NOTE = '{"jsonrpc":"2.0","method":"log","params":{"text":"nobody asked for this"}}';
const ANSWER = '{"jsonrpc":"2.0","id":987654321,"result":{"action":"block","reason":"nobody asked"}}';
const framed = (body) => `Content-Length: ${body.length}\r\n\r\n${body}`;

/** Writes as fast as the pipes take it. Behind the SDK's back, as a careless library would. */
function flood(stream, write, text) {
  const bytes = Buffer.from(text.repeat(100));
  const step = () => {
    if (!flooding) return;
    // Held back by the pipe alone, so that the word to stop is answered soon.
    if (write(bytes)) setImmediate(step);
    else stream.once("drain", step);
  };
  step();
}

const { stdout, stderr } = process;
const toStdout = stdout.write.bind(stdout);
const toStderr = stderr.write.bind(stderr);

/** Kinds of the benchmark's own catalog, which the types of the SDK do not know; all others get no answer of their own. */
const handlers = /** @type {Record<string, (event: any) => any>} */ ({
  "bench.observe": ({ data }) => {
    seen += 1;
    if (data.seq <= last) disorder += 1;
    last = data.seq;
  },
  "bench.slow": () => pause(2),
  "bench.report": () => {
    const report = JSON.stringify({ seen, disorder });
    seen = disorder = last = 0;
    return inject(report);
  },
  "bench.never": () => new Promise(() => {}),
  "bench.sleep": () => pause(50),
  "bench.flood": ({ data }) => {
    if (flooding) clearTimeout(flooding);
    const was = flooding;
    // Ends by itself, should the word to stop get lost in its own noise.
    flooding = data.on ? setTimeout(() => (flooding = undefined), 10_000) : undefined;
    if (!data.on || was) return;
    if (data.stderr) flood(stderr, toStderr, "all work and no play makes an extension a dull one\n");
    if (data.notify) flood(stdout, toStdout, framed(NOTE));
    if (data.answers) flood(stdout, toStdout, framed(ANSWER));
  },
});

// The SDK wants a handler for each kind that the manifest subscribes, and no others.
const { extension } = JSON.parse(readFileSync(join(".synaps-plugin", "plugin.json"), "utf8"));
const hooks = Object.fromEntries(
  extension.hooks.map(({ hook }) => [hook, handlers[hook] ?? (() => undefined)]),
);
serve(defineExtension({ hooks: /** @type {any} */ (hooks) }));
