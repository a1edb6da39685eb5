#!/usr/bin/env node
import { existsSync } from "node:fs";

const built = new URL("../dist/main.js", import.meta.url);
if (existsSync(built)) {
  const { main } = await import(built.href);
  await main(process.argv.slice(2));
} else {
  process.stderr.write(
    "synaps-ext is not built: dist is missing\nhint: run npm start or npm run build first\n",
  );
  process.exit(1);
}
