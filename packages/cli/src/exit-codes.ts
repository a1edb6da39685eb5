/** What the command's end says to the program that called it. */
export const EXIT = {
  ok: 0,
  failed: 1,
  usage: 2,
  notFound: 3,
  consentNeeded: 4,
  blocked: 10,
} as const;

/** By the convention of shells: 128 and the signal's number. */
export const SIGNAL_EXIT = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;
