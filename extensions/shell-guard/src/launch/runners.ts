import type { Field } from "../model.js";
import { readCarrier, type Carrier } from "./carrier.js";
import type { Launch } from "./launch.js";

/** Words that a package manager keeps for itself: any other first word is a program of the project, or a script. */
const OWN_WORDS: Readonly<Record<string, RegExp>> = {
  pnpm: /^(?:add|install|i|remove|rm|un|uninstall|update|up|upgrade|link|ln|unlink|import|rebuild|rb|prune|fetch|patch|patch-commit|patch-remove|audit|list|ls|la|ll|outdated|why|licenses|start|test|t|tst|run|run-script|exec|dlx|create|init|publish|pack|root|bin|store|server|setup|config|c|get|set|self-update|env|deploy|doctor|dedupe|cat-file|cat-index|find-hash|approve-builds|ignored-builds|install-test|it|login|logout|whoami|version|view|info|search|recursive|multi|m|completion|help|cache|catalog|with|ci|clean-install|unpublish|deprecate|dist-tag|owner|access|token|team|repo|docs|bugs|ping|fund|explain|pkg|edit|star|stars|unstar|profile|org|hook|shrinkwrap|adduser)$/,
  yarn: /^(?:add|audit|autoclean|bin|cache|check|config|constraints|create|dedupe|exec|explain|generate-lock-entry|global|help|import|info|init|install|licenses|link|list|login|logout|npm|outdated|owner|pack|patch|patch-commit|plugin|policies|publish|rebuild|remove|run|search|set|stage|stats|tag|team|test|unlink|unplug|up|upgrade|upgrade-interactive|version|versions|why|workspace|workspaces|dlx|start)$/,
  bun: /^(?:add|a|install|i|remove|rm|update|link|unlink|pm|test|build|init|create|c|upgrade|publish|patch|outdated|info|audit|why|run|x|exec|repl|ci|completions|discord|help|\S*\.[cm]?[jt]sx?)$/,
};

const OPTIONS: Readonly<Record<string, Carrier>> = {
  pnpm: {
    short: "FC",
    long: ["--filter", "--filter-prod", "--dir", "--workspace-concurrency", "--reporter", "--loglevel"],
  },
  yarn: { long: ["--cwd", "--mutex", "--network-timeout"] },
  bun: { short: "F", long: ["--cwd", "--filter", "--config", "--env-file"] },
  npm: { short: "wC", long: ["--prefix", "--workspace"] },
};

/** What a package manager runs without the word `exec`: `pnpm prisma migrate reset`, `yarn workspace api prisma ...`. */
export function byName(name: string, args: readonly Field[]): readonly Launch[] {
  const options = OPTIONS[name];
  const own = OWN_WORDS[name];
  if (!options) return [];
  const words = readCarrier(args, options)?.words ?? [];
  const [verb, ...rest] = words;
  if (!verb) return [];
  if (own && !own.test(verb.text)) return [{ words }];
  const again = (from: readonly Field[]): Launch[] =>
    from.length > 0 ? [{ words: [{ ...verb, text: name }, ...from] }] : [];
  const after = readCarrier(rest, options)?.words ?? [];
  if (name === "bun" && verb.text === "exec") return after[0] ? [{ script: after[0] }] : [];
  if (name === "npm") return [];
  // Behind `run` a script may stand as well, and of its name nothing follows; a program of that name is judged by its words.
  if (verb.text === "run" && after[0] && name !== "pnpm" && after.length > 1) return [{ words: after }];
  if (/^(?:recursive|multi|m)$/.test(verb.text)) return again(after);
  if (name === "yarn" && verb.text === "workspace") return again(after.slice(1));
  if (name === "yarn" && verb.text === "workspaces" && after[0]?.text === "foreach") {
    const inner = readCarrier(after.slice(1), {
      short: "j",
      long: ["--from", "--include", "--exclude", "--since", "--jobs"],
    });
    return again(inner?.words ?? []);
  }
  return [];
}
