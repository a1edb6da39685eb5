import { block, defineExtension, type ConfigOf } from "@synaps/sdk";
import { messagingCatalog } from "@synaps/sdk/catalogs";
import { CONFIG, limitFor, readLimits, type Limits } from "./limits.js";

/** Refuses every message whose content is larger than its limit. Keeps nothing of a message. */
export function createPayloadLimiter() {
  let limits: Limits | undefined;

  /** A value that is wrong keeps the limits of before: a slip of the pen opens no door. */
  const take = (config: ConfigOf<typeof CONFIG>): void => void (limits = readLimits(config));

  return defineExtension({
    catalogs: [messagingCatalog],
    config: CONFIG,
    start: ({ config }) => take(config),
    onConfigChange(_change, { config, log }) {
      try {
        take(config);
      } catch (error) {
        log(`the limits of before stay: ${error instanceof Error ? error.message : String(error)}`);
      }
    },
    hooks: {
      "messaging.message_enqueue": ({ data }, { config }) => {
        const limit = limitFor((limits ??= readLimits(config)), data);
        if (data.payload_len <= limit) return undefined;
        return block(`The content has ${data.payload_len} bytes; at most ${limit} are allowed.`);
      },
    },
  });
}
