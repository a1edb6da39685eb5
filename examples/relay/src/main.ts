import { bundled, runExample, type Stage, watchKinds, witnesses } from "@synaps/example-shared";
import { createHost, type Host, nullLogger } from "@synaps/host";
import { messagingCatalog } from "@synaps/sdk/catalogs";
import { conversation } from "./conversation.js";
import { startRelay } from "./relay.js";

await runExample(
  "relay",
  "Sends real clients through a relay of messages, and shows extensions who sends what to whom.",
  run,
);

async function run({ scratch, signal, print }: Stage): Promise<void> {
  const host = createHost({
    catalogs: [messagingCatalog],
    folders: [...witnesses(scratch, messagingCatalog), bundled("payload-limiter")],
    baseDir: scratch.base,
    env: { ...process.env, SYNAPS_EXTENSION_PAYLOAD_LIMITER_MAX_BYTES: "1000" },
    logger: nullLogger,
  });
  try {
    await host.start({ signal });
    for (const { id, state } of host.snapshot().extensions)
      if (state !== "running") print(`${id} is ${state}: its part is missing below`);
    const relay = await startRelay(host);
    const watch = watchKinds(host as unknown as Host, messagingCatalog);
    try {
      for (const [path, step] of await conversation(relay.port)) {
        signal.throwIfAborted();
        print(`${path}: ${await watch.onPath(path, step)}`);
      }
    } finally {
      await relay.close();
    }
    const seen = await watch.seen();
    print(`\n${watch.table(seen)}`);
    if (watch.missing(seen).length > 0) process.exitCode = 1;
  } finally {
    await host.stop();
  }
}
