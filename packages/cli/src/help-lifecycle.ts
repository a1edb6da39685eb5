import type { Help } from "./help.js";

const USAGE = "2  wrong flag or argument";

const SWITCH = {
  notes: [
    "Changes the list 'disabled_plugins' in <base>/config, and nothing else in that file. Switching off does not end what runs now: restart the host. To switch on in a host that runs: synaps-ext reload <id>.",
    'JSON: {"schemaVersion","id","disabled","changed","file"}',
  ],
  exitCodes: [
    "0  ok, also when there was nothing to change",
    "1  the file cannot be read or written",
    USAGE,
    "3  no such extension",
  ],
} as const satisfies Omit<Help, "examples">;

/** Help of the commands that prepare and exchange extensions. */
/** A note of the commands that check manifests against all catalogs of ours. */
export const OWN_CATALOG =
  "The catalogs that come along are known here; --catalog FILE adds the kinds and permissions of a program's own.";

export const LIFECYCLE_HELP = {
  enable: { examples: ["synaps-ext enable shell-guard"], ...SWITCH },
  disable: { examples: ["synaps-ext disable shell-guard"], ...SWITCH },
  install: {
    examples: [
      "synaps-ext install shell-guard",
      "synaps-ext install ./my-extension",
      "synaps-ext install ./my-extension --yes --json",
      "synaps-ext install ./my-extension --catalog ./mine.json",
    ],
    notes: [
      OWN_CATALOG,
      "Shows what the extension may do, and asks. Then copies it to <base>/plugins, approved as it is. Of an extension that is there already, configuration and data stay.",
      "A bare name is an extension that comes along, or else a folder here: ./name is always a folder. The folder's name becomes the id.",
      "Refused are folders with errors (see validate), links that lead outside, special files, and more than 20000 entries or 512 MiB.",
      'JSON: {"schemaVersion","installed":[{"id","version","folder","hash","replaced","already","leftOut"}]}',
    ],
    exitCodes: [
      "0  it is installed, now or before",
      "1  it has errors, or must not be installed; nothing was changed",
      USAGE,
      "3  no such folder or name, or no extension in it",
      "4  no yes, or no terminal to ask on; nothing was changed",
    ],
  },
  uninstall: {
    examples: ["synaps-ext uninstall my-extension", "synaps-ext uninstall my-extension --yes"],
    notes: [
      "Removes the folder in <base>/plugins and the approval. Configuration, data and notes stay; the output says where.",
      'JSON: {"schemaVersion","uninstalled":[{"id","folder","stays"}]}',
    ],
    exitCodes: [
      "0  it is removed",
      "1  it comes with the project, or cannot be removed",
      USAGE,
      "3  no such extension",
      "4  no yes, or no terminal to ask on; nothing was changed",
    ],
  },
  setup: {
    examples: ["synaps-ext setup my-extension", "synaps-ext setup my-extension --yes"],
    notes: [
      OWN_CATALOG,
      "Unpacks what the extension's author built for this machine, or runs its setup script with bash in its folder, for at most 10 minutes. Shows which, and asks. What it made is approved as it is then.",
      "What a script prints goes to standard error and to a file in <base>/logs/install. A setup that fails is noted in <base>/plugins.json, and the extension is not loaded until one succeeds.",
      'JSON: {"schemaVersion","id","did":"prebuilt"|"script"|"nothing","files","log","fellBack"}',
    ],
    exitCodes: [
      "0  it is set up, or needs nothing",
      "1  the setup failed, or is not allowed",
      USAGE,
      "3  no such extension",
      "4  no yes, or no terminal to ask on",
    ],
  },
  reload: {
    examples: [
      "synaps-ext reload shell-guard",
      "synaps-ext approve shell-guard && synaps-ext reload shell-guard",
    ],
    notes: [
      "The running host reads the folder and the configuration again, starts the new process, and only then ends the old one, which finishes what it has begun. When anything is wrong, the old one runs on.",
      "Code that is not approved is not started, as at a start: run approve first. In folders that the host's program named itself, everything counts as approved.",
      'JSON: {"schemaVersion","id","state","version"}',
    ],
    exitCodes: [
      "0  the new process is live",
      "1  it may not run or does not start; what ran before runs on",
      "2  wrong flag or argument, or several hosts have the extension: say --pid",
      "3  no such host or extension",
      "4  its code waits for your approval",
    ],
  },
} as const satisfies Record<string, Help>;
