import { entropyOf } from "../entropy.js";
import { isPlaceholder } from "../placeholder.js";
import type { Rule } from "./rule.js";
import { type Place, scanPlaces } from "./scan-rows.js";

const UUID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/.source;

/** Addresses that anybody may post to who knows them; the secret part of each, by its host or path. */
const WEBHOOKS: readonly Place[] = [
  ["hooks.zapier.com", /hooks\.zapier\.com\/hooks\/(?:catch|standard)\/(\d{4,12}\/[A-Za-z0-9]{5,64})/dg],
  [".make.com/", /hook(?:\.[a-z]{2}\d)?\.make\.com\/([A-Za-z0-9]{20,64})/dg],
  ["hook.integromat.com", /hook\.integromat\.com\/([A-Za-z0-9]{20,64})/dg],
  [
    "maker.ifttt.com",
    /maker\.ifttt\.com\/(?:trigger\/[^\s/]{1,80}\/(?:json\/)?with\/key|use)\/([A-Za-z0-9_-]{16,64})/dg,
  ],
  [
    "/webhook",
    new RegExp(`https?://[^\\s/"'<>]{3,120}/(?:[\\w-]{1,24}/)?webhook(?:-test)?/(${UUID})`, "dgi"),
  ],
  ["/api/webhook/", /\/api\/webhook\/([A-Za-z0-9_-]{20,128})/dg],
  [
    "logic.azure.com",
    /logic\.azure\.com(?::443)?\/workflows\/[^\s"'<>]{10,400}?[?&]sig=([A-Za-z0-9_%-]{20,})/dg,
  ],
  ["powerplatform.com", /powerplatform\.com(?::443)?\/[^\s"'<>]{10,400}?[?&]sig=([A-Za-z0-9_%-]{20,})/dg],
  [
    "chat.googleapis.com",
    /chat\.googleapis\.com\/v1\/spaces\/[^\s/]{4,64}\/messages\?(key=[^\s"'<>]{20,400})/dg,
  ],
  [
    "/bot/v2/hook/",
    new RegExp(`open\\.(?:feishu|larksuite)\\.(?:cn|com)/open-apis/bot/v2/hook/(${UUID})`, "dg"),
  ],
  ["oapi.dingtalk.com", /oapi\.dingtalk\.com\/robot\/send\?access_token=([a-f0-9]{40,80})/dg],
  ["qyapi.weixin.qq.com", new RegExp(`qyapi\\.weixin\\.qq\\.com/cgi-bin/webhook/send\\?key=(${UUID})`, "dg")],
  [
    "/hooks/",
    /https?:\/\/[^\s/"'<>]{3,120}\/hooks\/((?=[A-Za-z]*\d)[A-Za-z0-9]{26}|[A-Za-z0-9]{17,24}\/[A-Za-z0-9]{40,64})(?![A-Za-z0-9])/dg,
  ],
  ["events.pagerduty.com", /events\.pagerduty\.com\/integration\/([a-f0-9]{32})/dg],
  [
    "alert.victorops.com",
    new RegExp(`alert\\.victorops\\.com/integrations/generic/\\d{4,12}/alert/(${UUID})`, "dg"),
  ],
  ["hc-ping.com", new RegExp(`hc-ping\\.com/(${UUID})`, "dg")],
  [
    "hooks.airtable.com",
    /hooks\.airtable\.com\/workflows\/v1\/genericWebhook\/\w{10,24}\/\w{10,24}\/(wtr\w{10,24})/dg,
  ],
  ["/build_hooks/", /api\.netlify\.com\/build_hooks\/([a-f0-9]{20,32})/dg],
  [
    "/integrations/deploy/",
    /api\.vercel\.com\/v1\/integrations\/deploy\/(prj_[A-Za-z0-9]{20,40}\/[A-Za-z0-9]{8,24})/dg,
  ],
  ["/deploy_hooks/", new RegExp(`/pages/webhooks/deploy_hooks/(${UUID})`, "dg")],
  ["api.render.com/deploy", /api\.render\.com\/deploy\/srv-[a-z0-9]{10,32}\?key=([A-Za-z0-9_-]{8,40})/dg],
  ["m.pipedream.net", /\/\/((?:eo|en)[a-z0-9]{12,24})\.m\.pipedream\.net/dg],
  [".tines.com/webhook", /\.tines\.com\/webhook\/([a-z0-9]{32}\/[a-z0-9]{32})/dg],
  ["api.telegram.org/bot", /api\.telegram\.org\/(?:file\/)?bot(\d{6,12}:[A-Za-z0-9_-]{30,})/dg],
  [
    "ingest.sentry.io",
    /\/\/([a-f0-9]{32})(?::[a-f0-9]{32})?@[a-z0-9.]{1,40}ingest(?:\.[a-z]{2})?\.sentry\.io/dg,
  ],
  ["/services/collector", /\/services\/collector\S{0,80}?[?&]token=([a-f0-9-]{36})/dg],
  ["ntfy.sh", /ntfy\.sh\/((?=[A-Za-z_-]*\d)[A-Za-z0-9_-]{16,64})(?![A-Za-z0-9_/-])/dg],
  ["gotify", /gotify[^\s/"'<>]{0,100}\/message\?token=([A-Za-z0-9._-]{10,40})/dg],
  [
    "discord.com/api",
    /discord(?:app)?\.com\/api(?:\/v\d{1,2})?\/webhooks\/(\d{15,22}\/[A-Za-z0-9_-]{40,})/dg,
  ],
  ["/api/webhooks/", /\/api(?:\/v\d{1,2})?\/webhooks\/(\d{15,22}\/[A-Za-z0-9_-]{40,})/dg],
  ["/webhooks/", new RegExp(`guilded\\.gg/webhooks/(${UUID}/[A-Za-z0-9_-]{40,})`, "dg")],
  ["/services/T", /\/services\/(T[A-Z0-9]{6,12}\/B[A-Z0-9]{6,12}\/[A-Za-z0-9]{20,32})/dg],
  ["/spreed/api/", /\/spreed\/api\/v\d\/bot\/([A-Za-z0-9]{32,128})\//dg],
  ["/external/", /\/api\/v1\/external\/\w{2,40}\?(?:[\w=&-]{0,100}&)?api_key=([A-Za-z0-9]{24,64})/dg],
  ["/trigger/pipeline", /\/trigger\/pipeline\?(?:[^\s"'<>]{0,200}&)?token=([A-Za-z0-9_-]{16,64})/dg],
  ["SYNO.Chat", /SYNO\.Chat\.External[^\s"'<>]{0,200}?token=(?:%22)?([A-Za-z0-9]{32,128})/dg],
  ["webhook.office", /webhook\.office(?:365)?\.com\/webhookb2\/([A-Za-z0-9@/-]{60,})/dg],
  ["outlook.office", /outlook\.office(?:365)?\.com\/webhook\/([A-Za-z0-9@/-]{60,})/dg],
];

export const WEBHOOK_RULES: readonly Rule[] = [
  {
    id: "webhook",
    description: "Secret part of the address of a webhook, build hook or deploy hook",
    keywords: WEBHOOKS.map(([word]) => word.toLowerCase()),
    scan: (text) => scanPlaces(text, WEBHOOKS, (value) => !isPlaceholder(value) && entropyOf(value) > 2),
    source:
      "Zapier, Make, IFTTT, n8n, Microsoft, Google Chat, Lark, DingTalk, WeCom, PagerDuty, Netlify, Vercel and Render docs: webhooks",
  },
];
