import { defineExtension } from "@synaps/sdk";
import { proxyCatalog } from "@synaps/sdk/catalogs";
import { byteLength, clientFields, contentOf, createLines, sessionFields, type Lines } from "./lines.js";
import { Sessions, type Session } from "./sessions.js";
import { CONFIG, readSettings } from "./settings.js";

/** Time as the logger needs it, so that tests can turn it. */
export interface Clock {
  /** Milliseconds since the Unix epoch, for the lines. */
  wallMs(): number;
  /** Milliseconds on a clock that never jumps, for durations. */
  now(): number;
}

const SYSTEM: Clock = { wallMs: () => Date.now(), now: () => performance.now() };

/** Writes lines about connections and lets everything pass. No answer waits for a line. */
export function createTrafficLogger(clock: Clock = SYSTEM) {
  let lines: Lines | undefined;
  let chunks = false;
  let contentBytes = 0;
  const sessions = new Sessions((session) => conclude(session, false));

  const conclude = (session: Session, ended: boolean): void =>
    lines?.write("session", sessionFields(session, ended, clock.now()));

  return defineExtension({
    catalogs: [proxyCatalog],
    config: CONFIG,
    start({ config, root, log }) {
      const settings = readSettings(config, root ?? process.cwd());
      ({ chunks, contentBytes } = settings);
      lines = createLines(settings, clock, log);
    },
    async stop() {
      for (const session of sessions.takeAll()) conclude(session, false);
      await lines?.close();
    },
    hooks: {
      "proxy.open": ({ session_id, data, meta }) => {
        const session = sessions.of(session_id, data, meta?.dropped, clock.now());
        if (chunks) lines?.write("open", clientFields(session));
      },
      "proxy.packet": ({ session_id, data, meta }) => {
        const session = sessions.of(session_id, data, meta?.dropped);
        const bytes = byteLength(data.bytes);
        const way = session[data.direction];
        way.bytes += bytes;
        way.chunks += 1;
        if (!chunks) return;
        const content = contentBytes > 0 ? { content: contentOf(data.bytes, contentBytes) } : {};
        lines?.write("chunk", { ...clientFields(session), direction: data.direction, bytes, ...content });
      },
      "proxy.close": ({ session_id, data, meta }) => {
        const session = sessions.of(session_id, data, meta?.dropped);
        sessions.end(session);
        conclude(session, true);
      },
    },
    onDropped({ dropped, total }) {
      lines?.write("dropped", { dropped, total });
    },
  });
}
