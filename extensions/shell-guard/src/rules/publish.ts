import { readArgs } from "../args.js";
import type { Rule } from "./rule.js";
import { PUBLISHING } from "./tables/packages.js";
import { tableRule } from "./words.js";

export const PUBLISH: readonly Rule[] = [
  tableRule(
    {
      id: "publish",
      severity: "confirm",
      about: "publishing or withdrawing a package",
      remedy: "Try `--dry-run`, and let the user publish.",
    },
    PUBLISHING,
  ),
  {
    id: "global-install",
    severity: "confirm",
    about: "installing for the whole machine: `npm install -g`, `pip --break-system-packages`",
    remedy: "Install it as a dependency of the project, or run it with npx, pnpm dlx, uvx or pipx.",
    isAbout: (name) => /^(?:npm|pnpm|bun|yarn|pip[\d.]*)$/.test(name),
    match({ name, args }) {
      const parsed = readArgs(args);
      const verb = parsed.operands[0]?.text ?? "";
      const global =
        parsed.flags.has("-g") ||
        parsed.flags.has("--global") ||
        parsed.values.get("--location")?.text === "global";
      const installs = /^(?:i|in|install|add|update|uninstall|remove|rm|un)$/.test(verb);
      if (/^(?:npm|pnpm|bun)$/.test(name) && installs && global)
        return "it changes the tools of the whole machine";
      if (name === "yarn" && verb === "global" && /^(?:add|remove)$/.test(parsed.operands[1]?.text ?? ""))
        return "it changes the tools of the whole machine";
      return /^pip[\d.]*$/.test(name) && parsed.flags.has("--break-system-packages")
        ? "it overrides the packages of the system"
        : undefined;
    },
  },
];
