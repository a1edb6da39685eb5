import { formatsOf } from "./format-table.js";
import { token, type PatternRule } from "./rule.js";

/** Clouds, hosting, data stores and secret stores. */
export const CLOUD_FORMATS = formatsOf(String.raw`
cloudflare-api-token | Cloudflare user, account or global API token with a prefix | cfut_ cfat_ cfk_ cfoat_ | [A-Za-z0-9_-]{40,} | Cloudflare docs: API token formats
cloudflare-tunnel-token | Cloudflare tunnel token | eyJhIjoi | [A-Za-z0-9+/_-]{100,}={0,2} | Cloudflare docs: Tunnel tokens
vercel-token | Vercel personal, integration, app or AI gateway token | vcp_ vci_ vca_ vcr_ vck_ | [A-Za-z0-9]{24,} | Vercel docs: Token formats; GitHub docs: Supported secret scanning patterns (Vercel)
vercel-blob-token | Vercel Blob read-write token | vercel_blob_rw_ | [A-Za-z0-9]{10,}_[A-Za-z0-9]{20,} | Vercel docs: Blob
onepassword-connect-token | 1Password service account token | ops_ | [A-Za-z0-9+/_-]{60,}={0,2} | 1Password developer docs: Service accounts
bitwarden-token | Bitwarden machine account access token | 0. | [a-f0-9]{8}(?:-[a-f0-9]{4}){3}-[a-f0-9]{12}\.[A-Za-z0-9]{30}:[A-Za-z0-9+/]{22}== | Bitwarden docs: Access tokens
infisical-token | Infisical service token | st. | [a-f0-9]{24}\.[a-f0-9]{32}\.[a-f0-9]{32} | Infisical docs: Service token
scaleway-key-id | Scaleway access key | SCW | [A-Z0-9]{17}(?![A-Za-z0-9]) | Scaleway docs: API keys
confluent-secret | Confluent Cloud API secret | cflt | [A-Za-z0-9+/]{60}(?![A-Za-z0-9+/]) | Confluent docs: API key format
atlas-service-account | MongoDB Atlas service account secret | mdb_sa_sk_ | [A-Za-z0-9_-]{40} | MongoDB Atlas docs: Service accounts
aiven-password | Aiven service password | AVNS_ | [A-Za-z0-9_-]{15,} | GitHub docs: Supported secret scanning patterns (Aiven)
aiven-token | Aiven authentication token | aivenv1_ | [A-Za-z0-9+/=_-]{60,} | Aiven docs: Authentication tokens
clickhouse-secret | ClickHouse Cloud API key secret | 4b1d | [A-Za-z0-9]{38}(?![A-Za-z0-9]) | ClickHouse Cloud docs: API keys
cockroach-key | CockroachDB Cloud API key | CCDB1_ | [A-Za-z0-9]{22}_[A-Za-z0-9]{40} | CockroachDB docs: Cloud API
xata-key | Xata API key | xau_ | [A-Za-z0-9]{30,} | Xata docs: API keys
tinybird-token | Tinybird token | p.eyJ | [A-Za-z0-9_-]{40,}\.[A-Za-z0-9_-]{20,} | Tinybird docs: Tokens
google-hmac-key | Google Cloud Storage HMAC access id | GOOG1E | [A-Z0-9]{50,} | Google Cloud docs: HMAC keys
yandex-key | Yandex Cloud API key | AQVN | [A-Za-z0-9_-]{35,38}(?![A-Za-z0-9_-]) | Yandex Cloud docs: API key format
yandex-iam-token | Yandex Cloud IAM token | t1. | [A-Za-z0-9_-]{40,}={0,2}\.[A-Za-z0-9_-]{80,}={0,2} | Yandex Cloud docs: IAM token
tencent-secret-id | Tencent Cloud secret id | AKID | [A-Za-z0-9]{32}(?![A-Za-z0-9]) | GitHub docs: Supported secret scanning patterns (Tencent)
volcengine-key-id | Volcengine access key | AKLT | [A-Za-z0-9_-]{40,} | GitHub docs: Supported secret scanning patterns (Volcengine)
baidu-key | Baidu Cloud API key | bce-v3/ALTAK- | [A-Za-z0-9]{16,24}/[a-f0-9]{40} | Baidu AI Cloud docs: API key
openshift-token | OpenShift OAuth token | sha256~ | [A-Za-z0-9_-]{43} | OpenShift docs: OAuth tokens
docker-swarm-token | Docker Swarm join token or unlock key | SWMTKN-1- SWMKEY-1- | [A-Za-z0-9+/]{40,}(?:-[a-z0-9]{20,30})? | Docker docs: Swarm join tokens
rancher-token | Rancher API token | token- | [a-z0-9]{5}:[a-z0-9]{50,60} | Rancher docs: API keys
portainer-token | Portainer access token | ptr_ | [A-Za-z0-9+/]{40,}={0,2} | Portainer docs: API access tokens
scalingo-token | Scalingo API token | tk-us- | [A-Za-z0-9_-]{48} | Scalingo docs: API tokens
netlify-other-token | Netlify user or build token | nfu_ nfb_ | [A-Za-z0-9]{36,} | Netlify docs: Access tokens
defined-networking-token | Defined Networking API token | dnkey- | [A-Za-z0-9=_-]{26}-[A-Za-z0-9=_-]{52} | Defined Networking docs: API keys
tailscale-webhook | Tailscale webhook secret | tskey-webhook- | [A-Za-z0-9]{8,}-[A-Za-z0-9]{20,} | Tailscale docs: Key prefixes
jumpcloud-key | JumpCloud API key | jca_ | [A-Za-z0-9]{36} | JumpCloud docs: API keys
paseto | PASETO that is encrypted or signed | v1.local. v2.local. v3.local. v4.local. v2.public. v4.public. | [A-Za-z0-9_-]{40,}(?:\.[A-Za-z0-9_-]+)? | PASETO specification
extended-private-key | Extended private key of a wallet | xprv zprv yprv tprv | [1-9A-HJ-NP-Za-km-z]{100,112} | Bitcoin Improvement Proposal 32
nostr-key | Nostr private key | nsec1 | [02-9ac-hj-np-z]{58} | Nostr NIP-19
upstash-key | Upstash QStash signing key | sig_ | [A-Za-z0-9]{26,32}(?![A-Za-z0-9_]) | Upstash docs: Signing keys
`);

/** Keys that are known by their middle or end. */
export const SIGNED_FORMATS: readonly PatternRule[] = [
  {
    id: "azure-identifiable-key",
    description:
      "Azure key with a signature: DevOps, AI services, Functions, Storage, Search, Container Registry",
    keywords: [
      "azdo",
      "jqqj99",
      "azfu",
      "+ast",
      "azse",
      "+acr",
      "acdb",
      "azca",
      "+asb",
      "+aeh",
      "+aba",
      "aiot",
    ],
    pattern:
      /(?<![A-Za-z0-9+/_-])(?:[A-Za-z0-9]{76}AZDO[A-Za-z0-9]{4}|[A-Za-z0-9]{52}JQQJ99[A-Za-z0-9]{26}|[A-Za-z0-9_-]{44}AzFu[A-Za-z0-9_-]{6,8}={0,2}|[A-Za-z0-9+/]{76}(?:\+ASt|ACDb|\+ABa)[A-Za-z0-9+/]{6}==|[A-Za-z0-9]{42}AzSe[A-Za-z0-9]{6}|[A-Za-z0-9+/]{33}(?:AzCa|\+ASb|\+AEh|AIoT)[A-Za-z0-9+/]{6}=|[A-Za-z0-9+/]{42}\+ACR[A-Za-z0-9]{6})(?![A-Za-z0-9+/])/g,
    entropy: 3.5,
    source: "Microsoft docs: Identifiable keys; GitHub docs: Supported secret scanning patterns (Azure)",
  },
  {
    id: "maxmind-license-key",
    description: "MaxMind license key",
    keywords: ["_mmk"],
    pattern: token(/[A-Za-z0-9]{6}_[A-Za-z0-9]{29}_mmk(?![A-Za-z0-9])/),
    source: "MaxMind docs: License keys",
  },
  {
    id: "fal-key",
    description: "fal.ai key: id and secret",
    keywords: [":"],
    pattern: token(/[a-f0-9]{8}(?:-[a-f0-9]{4}){3}-[a-f0-9]{12}:[a-f0-9]{32}(?![A-Za-z0-9])/),
    source: "fal.ai docs: Key-based authentication",
  },
];
