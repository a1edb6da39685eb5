// Writes docs/errors.md: the codes of the host, of the command, of the check of manifests, of the wire, and the reasons of
// abstentions. Another file may be named: node scripts/generate-errors.mjs [file]
import { writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { HOST_ERROR_CODES } from "../packages/host/dist/errors.js";
import { ABSTENTION_REASONS, WIRE_ERRORS } from "../packages/sdk/dist/protocol/index.js";
import { CHECK_CODES, COMMAND_CODES } from "./error-codes.mjs";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");

/** @param {Readonly<Record<string, string | number>>} codes */
const table = (codes, head = "| code | when |") =>
  [
    head,
    "| --- | --- |",
    ...Object.entries(codes).map(([code, meaning]) => `| \`${code}\` | ${meaning} |`),
  ].join("\n");

const page = `# Error codes

Written by \`npm run manifests\` from the tables in the sources. A test looks for codes in the sources that are missing here.

## The host

A \`HostError\` and a diagnostic carry one of these, a message that says what failed and why, and a hint that says what
to do.

${table(HOST_ERROR_CODES)}

## The command

\`synaps-ext\` prints the codes of the host and these of its own, with \`--json\` as \`{"error":{"code","message","hint"}}\` on
standard error.

${table(COMMAND_CODES)}

## The check of a manifest against a program

\`checkAgainstManifest\` of \`@synaps/sdk/testing\` reports these.

${table(CHECK_CODES)}

## Reasons of abstentions

A vote with the status \`abstained\` has one of these as its \`reason\`.

${table(ABSTENTION_REASONS, "| reason | when |")}

## On the wire

An extension may answer with any number; the host and the SDK use these.

${table(WIRE_ERRORS, "| name | number |")}
`;
writeFileSync(resolve(process.argv[2] ?? join(root, "docs", "errors.md")), page);
