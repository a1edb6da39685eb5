import { basename } from "node:path";

/** Settings of the environment: dotenv, direnv, and the like. */
const ENVIRONMENT = /^(?:\.env(?:[._-][\w.-]+)?~?|\.envrc|[\w.-]+\.env|\.secrets|\.dev\.vars)$/;
/** Private keys and what holds them. */
const KEYS =
  /^(?:id_(?:rsa|dsa|ecdsa|ed25519)(?:_sk)?(?:[._-](?:old|bak|backup|\d+))?|.*\.(?:pem|key|p12|pfx|jks|keystore|kdbx|ppk|keytab|ovpn)|(?:private|secret|secring)[\w.-]*\.(?:asc|gpg)|master\.key|wallet\.dat)$/;
/** Files of logins and tokens. */
const LOGINS =
  /^(?:\.htpasswd|\.pgpass|pgpass\.conf|[._]netrc|\.authinfo|\.git-credentials|\.pypirc|\.s3cfg|\.boto|\.dockercfg|\.vault[-_](?:token|pass(?:word)?)(?:\.txt)?|[\w.-]*credentials\.json|client_secret[\w.-]*\.json|[\w.-]*firebase-adminsdk[\w.-]*\.json|service[-_]?account[\w.-]*\.json|local\.settings\.json|(?:secret|[\w-]*secrets)\.(?:ya?ml|json|toml|ini|env|tfvars|properties)|(?:key|keystore)\.properties|(?:.+\.)?kubeconfig|rclone\.conf|terraform\.tfstate(?:\.backup|\.\d+\.backup)?|http-token)$/;

/** Samples, and code that only has the name of a settings file. */
const SAMPLE =
  /(?:^|[._-])(?:examples?|samples?|templates?|tmpl|tpl|dist|defaults?|schema|tests?|ci|dummy|fake|mock|demo|baseline)(?:\.(?:env|json|ya?ml|toml|ini|properties|pem|key|p12|pfx|jks|keystore|asc))?$/;
const CODE =
  /\.(?:[cm]?[jt]sx?|py|rb|go|rs|java|kt|php|cs|md|mdx|html?|css|scss|map|snap|vault|enc|age|sops)$/;
/** Parts of certificates that everybody may know. */
const CERTIFICATE =
  /(?:^|[._-])(?:public|pub|cert|certs|cacerts?|certificates?|ca|chain|fullchain|bundle|roots?|crl|csr|req|dh|dhparams?)(?:[._-][\w.-]*)?\.(?:pem|asc)$/;
const PUBLIC_KEY = /(?:^|[._-])(?:public|pub)[\w.-]*\.(?:pem|asc|key|gpg)$|\.pub\.\w+$/;

/** Code of others, which everybody can download. */
const LIBRARY =
  /\/(?:node_modules|site-packages|dist-packages|bower_components|\.cargo\/registry|go\/pkg\/mod|\.m2\/repository|nix\/store)\/|^\/usr\/(?:share|lib\d*|libexec|include|local\/(?:lib|share))\/|^\/(?:etc\/(?:ssl\/certs|ca-certificates|pki\/(?:ca-trust|tls\/certs))|opt\/homebrew\/(?:lib|share|Cellar))\//;
/** Folders in which files are made for tests and pages, or are templates that a secret is put into later. */
const FIXTURES =
  /\/(?:tests?|__tests__|specs?|fixtures?|__fixtures__|testdata|test[-_]data|testing|mocks?|__mocks__|examples?|samples?|templates?|docs?|workflows|schemas?|locales?|i18n)\//;

/**
 * True for a file name that promises secrets wherever it stands, such as `.env`, `id_rsa`, `server.key`. False for samples
 * (`.env.example`), for certificates, for what lies in installed packages, and for keys below folders of tests. Takes an
 * absolute path in small letters.
 */
export function hasSecretName(path: string): boolean {
  const name = basename(path);
  const isKey = KEYS.test(name);
  const isLogin = LOGINS.test(name);
  if (!isKey && !isLogin && !ENVIRONMENT.test(name)) return false;
  if (SAMPLE.test(name) || CODE.test(name) || PUBLIC_KEY.test(name)) return false;
  if (CERTIFICATE.test(name) && !/key/.test(name)) return false;
  if (LIBRARY.test(path)) return false;
  return !(isKey || isLogin) || !FIXTURES.test(path);
}
