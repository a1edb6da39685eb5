import { basename } from "node:path";
import { isBelow } from "./path.js";

/** Why a path is guarded: it holds secrets, or it decides what a guard, its host or an agent's hooks do. */
export type GuardedKind = "secret" | "guard";

/** The folders that guarded paths stand in. All absolute, without `.` and `..`. */
export interface GuardedPlaces {
  readonly home: string | null;
  /** Where the host keeps extensions, configuration and records: `~/.synaps-cli` unless it was told otherwise. */
  readonly base: string | null;
  /** The folder of the guard itself. */
  readonly own: string | null;
}

/** Folders and files below the home folder that hold secrets; a folder with all that it holds. */
const SECRETS_OF_HOME = [
  ".ssh",
  ".gnupg",
  ".aws/credentials",
  ".aws/sso/cache",
  ".azure",
  ".config/gcloud",
  ".kube/config",
  ".docker/config.json",
  ".netrc",
  "_netrc",
  ".npmrc",
  ".pypirc",
  ".pgpass",
  ".my.cnf",
  ".git-credentials",
  ".config/git/credentials",
  ".config/gh/hosts.yml",
  ".config/hub",
  ".vault-token",
  ".terraform.d/credentials.tfrc.json",
  ".cargo/credentials",
  ".cargo/credentials.toml",
  ".gem/credentials",
  ".m2/settings.xml",
  ".gradle/gradle.properties",
  ".composer/auth.json",
  ".password-store",
  ".config/op",
  ".local/share/keyrings",
  "Library/Keychains",
  ".mozilla/firefox",
  ".config/google-chrome",
  ".claude/.credentials.json",
  ".codex/auth.json",
  ".gemini/oauth_creds.json",
];

/** Harmless below the folders above: what everybody may know. */
const PUBLIC = /(?:\/\.ssh\/(?:[^/]+\.pub|known_hosts(?:\.old)?|config|allowed_signers)|\.kube\/cache\/.*)$/;

/** Names that promise secrets wherever they stand. */
const SECRET_NAMES =
  /^(?:\.env(?:\.[\w.-]+)?|\.envrc|.*\.env|id_(?:rsa|dsa|ecdsa|ed25519)(?:_sk)?|.*\.(?:pem|key|p12|pfx|jks|keystore|kdbx|ppk|asc)|\.htpasswd|\.pgpass|\.netrc|\.git-credentials|credentials\.json|service[-_]?account[\w.-]*\.json|secrets?\.(?:ya?ml|json|toml|ini|env)|master\.key|terraform\.tfstate(?:\.backup)?|shadow-?|gshadow-?)$/i;
const HARMLESS_NAMES =
  /(?:^|[._-])(?:example|examples|sample|template|dist|defaults?|schema|test|tests|ci)(?:\.(?:env|json|ya?ml|toml))?$|\.pub\.(?:pem|asc)$|(?:^|[._-])(?:public|pub|cert|ca|chain|fullchain)[\w.-]*\.(?:pem|asc|key)$/i;

/** Files of agents that say which hooks run and which tools may. */
const AGENT_FILES =
  /\/(?:\.claude\/(?:settings(?:\.local)?\.json|hooks(?:\/.*)?|plugins(?:\/.*)?)|\.claude\.json|\.mcp\.json|\.codex\/(?:hooks\.json|config\.toml|hooks(?:\/.*)?|requirements\.toml)|\.gemini\/(?:settings\.json|trustedFolders\.json|hooks(?:\/.*)?|extensions(?:\/.*)?)|\.cursor\/(?:hooks\.json|hooks(?:\/.*)?|cli-config\.json)|\.copilot\/(?:config\.json|hooks(?:\/.*)?)|\.github\/hooks(?:\/.*)?|\.pi\/(?:extensions|agent\/extensions|agent\/settings\.json)(?:\/.*)?|\.config\/opencode\/(?:opencode\.jsonc?|plugins?(?:\/.*)?)|\.opencode\/plugins?(?:\/.*)?|etc\/(?:claude-code|gemini-cli|codex)(?:\/.*)?)$/i;

/** Folders of the host and of a project's extensions. */
const HOST_FILES = /\/(?:\.synaps-cli|\.synaps|\.synaps-plugin)(?:\/|$)|\/\.synaps-project$/i;

/**
 * Why an absolute path is guarded; undefined if it is not. It looks at the name alone: links have to be followed before. Names
 * are compared without regard to case, because some file systems do the same.
 */
export function guardedKind(path: string, places: GuardedPlaces): GuardedKind | undefined {
  if (isOfGuard(path, places)) return "guard";
  return isSecret(path, places) ? "secret" : undefined;
}

function isOfGuard(path: string, { base, own }: GuardedPlaces): boolean {
  if (HOST_FILES.test(path) || AGENT_FILES.test(path)) return true;
  return [base, own].some((folder) => folder !== null && isAtOrBelow(path, folder));
}

function isSecret(path: string, { home }: GuardedPlaces): boolean {
  if (PUBLIC.test(path)) return false;
  const name = basename(path);
  if (SECRET_NAMES.test(name) && !HARMLESS_NAMES.test(name)) return true;
  const homes = [home, "/root"].filter((folder) => folder !== null);
  return homes.some((folder) => SECRETS_OF_HOME.some((entry) => isAtOrBelow(path, `${folder}/${entry}`)));
}

function isAtOrBelow(path: string, folder: string): boolean {
  const [low, lowFolder] = [path.toLowerCase(), folder.toLowerCase()];
  return low === lowFolder || isBelow(low, lowFolder);
}
