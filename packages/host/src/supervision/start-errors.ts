import { HostError } from "../errors.js";

/** For each way in which a handshake fails: the failure in words, and the usual remedy. */
const FAILURES = {
  SPAWN_EXITED_EARLY: [
    "ended before its handshake",
    "Start its command by hand in its folder and read what it prints.",
  ],
  HANDSHAKE_TIMEOUT: [
    "did not shake hands",
    "Answer initialize first and do slow work later; stderr output counts as a sign of life.",
  ],
  HANDSHAKE_REFUSED: ["refused to start", "Correct what its message names, often its configuration."],
  HANDSHAKE_NOISE: ["did not shake hands", "Print to standard error: standard output is for the protocol."],
  HANDSHAKE_MALFORMED: ["failed its handshake", "Answer with {protocol_version, capabilities}."],
  HANDSHAKE_VERSION: [
    "failed its handshake",
    "Make the extension answer with the version that its manifest names.",
  ],
} as const;

type HandshakeCode = keyof typeof FAILURES;

/** Makes the error of a handshake that failed. `evidence` is what shows the mistake, literally. */
export function handshakeError(
  id: string,
  code: HandshakeCode,
  why: string,
  { hint, evidence }: { hint?: string | undefined; evidence?: string | undefined } = {},
): HostError {
  const [what, usual] = FAILURES[code];
  return new HostError(code, `Extension '${id}' ${what}: ${why}`, {
    hint: hint ?? usual,
    data: { extension: id, ...(evidence === undefined ? {} : { evidence }) },
  });
}
