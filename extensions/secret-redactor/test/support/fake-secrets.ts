import { pick, type Random } from "./random.js";

/**
 * Makers of invented secrets. Prefix and body meet only at run time, so that no file of the repository holds
 * anything that looks like a token.
 */
export type Maker = (random: Random) => string;

const uuid: Maker = (r) => [8, 4, 4, 4, 12].map((length) => pick(r, "hex", length)).join("-");

const json64 = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");

const jwt: Maker = (r) =>
  [
    json64({ alg: "HS256", typ: "JWT" }),
    json64({ sub: pick(r, "digits", 10), name: "A B", iat: 1700000000 }),
    pick(r, "base64url", 43),
  ].join(".");

const block = (kind: string, r: Random, lines: number, width = 64) =>
  [
    `-----BEGIN ${kind}-----`,
    ...Array.from({ length: lines }, () => pick(r, "base64", width)),
    `${pick(r, "base64", 22)}==`,
    `-----END ${kind}-----`,
  ].join("\n");

/** Secrets that show what they are wherever they stand, each with the rule that should find it. */
export const TOKENS: Readonly<Record<string, Maker>> = {
  github: (r) => "ghp_" + pick(r, "alnum", 36),
  github_oauth: (r) => "gho_" + pick(r, "alnum", 36),
  github_user: (r) => "ghu_" + pick(r, "alnum", 36),
  github_server: (r) => "ghs_" + pick(r, "alnum", 36),
  github_refresh: (r) => "ghr_" + pick(r, "alnum", 76),
  github_fine: (r) => `github_pat_${pick(r, "alnum", 22)}_${pick(r, "alnum", 59)}`,
  gitlab: (r) => "glpat-" + pick(r, "base64url", 20),
  gitlab_runner: (r) => "glrt-t1_" + pick(r, "base64url", 20),
  bitbucket: (r) => "ATBB" + pick(r, "alnum", 32),
  atlassian: (r) => "ATATT3" + pick(r, "base64url", 180) + "=" + pick(r, "upper", 8),
  npm: (r) => "npm_" + pick(r, "alnum", 36),
  pypi: (r) => "pypi-AgEIcHlwaS5vcmc" + pick(r, "base64url", 130),
  rubygems: (r) => "rubygems_" + pick(r, "hex", 48),
  crates: (r) => "cio" + pick(r, "alnum", 32),
  nuget: (r) => "oy2" + pick(r, "lower", 43),
  docker: (r) => "dckr_pat_" + pick(r, "base64url", 27),
  circleci: (r) => `CCIPAT_${pick(r, "alnum", 22)}_${pick(r, "hex", 40)}`,
  buildkite: (r) => "bkua_" + pick(r, "lower", 40),
  sonar: (r) => "squ_" + pick(r, "hex", 40),
  anthropic: (r) => `sk-ant-api03-${pick(r, "base64url", 93)}AA`,
  openrouter: (r) => "sk-or-v1-" + pick(r, "hex", 64),
  openai: (r) => "sk-proj-" + pick(r, "base64url", 120),
  openai_user: (r) => `sk-${pick(r, "alnum", 20)}T3BlbkFJ${pick(r, "alnum", 20)}`,
  deepseek: (r) => "sk-" + pick(r, "hex", 32),
  huggingface: (r) => "hf_" + pick(r, "alnum", 34),
  replicate: (r) => "r8_" + pick(r, "alnum", 37),
  groq: (r) => "gsk_" + pick(r, "alnum", 52),
  perplexity: (r) => "pplx-" + pick(r, "alnum", 48),
  xai: (r) => "xai-" + pick(r, "alnum", 80),
  nvidia: (r) => "nvapi-" + pick(r, "base64url", 64),
  langsmith: (r) => `lsv2_pt_${pick(r, "hex", 32)}_${pick(r, "hex", 10)}`,
  pinecone: (r) => `pcsk_${pick(r, "alnum", 6)}_${pick(r, "alnum", 60)}`,
  aws_id: (r) => "AKIA" + pick(r, "upper", 16),
  aws_temp_id: (r) => "ASIA" + pick(r, "upper", 16),
  google: (r) => "AIza" + pick(r, "base64url", 35),
  google_access: (r) => "ya29." + pick(r, "base64url", 150),
  google_client: (r) => "GOCSPX-" + pick(r, "base64url", 28),
  azure_client: (r) => `${pick(r, "alnum", 3)}8Q~${pick(r, "alnum", 34)}`,
  digitalocean: (r) => "dop_v1_" + pick(r, "hex", 64),
  heroku_new: (r) => "HRKU-" + pick(r, "base64url", 60),
  fly: (r) => "fm2_" + pick(r, "base64", 120),
  databricks: (r) => "dapi" + pick(r, "hex", 32),
  terraform: (r) => `${pick(r, "alnum", 14)}.atlasv1.${pick(r, "alnum", 67)}`,
  vault: (r) => "hvs." + pick(r, "alnum", 90),
  doppler: (r) => "dp.pt." + pick(r, "alnum", 43),
  pulumi: (r) => "pul-" + pick(r, "hex", 40),
  alibaba: (r) => "LTAI" + pick(r, "alnum", 20),
  supabase: (r) => "sbp_" + pick(r, "hex", 40),
  netlify: (r) => "nfp_" + pick(r, "alnum", 36),
  planetscale: (r) => "pscale_tkn_" + pick(r, "base64url", 43),
  neon: (r) => "napi_" + pick(r, "lower", 64),
  render: (r) => "rnd_" + pick(r, "alnum", 28),
  tailscale: (r) => `tskey-auth-${pick(r, "alnum", 12)}-${pick(r, "alnum", 33)}`,
  slack: (r) => `xoxb-${pick(r, "digits", 12)}-${pick(r, "digits", 13)}-${pick(r, "alnum", 24)}`,
  slack_user: (r) => `xoxp-${pick(r, "digits", 12)}-${pick(r, "digits", 12)}-${pick(r, "hex", 32)}`,
  slack_app: (r) => `xapp-1-A0${pick(r, "upper", 9)}-${pick(r, "digits", 13)}-${pick(r, "hex", 64)}`,
  discord: (r) =>
    `${Buffer.from("1" + pick(r, "digits", 17)).toString("base64url")}.${pick(r, "base64url", 6)}.${pick(r, "base64url", 38)}`,
  telegram: (r) => `${pick(r, "digits", 10)}:AA${pick(r, "base64url", 33)}`,
  twilio: (r) => "SK" + pick(r, "hex", 32),
  sendgrid: (r) => `SG.${pick(r, "base64url", 22)}.${pick(r, "base64url", 43)}`,
  mailgun: (r) => "key-" + pick(r, "hex", 32),
  mailchimp: (r) => pick(r, "hex", 32) + "-us12",
  brevo: (r) => `xkeysib-${pick(r, "hex", 64)}-${pick(r, "alnum", 16)}`,
  resend: (r) => `re_${pick(r, "alnum", 8)}_${pick(r, "alnum", 24)}`,
  stripe: (r) => "sk_live_" + pick(r, "alnum", 24),
  stripe_restricted: (r) => "rk_live_" + pick(r, "alnum", 99),
  stripe_hook: (r) => "whsec_" + pick(r, "alnum", 32),
  shopify: (r) => "shpat_" + pick(r, "hex", 32),
  square: (r) => "sq0csp-" + pick(r, "base64url", 43),
  plaid: (r) => "access-production-" + uuid(r),
  linear: (r) => "lin_api_" + pick(r, "alnum", 40),
  notion: (r) => "ntn_" + pick(r, "alnum", 46),
  notion_old: (r) => "secret_" + pick(r, "alnum", 43),
  airtable: (r) => `pat${pick(r, "alnum", 14)}.${pick(r, "hex", 64)}`,
  figma: (r) => "figd_" + pick(r, "base64url", 40),
  hubspot: (r) => "pat-na1-" + uuid(r),
  postman: (r) => `PMAK-${pick(r, "hex", 24)}-${pick(r, "hex", 34)}`,
  sentry: (r) => "sntrys_" + pick(r, "base64", 120),
  new_relic: (r) => "NRAK-" + pick(r, "upper", 27),
  grafana: (r) => `glsa_${pick(r, "alnum", 32)}_${pick(r, "hex", 8)}`,
  posthog: (r) => "phx_" + pick(r, "alnum", 43),
  dynatrace: (r) => `dt0c01.${pick(r, "upper", 24)}.${pick(r, "upper", 64)}`,
  age: (r) => "AGE-SECRET-KEY-1" + pick(r, "upper", 58),
  jwt,
};

/** Secrets that only their surroundings give away, or that span lines. */
export const CONTEXTUAL: Readonly<Record<string, Maker>> = {
  password: (r) => pick(r, "password", 15) + "4t",
  long_password: (r) => pick(r, "alnum", 31) + "7",
  weak_password: (r) =>
    `${["Winter", "Dragon", "Sunflower", "Montreal"][Math.floor(r() * 4)] ?? ""}20${pick(r, "digits", 2)}!`,
  hex32: (r) => pick(r, "hex", 32),
  hex64: (r) => pick(r, "hex", 64),
  hex48: (r) => pick(r, "hex", 48),
  b32: (r) => pick(r, "base32", 32),
  b64: (r) => pick(r, "base64", 43) + "=",
  b64_88: (r) => pick(r, "base64", 86) + "==",
  alnum40: (r) => pick(r, "alnum", 40),
  aws_secret: (r) => pick(r, "base64", 39) + "7",
  aws_session: (r) => "FwoGZXIvYXdz" + pick(r, "base64", 260),
  uuid,
  session: (r) => pick(r, "base64url", 32),
  slack_path: (r) => `T0${pick(r, "upper", 9)}/B0${pick(r, "upper", 9)}/${pick(r, "alnum", 24)}`,
  discord_path: (r) => `11${pick(r, "digits", 17)}/${pick(r, "base64url", 68)}`,
  sas: (r) => pick(r, "alnum", 43) + "%3D",
  basic: (r) => Buffer.from(`deploy:${pick(r, "alnum", 18)}9`).toString("base64"),
  b64_password: (r) => Buffer.from(`${pick(r, "alnum", 19)}7`).toString("base64"),
  vault_old: (r) => "s." + pick(r, "alnum", 24),
  bcrypt: (r) => "$2b$12$" + pick(r, "alnum", 53),
  pem_rsa: (r) => block("RSA PRIVATE KEY", r, 25),
  pem_ec: (r) => block("EC PRIVATE KEY", r, 2),
  pem_pkcs8: (r) => block("PRIVATE KEY", r, 26),
  pem_one_line: (r) => block("PRIVATE KEY", r, 26).replaceAll("\n", "\\n"),
  ssh: (r) => block("OPENSSH PRIVATE KEY", r, 6, 70),
  pgp: (r) => block("PGP PRIVATE KEY BLOCK", r, 12),
  pem_head: (r) => block("RSA PRIVATE KEY", r, 25).split("\n").slice(0, 6).join("\n"),
};

/** Noise that must stay: what fills the documents without secrets. */
export const HARMLESS: Readonly<Record<string, Maker>> = {
  sha1: (r) => pick(r, "hex", 40),
  short_sha: (r) => pick(r, "hex", 9),
  sha256: (r) => pick(r, "hex", 64),
  md5: (r) => pick(r, "hex", 32),
  integrity: (r) => `sha512-${pick(r, "base64", 86)}==`,
  uuid,
  blob: (r) => pick(r, "base64", 240),
  line64: (r) => pick(r, "base64", 64),
  id: (r) => pick(r, "alnum", 12),
  number: (r) => pick(r, "digits", 6),
};
