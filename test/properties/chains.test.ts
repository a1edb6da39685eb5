import { it } from "vitest";
import { verifies } from "../requirements/verifies.js";
import { checkChains } from "./chains/check.js";

/** Played by CI. `node scripts/chains.mjs` plays more of them. */
const CHAINS = Number(process.env["CHAINS"] ?? 100_000);

it(
  verifies("FAIL-054") + "no chain gets an input or an output past a closed guard",
  async () => {
    const seed = Date.now() % 2 ** 31;
    process.stdout.write(`chains: ${CHAINS} with seed ${seed}\n`);
    await checkChains(CHAINS, seed);
  },
  600_000,
);
