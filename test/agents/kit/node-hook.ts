import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { createRedactor } from "../../../packages/guards/src/secrets/index.js";
import { DEFAULTS, readSettings as readRules } from "../../../extensions/secret-redactor/src/settings.js";
import { decide } from "../../../extensions/shell-guard/src/decide.js";
import { describe } from "../../../extensions/shell-guard/src/message.js";
import { readSettings } from "../../../extensions/shell-guard/src/settings.js";

// The same checks as the two extensions make, in a process of their own for each event, as hooks are commonly written.
const event = JSON.parse(readFileSync(0, "utf8"));
if (event.tool_response === undefined) {
  const { verdict, ...found } = decide(event.tool_input.command, readSettings({}, homedir()), event.cwd);
  if (verdict !== "continue") say(describe({ verdict, ...found }));
} else {
  const rules = readRules(DEFAULTS);
  const { text, redactions } = createRedactor(rules).redact(JSON.stringify(event.tool_response));
  if (redactions.length > 0) say(text);
}

function say(reason: string): void {
  process.stdout.write(JSON.stringify({ decision: "block", reason }));
}
