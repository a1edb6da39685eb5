import { formatsOf } from "./format-table.js";

/** Payments, customers, messages, monitoring. */
export const SERVICE_FORMATS = formatsOf(String.raw`
shippo-token | Shippo API token | shippo_live_ shippo_test_ | [a-fA-F0-9]{40} | Shippo docs: Authentication
grafana-legacy-key | Grafana API key of the old kind | eyJrIjoi | [A-Za-z0-9+/]{50,}={0,2} | Grafana docs: API keys
lob-key | Lob API key | live_ test_ | [a-f0-9]{35}(?![A-Za-z0-9]) | Lob docs: API keys
duffel-token | Duffel access token | duffel_live_ duffel_test_ | [A-Za-z0-9_=-]{40,} | GitHub docs: Supported secret scanning patterns (Duffel)
flutterwave-key | Flutterwave secret key | FLWSECK_TEST- FLWSECK- | [A-Za-z0-9]{12,32}(?:-X)? | Flutterwave docs: API keys
razorpay-key | Razorpay key id | rzp_live_ rzp_test_ | [A-Za-z0-9]{14,} | Razorpay docs: API keys
braintree-token | Braintree access token | access_token$production$ access_token$sandbox$ | [a-z0-9]{16}\$[a-f0-9]{32} | Braintree docs: Access tokens
checkout-key | Checkout.com secret key | sk_sbox_ | [a-z0-9]{24,} | Checkout.com docs: API keys
paddle-key | Paddle API key | pdl_live_apikey_ pdl_sdbx_apikey_ pdl_ntfset_ | [A-Za-z0-9]{20,}_[A-Za-z0-9_+/=]{20,} | Paddle docs: API key format
ramp-secret | Ramp client secret | ramp_sec_ ramp_tok_ | [A-Za-z0-9]{40,} | GitHub docs: Supported secret scanning patterns (Ramp)
mercury-token | Mercury API token | secret-token:mercury_ | (?:production|sandbox)_[a-z]{2,6}_[A-Za-z0-9_]{30,} | Mercury docs: API tokens
polar-token | Polar access token | polar_oat_ polar_pat_ polar_whs_ | [A-Za-z0-9]{30,} | Polar docs: Access tokens
stytch-secret | Stytch secret | secret-live- secret-test- | [A-Za-z0-9_-]{36,}={0,2} | Stytch docs: API secrets
telnyx-key | Telnyx API key | KEY0 | [0-9A-F]{31,40}_[A-Za-z0-9]{20,24} | GitHub docs: Supported secret scanning patterns (Telnyx)
mailersend-token | MailerSend API token | mlsn. | [a-f0-9]{64} | MailerSend docs: API tokens
klaviyo-key | Klaviyo private API key | pk_ | (?:[a-f0-9]{34}|[A-Za-z0-9]{6}_[a-f0-9]{34})(?![A-Za-z0-9]) | Klaviyo docs: Private API keys
intercom-token | Intercom access token | dG9rO | [A-Za-z0-9+/]{50,}={0,2} | Intercom docs: Access token
salesforce-session | Salesforce session id or access token | 00D | [A-Za-z0-9]{12,15}![A-Za-z0-9_.]{80,} | Salesforce docs: OAuth tokens
salesforce-consumer-key | Salesforce consumer key | 3MVG9 | [A-Za-z0-9_.]{60,} | GitHub docs: Supported secret scanning patterns (Salesforce)
clickup-token | ClickUp personal API token | pk_ | \d{5,10}_[A-Z0-9]{32} | ClickUp docs: Authentication
adobe-secret | Adobe client secret | p8e- | [A-Za-z0-9_-]{32} | GitHub docs: Supported secret scanning patterns (Adobe)
frameio-token | Frame.io developer token | fio-u- | [A-Za-z0-9_=-]{64} | Frame.io docs: Developer tokens
figma-other-token | Figma OAuth, plan or SCIM token | figo_ figu_ figp_ figor_ | [A-Za-z0-9_=-]{36,} | GitHub docs: Supported secret scanning patterns (Figma)
cal-key | Cal.com API key | cal_live_ cal_ | [a-f0-9]{32}(?![A-Za-z0-9]) | Cal.com docs: API keys
instagram-token | Instagram access token | IGQ | [A-Za-z0-9_-]{100,} | Meta for Developers: Instagram access tokens
twitter-bearer-token | X (Twitter) bearer token | AAAAAAAAAAAAAAAAAAAAA | [A-Za-z0-9%]{60,}(?![A-Za-z0-9+/=]) | X developer docs: Bearer tokens
pinterest-token | Pinterest access or refresh token | pina_ pinr. | [A-Za-z0-9._]{40,} | Pinterest developer docs: Authentication
vk-token | VK access token | vk1.a. | [A-Za-z0-9_-]{80,} | VK docs: Access tokens
datadog-app-key | Datadog application key | ddapp_ ddpat_ | [A-Za-z0-9_]{34,} | Datadog docs: Application keys
honeycomb-key | Honeycomb ingest or management key | hcaik_ hcbik_ hccik_ hcdik_ hcxik_ hcamk_ hcxmk_ | [a-z0-9]{40,} | Honeycomb docs: API key formats
axiom-token | Axiom API or personal token | xaat- xapt- | [a-f0-9]{8}(?:-[a-f0-9]{4}){3}-[a-f0-9]{12} | Axiom docs: Tokens
rootly-key | Rootly API key | rootly_ | [a-f0-9]{64} | GitHub docs: Supported secret scanning patterns (Rootly)
pagerduty-key | PagerDuty user API key | u+ | [A-Za-z0-9_+-]{18}(?![A-Za-z0-9_+-]) | PagerDuty docs: API access keys
onesignal-key | OneSignal REST API key | os_v2_app_ os_v2_org_ | [a-z0-9]{80,} | OneSignal docs: Keys and ids
pubnub-secret | PubNub secret key | sec-c- | [A-Za-z0-9]{40,} | PubNub docs: API keys
fcm-server-key | Firebase Cloud Messaging server key | AAAA | [A-Za-z0-9_-]{7}:APA91b[A-Za-z0-9_-]{80,} | Firebase docs: Cloud Messaging
asana-token | Asana personal access token | 0/ 1/ 2/ | \d{13,20}(?:/\d{13,20})?:[a-f0-9]{32} | Asana docs: Personal access token
new-relic-other-key | New Relic query, browser or admin key | NRIQ- NRBR- NRJS- NRAA- NRRA- | [A-Za-z0-9_-]{19,40} | New Relic docs: API keys
posthog-other-key | PostHog secret or feature flag key | phs_ | [A-Za-z0-9]{36,} | PostHog docs: API overview
shopify-other-token | Shopify delegate, app client or theme token | shpua_ shptka_ | [A-Za-z0-9]{24,} | Shopify docs: Access token types
mandrill-key | Mandrill API key | md- | [A-Za-z0-9_-]{22}(?![A-Za-z0-9_-]) | Mailchimp Transactional docs: API keys
zoho-token | Zoho OAuth token | 1000. | [a-f0-9]{32}\.[a-f0-9]{32} | Zoho docs: OAuth tokens
mapbox-secret | Mapbox secret or temporary token | sk.eyJ tk.eyJ | [A-Za-z0-9_-]{40,}\.[A-Za-z0-9_-]{20,} | Mapbox docs: Tokens
sanity-token | Sanity robot or personal token | sk | [A-Za-z0-9]{140,200}(?![A-Za-z0-9]) | Sanity docs: API tokens
beamer-key | Beamer API key | b_ | [A-Za-z0-9_=-]{44}(?![A-Za-z0-9_=-]) | Beamer docs: API keys
ubidots-token | Ubidots token | BBFF- BBUS- | [A-Za-z0-9]{30} | Ubidots docs: Tokens
samsara-token | Samsara API token | samsara_api_ | [A-Za-z0-9]{28,} | GitHub docs: Supported secret scanning patterns (Samsara)
persona-key | Persona API key | persona_production_ persona_sandbox_ | [A-Za-z0-9-]{32,} | GitHub docs: Supported secret scanning patterns (Persona)
settlemint-token | SettleMint access token | sm_aat_ sm_pat_ sm_sat_ | [A-Za-z0-9]{16,} | GitHub docs: Supported secret scanning patterns (SettleMint)
`);
