import { checkChains } from "./check.js";

// Run by scripts/chains.mjs and scripts/seeded-faults.mjs, bundled: `main <number of chains> <seed>`.
const [count, seed] = process.argv.slice(2).map(Number);
if (count === undefined || seed === undefined) throw new Error("usage: main <number of chains> <seed>");
checkChains(count, seed).catch((error: unknown) => {
  const lines = [error, error instanceof Error ? error.cause : undefined].filter(
    (one) => one instanceof Error,
  );
  process.stderr.write(`${lines.map(({ message }) => message).join("\n")}\n`);
  process.exitCode = 1;
});
