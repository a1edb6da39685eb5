import { block, defineExtension, ExtensionError, type Extension, type ExtensionContext } from "@synaps/sdk";
import { gatewayCatalog } from "@synaps/sdk/catalogs";
import { addressIn } from "@synaps/sdk/values";
import { CONFIG, readList, sourcesOf, type AllowedAddresses } from "./list.js";
import { ListWatch } from "./list-watch.js";

type Context = ExtensionContext<typeof CONFIG>;

/** Runs something again and again until it is ended. */
export type Repeat = (run: () => void) => { end(): void };

/** Time between two looks at the file, in milliseconds. */
const LOOK_MS = 1_000;

const everySecond: Repeat = (run) => {
  const timer = setInterval(run, LOOK_MS).unref();
  return { end: () => clearInterval(timer) };
};

/** Lets in who is on the list. Refuses to start without a list that can be read, and the host then lets nobody in. */
export function createAllowlist(repeat: Repeat = everySecond): Extension {
  let allowed: AllowedAddresses | undefined;
  let looking: { end(): void } | undefined;
  const counts = { let_in: 0, refused: 0 };
  /** Reason why the list of now is not in use; null while it is. */
  let problem: string | null = null;
  /** Lists are read one after the other: the one that was written last is the one that counts. */
  let reading = Promise.resolve();

  const use = async (context: Context): Promise<void> => {
    const sources = sourcesOf(context.config, context.root);
    const watch = sources.file === undefined ? undefined : new ListWatch(sources.file, () => again(context));
    await watch?.begin();
    try {
      allowed = await readList(sources);
      problem = null;
    } finally {
      // A list that is wrong now may be right after the next change.
      looking?.end();
      looking = watch && repeat(() => void watch.look());
    }
  };

  const again = (context: Context): Promise<void> => {
    reading = reading.then(async () => {
      try {
        await use(context);
        context.log(`the allow-list was read again: ${allowed?.entries ?? 0} addresses and ranges`);
      } catch (error) {
        problem = error instanceof Error ? error.message : String(error);
        await tell(context, problem, allowed?.entries ?? 0);
      }
    });
    return reading;
  };

  const decide = (text: string | undefined): ReturnType<typeof block> | undefined => {
    const isListed = text === undefined ? undefined : allowed?.set.has(text);
    if (isListed === true) {
      counts.let_in += 1;
      return undefined;
    }
    counts.refused += 1;
    const address = text === undefined ? undefined : addressIn(text)?.address;
    // A text that is no address is not repeated: nobody knows what stands in it.
    if (address === undefined) return block("the allow-list found no address in the event");
    return block(`the address ${address} is not on the allow-list`);
  };

  return defineExtension({
    config: CONFIG,
    catalogs: [gatewayCatalog],
    async start(context) {
      try {
        await use(context);
      } catch (error) {
        looking?.end();
        if (!(error instanceof ExtensionError)) throw error;
        throw new ExtensionError(`the allow-list lets nobody in until it is corrected: ${error.message}`);
      }
    },
    stop: () => looking?.end(),
    onConfigChange: (_change, context) => again(context),
    hooks: {
      "gateway.connection": ({ data }) => decide(data.peer_ip ?? data.peer_addr),
      "gateway.auth_success": ({ data }) => decide(data.peer_addr),
    },
    tools: {
      stats: {
        description: "Counts of the allow-list, and the reason why a changed list is not in use.",
        input_schema: { type: "object", additionalProperties: false },
        idempotent: true,
        run: () => ({ ...counts, entries: allowed?.entries ?? 0, problem }),
      },
    },
  });
}

/** A list that cannot be read is told in the log and raised for everybody who follows such events. */
async function tell({ log, events }: Context, problem: string, entries: number): Promise<void> {
  log(`WARNING: the changed allow-list is not used, the one before stays (${entries} entries): ${problem}`);
  try {
    await events.publish("allowlist.refused", { problem, entries });
  } catch (error) {
    log(`allowlist.refused could not be raised: ${error instanceof Error ? error.message : String(error)}`);
  }
}
