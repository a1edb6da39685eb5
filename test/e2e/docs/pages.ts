/** A page that its reader can follow with nothing else. */
export interface Page {
  /** Commands that are meant for the clone; all others are for a folder of one's own. */
  inClone?: readonly string[];
  /** Beginnings of commands, in the order of the page, with what each of them shows. */
  shows: readonly (readonly [command: string, shows: RegExp])[];
}

/** Pages whose commands work as they stand, in their order, in a clean home and a clean folder. */
export const PAGES = {
  "README.md": {
    inClone: ["npm start"],
    shows: [
      ["npm start", /^shell-guard: 9 matched, 9 voted, 0 abstained$/m],
      ["npx synaps-ext install", /^Installed shell-guard /m],
      ["echo", /^\{.*"outcome":\{"action":"block".*"votes":\[\{"extension":"shell-guard"/m],
      ["npx synaps-ext info", /^shell-guard {2}\S+ {2}running$/m],
      ["npx synaps-ext tools", /^No extension offers a tool\.$/m],
    ],
  },
  "docs/users.md": {
    shows: [
      ["npm install", /^added /m],
      ["synaps-ext list", /^No extensions found in: .*\n(?:.*\n)* {2}synaps-ext install shell-guard$/m],
      ["synaps-ext install shell-guard", /^Installed shell-guard /m],
      ["synaps-ext list", /^shell-guard +\S+ +ready /m],
      ["synaps-ext diff", /^ {2}changed {2}dist\/main\.js$/m],
      [
        "synaps-ext list",
        /The code of extension 'shell-guard' changed since its last start: dist\/main\.js \(changed\)/,
      ],
      ["synaps-ext disable", /Switched shell-guard off/],
      ["synaps-ext enable", /Switched shell-guard on/],
      ["synaps-ext uninstall", /Removed session-clock/],
      ["synaps-ext list", /^session-clock +\S+ +pending_consent .*\/demo\/\.synaps/m],
      ["synaps-ext approve", /Approved session-clock/],
      ["synaps-ext diff", /Nothing changed/],
      ["synaps-ext config list", /^confirm +kubectl apply \*\* +plugin_config /m],
      ["synaps-ext info", /^shell-guard {2}\S+ {2}running$/m],
      [
        "synaps-ext run --strict",
        /^\{"seq":1,.*"outcome":\{"action":"block"[^]*\n\{"seq":2,.*"outcome":\{"action":"block".*the user wants to be asked about each/m,
      ],
      [
        "SYNAPS_EXTENSIONS_TRACE=pretty",
        / seq=1 \d+ before_tool_call bash {2}shell-guard\/guard-shell {2}continue {2}/,
      ],
      ["synaps-ext config list", /^mode +log +plugin_config /m],
      ["synaps-ext run --require", /^\{"seq":1,.*"outcome":\{"action":"block"/m],
    ],
  },
  "docs/authors.md": {
    shows: [
      ["npx synaps-ext validate no-force-push --start", /^no-force-push: ok$/m],
      ["echo", /"outcome":\{"action":"block".*This rewrites the remote branch/],
      ["node --test", /pass 1\b/],
      ["npx synaps-ext install", /^Installed no-force-push /m],
      ["npx synaps-ext list", /^no-force-push .*ready .*plugins\/no-force-push/m],
      ["echo", /Answer in one sentence\./],
    ],
  },
  "docs/embedders.md": {
    shows: [
      ["node embed.mjs", /^block \[\n(?:.*\n)*? +extension: 'shell-guard',/m],
      ["node intercept.mjs", /^hello$/m],
    ],
  },
  "docs/catalogs.md": {
    shows: [["node gate.mjs", /^127\.0\.0\.1 continue $\n^10\.0\.0\.9 block no way in for 10\.0\.0\.9$/m]],
  },
  "docs/audit.md": {
    shows: [
      [
        "npx synaps-ext audit query",
        /^\S+ {2}before_tool_call bash block shell-guard .* {2}audit\.\S+:\d+$/m,
      ],
      ["npx synaps-ext audit verify", /^1 run, \d+ lines, 0 faults$/m],
    ],
  },
  "docs/host-config.md": {
    shows: [
      ["npx synaps-ext install", /^Installed shell-guard /m],
      [
        "npx synaps-ext host-config check",
        /host\.toml:9 {2}warn {2}nothing that is installed has the name 'my-hook' .*\n.*\n.*host\.toml: ok$/m,
      ],
      ["npx synaps-ext host-config show", /^timeout_ms = 2000 {2}# .*host\.toml:2$/m],
      ["SYNAPS_HOST_HOOKS_TIMEOUT_MS=500", /^timeout_ms = 500 {2}# SYNAPS_HOST_HOOKS_TIMEOUT_MS$/m],
    ],
  },
  "docs/agents.md": {
    shows: [
      ["npx synaps-ext agents wire", /^Wrote \d+ hooks of Claude Code: .*\.claude\/settings\.json$/m],
      ["npx synaps-ext agents list", /^ {2}wired .*settings\.json {2}user, open, command, \d+ events$/m],
      ["npx synaps-ext agents test", /^ok {4}extension .* ms {2}shell-guard: block$/m],
      ["echo", /^\{"decision":"block","reason":"Blocked by shell-guard: /m],
      [
        "npx synaps-ext audit query",
        /^\S+ {2}before_tool_call bash block shell-guard .*"agent":"claude-code"/m,
      ],
      ["npx synaps-ext agents unwire", /settings\.json was removed: it was not there before$/m],
    ],
  },
  "docs/service.md": {
    shows: [
      ["npx synaps-ext serve --detach", /serve\.sock$/m],
      [
        "node ask-service.mjs",
        /^the output of \{"command":"echo hello"\}$\n(?:.*\n)*not run: shell-guard$\n(?:.*\n)*block 1$/m,
      ],
      ["python3 ask_service.py", /^ask_service\.py$/m],
      ["curl", /^\{"action":"block"/m],
      ["npx synaps-ext audit query", /^\S+ {2}before_tool_call bash block shell-guard .*"agent":"curl"/m],
    ],
  },
  "docs/tutorial.md": {
    shows: [
      ["echo", /"outcome":\{"action":"block","reason":"The \.env file stays closed\."/],
      ["node --test", /pass 1\b/],
      ["synaps-ext list", /^no-env +1\.0\.0 +ready /m],
      ["echo", /"outcome":\{"action":"block","reason":"The \.env file stays closed\."/],
      ["synaps-ext install ./no-env-python", /^Installed no-env-python /m],
    ],
  },
} satisfies Readonly<Record<string, Page>>;
