import { has, readArgs } from "../args.js";
import { BOOT, SCHEDULED, SERVICES } from "./tables/services.js";
import type { Rule } from "./rule.js";
import { isTrial, lossIn, tableRule } from "./words.js";

const scheduled = lossIn(SCHEDULED);
const services = lossIn(SERVICES);

export const SERVICE_RULES: readonly Rule[] = [
  {
    id: "crontab-remove",
    severity: "block",
    about: "`crontab -r`",
    remedy: "Save `crontab -l` first and edit the one line.",
    isAbout: (name) => name === "crontab",
    match: ({ name, args }) =>
      name === "crontab" && has(readArgs(args, ["-u"]), "-r")
        ? "it removes all scheduled jobs of the user"
        : undefined,
  },
  tableRule(
    {
      id: "boot",
      severity: "confirm",
      about:
        "changing how the machine starts, or its running kernel: boot loaders, kernel modules, `sysctl -w`",
      remedy: "Show the change and let the user make it.",
    },
    BOOT,
  ),
  {
    id: "services",
    severity: "confirm",
    about:
      "stopping or installing services, ending all processes of a kind by force, unmounting, taking the network down",
    remedy: "Name what has to stop and why.",
    match(invocation) {
      const { command, args } = invocation;
      if (isTrial(args)) return undefined;
      const byScript =
        /\/(?:init|rc)\.d\//.test(command.text) && /^(?:force-)?stop$/.test(args[0]?.text ?? "");
      return byScript ? "it stops a service of the machine" : services(invocation);
    },
  },
  {
    id: "scheduled",
    severity: "confirm",
    about: "replacing scheduled jobs: `crontab file`, `crontab -`, `at`",
    remedy: "Show `crontab -l` and the new list side by side, and let the user install it.",
    match(invocation) {
      const { name, args } = invocation;
      if (isTrial(args)) return undefined;
      // Without words `crontab` reads the jobs from its input, too.
      if (name === "crontab" && args.length === 0) return "it replaces all scheduled jobs of the user";
      return scheduled(invocation);
    },
  },
];
