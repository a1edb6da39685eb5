import type { Sidecar, SidecarEvent } from "@synaps/host";
import { didYouMean } from "@synaps/sdk/protocol";
import { findingText } from "../diagnostics.js";
import { linesOf } from "../events-source.js";
import { EXIT } from "../exit-codes.js";
import type { Io } from "../io.js";
import { inventoryOf, type PlaceFlags } from "../places.js";
import { errors } from "../present-error.js";
import { withHost } from "../started-host.js";
import { jsonLine, plain } from "../text.js";

export interface SidecarFlags extends PlaceFlags {
  /** Press as soon as the sidecar is ready, as the user's key does at first. */
  press?: boolean;
  json?: boolean;
}

const DONE = "exited with code 0";

/** Starts the sidecar of one extension, shows its events, and presses and releases by line of standard input. */
export async function sidecar(io: Io, id: string, flags: SidecarFlags): Promise<number> {
  const entries = await inventoryOf(flags);
  const entry = entries.find((one) => one.id === id);
  if (!entry) {
    const known = entries.map((one) => one.id);
    throw errors.extensionNotFound(id, known, didYouMean(id, known));
  }
  if (entry.status !== "ready") {
    await io.stderr.write(entry.diagnostics.map((finding) => findingText(finding, io.stderr)).join(""));
    return entry.status === "pending_consent" ? EXIT.consentNeeded : EXIT.failed;
  }
  // The consent was checked with the inventory: a folder that is named needs none.
  const only = { ...flags, extensionsDir: [entry.root] };
  return withHost(io, only, {}, async (host, ending) => {
    const one = await host.sidecars.start(id);
    one.onEvent((event) => (flags.json ? void io.stdout.write(jsonLine(event)) : show(event, io)));
    if (io.stdin.isTTY)
      await io.stderr.write("Enter presses and releases; q and Enter, or Ctrl-C, end it.\n");
    if (flags.press) one.press();
    const gone = new AbortController();
    void one.ended.then(() => gone.abort());
    await follow(one, io, AbortSignal.any([ending, gone.signal]));
    const endedByItself = gone.signal.aborted;
    await one.stop();
    return endedByItself && (await one.ended) !== DONE ? EXIT.failed : EXIT.ok;
  });
}

/** Each line is a hit of the user's key, until a `q`, the end of the input, a signal, or the end of the sidecar. */
async function follow(one: Sidecar, { stdin }: Io, ending: AbortSignal): Promise<void> {
  for await (const line of linesOf(stdin, ending)) {
    if (line !== "too_large" && line.toString("utf8").trim() === "q") return;
    one.toggle();
  }
}

/** Text for the cursor goes to standard output, everything around it to standard error. */
function show(event: SidecarEvent, { stdout, stderr }: Io): void {
  const aside = (text: string): void => void stderr.write(`${stderr.paint("dim", plain(text))}\n`);
  switch (event.type) {
    case "insert_text":
      if (event.mode === "append") return aside(event.text);
      return void stdout.write(`${event.text.split("\n").map(plain).join("\n")}\n`);
    case "status":
      return aside([event.state, event.label].filter((part) => part !== undefined).join(": "));
    case "error":
      return void stderr.write(`${stderr.paint("red", "error:")} ${plain(event.message)}\n`);
    case "custom":
      return aside(`${event.eventType}: ${JSON.stringify(event.payload)}`);
    case "ended":
      return aside(`the sidecar ${event.reason}`);
  }
}
