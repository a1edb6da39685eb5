import { formatsOf } from "./format-table.js";

/** Code hosts, registries, build and test services. */
export const CODE_FORMATS = formatsOf(String.raw`
sourcegraph-other-token | Sourcegraph dotcom, license, service or Cody token | sgd_ slk_ sgs_ sgph_ | (?:[a-f0-9]{16}_|local_)?[a-f0-9]{40,64} | Sourcegraph docs: Secret formats
segment-token | Segment public API token | sgp_ | [A-Za-z0-9]{64}(?![A-Za-z0-9]) | GitHub docs: Supported secret scanning patterns (Segment)
clojars-token | Clojars deploy token | CLOJARS_ | [A-Za-z0-9]{60} | Clojars wiki: Deploy tokens
gitlab-other-token | GitLab feature flag, workspace or SCIM token | glffct- glwt- glsoat- | [A-Za-z0-9_.=-]{20,} | GitLab docs: Token overview, token prefixes
gitlab-session | GitLab session cookie | _gitlab_session= | [a-f0-9]{32} | GitLab docs: Token overview, session cookie
bitbucket-server-token | Bitbucket Data Center HTTP access token | BBDC- | [A-Za-z0-9+/@_-]{40,50} | Atlassian docs: HTTP access tokens
trello-token | Trello API token | ATTA | [A-Fa-f0-9]{64,76} | GitHub docs: Supported secret scanning patterns (Trello)
jfrog-reference-token | JFrog reference token | cmVmdGtu | [A-Za-z0-9]{56} | JFrog docs: Reference tokens
packagist-token | Packagist or Private Packagist token | packagist_ | (?:[a-z]{2,12}_){1,3}[a-f0-9]{60,} | Private Packagist docs: API tokens
jsr-token | JSR access token | jsrp_ jsrd_ | [A-Za-z0-9]{40,} | JSR docs: Authorization
deno-token | Deno Deploy token | ddp_ ddw_ ddo_ | [A-Za-z0-9]{36} | GitHub docs: Supported secret scanning patterns (Deno)
val-town-token | Val Town API token | vtwn_ | [A-Za-z0-9]{20,} | Val Town docs: Authentication
socket-token | Socket API token | sktsec_ | [A-Za-z0-9_-]{40,} | Socket docs: API tokens
snyk-token | Snyk user or service account token | snyk_uat. snyk_sat. | [a-f0-9]{8}\.[A-Za-z0-9._-]{40,} | Snyk docs: Authentication tokens
endor-key | Endor Labs API key | endr+ | [A-Za-z0-9-]{16} | Endor Labs docs: API keys
infracost-key | Infracost API key | ico- | [A-Za-z0-9]{32}(?![A-Za-z0-9]) | Infracost docs: API keys
octopus-key | Octopus Deploy API key | API- | [A-Z0-9]{25,40}(?![A-Za-z0-9_-]) | Octopus Deploy docs: API keys
harness-token | Harness personal or service account token | pat. sat. | [A-Za-z0-9_-]{22}\.[A-Za-z0-9]{24}\.[A-Za-z0-9]{20} | Harness docs: API keys
prefect-key | Prefect API key | pnu_ pnb_ | [A-Za-z0-9]{36} | Prefect docs: API keys
dbt-token | dbt Cloud service or personal token | dbtc_ dbts_ dbtu_ | [A-Za-z0-9_=-]{40,} | dbt docs: Service account tokens
buildkite-agent-token | Buildkite agent, cluster or package token | bkct_ bkat_ bkpt_ bkaj_ | [A-Za-z0-9_-]{30,} | Buildkite docs: Token security, prefixes
checkly-key | Checkly API key | cu_ | [a-f0-9]{32}(?![A-Za-z0-9]) | Checkly docs: API keys
percy-token | Percy project token | web_ auto_ app_ ss_ vmw_ | [a-f0-9]{64} | Percy docs: Project token
chromatic-token | Chromatic project token | chpt_ | [a-f0-9]{12,} | Chromatic docs: Project token
n8n-key | n8n API key | n8n_api_ | [A-Za-z0-9]{40,} | n8n docs: API authentication
readme-key | ReadMe API key | rdme_ | [a-z0-9]{60,} | GitHub docs: Supported secret scanning patterns (ReadMe)
postman-collection-key | Postman collection access key | PMAT- | [A-Z0-9]{26} | GitHub docs: Supported secret scanning patterns (Postman)
zuplo-key | Zuplo consumer API key | zpka_ | [a-z0-9]{32}_[a-f0-9]{8} | GitHub docs: Supported secret scanning patterns (Zuplo)
unkey-key | Unkey root key | unkey_ | [A-Za-z0-9]{20,} | Unkey docs: Root keys
launchdarkly-key | LaunchDarkly API, SDK or mobile key | api- sdk- mob- | [a-f0-9]{8}-[a-f0-9]{4}-4[a-f0-9]{3}-[a-f0-9]{4}-[a-f0-9]{12} | LaunchDarkly docs: API access tokens
configcat-key | ConfigCat SDK key | configcat-sdk-1/ configcat-proxy/ | [A-Za-z0-9_-]{22}/[A-Za-z0-9_-]{22} | ConfigCat docs: SDK keys
intra42-secret | 42 Intra client secret | s-s4t2ud- s-s4t2af- | [a-f0-9]{64} | GitHub docs: Supported secret scanning patterns (Intra)
lichess-token | Lichess access token | lip_ lio_ | [A-Za-z0-9]{20,} | Lichess docs: API tokens
adafruit-key | Adafruit IO key | aio_ | [A-Za-z0-9]{28} | GitHub docs: Supported secret scanning patterns (Adafruit)
`);
