import type { Help } from "./help.js";

const USAGE = "2  wrong flag or argument";

/** Help of the commands around the resident service. */
export const SERVICE_HELP = {
  serve: {
    examples: ["synaps-ext serve", "synaps-ext serve --detach", "synaps-ext serve --idle 5"],
    notes: [
      "Runs the extensions of this user as a resident service: agents and programs ask it over a unix socket in <base>/extensions/serve, which only this user can open. Each project with extensions of its own has a host of its own, under consent.",
      "There is one service for a base folder. Hooks that `agents wire` has set up start it when it is not there. It ends after 30 min without use.",
      "Each decision is written to <base>/extensions/audit, without inputs: synaps-ext audit query. --no-audit writes nothing.",
      "It offers no approval, no configuration and no end: look with status, end it with a signal.",
      'JSON of --detach: {"schemaVersion","socket","pid","started","log"}',
    ],
    exitCodes: [
      "0  it has ended after idleness; with --detach: it runs",
      "1  one runs already, or it could not be started",
      USAGE,
      "130  ended by Ctrl-C",
    ],
  },
} as const satisfies Record<string, Help>;
