#!/usr/bin/env node
import { existsSync } from "node:fs";

const bundle = new URL("../bundle/main.js", import.meta.url);
if (existsSync(bundle)) {
  const { main } = await import(bundle.href);
  await main(process.argv.slice(2));
} else {
  process.stderr.write(
    "synaps-ext is not built: its bundle is missing\nhint: run npm start or npm run build first\n",
  );
  process.exit(1);
}
