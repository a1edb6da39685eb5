// Writes docs/errors.md from the host's table of error codes.
import { writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { HOST_ERROR_CODES } from "../packages/host/dist/index.js";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const rows = Object.entries(HOST_ERROR_CODES).map(([code, meaning]) => `| \`${code}\` | ${meaning} |`);
const page = `# Error codes

A \`HostError\` and a diagnostic carry one of these, a message that says what failed and why, and a hint that says what
to do. Written by \`npm run manifests\`.

| code | when |
| --- | --- |
${rows.join("\n")}
`;
writeFileSync(join(root, "docs", "errors.md"), page);
