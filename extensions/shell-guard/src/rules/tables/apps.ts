import type { Row } from "../words.js";

const APP = "it deletes an app or its data";
const GONE = "what it deletes does not come back";

/** Services that host apps, code and data: a whole app, repository or database goes. */
export const APPS_LOST: readonly Row[] = [
  [
    "heroku apps:destroy|apps:delete|pg:reset|addons:destroy|pg:backups:delete|data:*:reset ; heroku destroy",
    APP,
  ],
  [
    "fly|flyctl apps|app destroy|delete ; fly|flyctl destroy ; fly|flyctl volumes|volume destroy|delete|rm ; fly|flyctl postgres|pg|mpg destroy",
    APP,
  ],
  [
    "railway down|delete ; railway volume|environment|project delete|rm ; render services|databases delete ; scalingo destroy ; clever delete",
    APP,
  ],
  [
    "gh repo delete|archive ; glab repo|project delete ; hub delete ; tea repos delete",
    "it deletes a repository",
  ],
  ["gh api -X=DELETE|--method=DELETE|-XDELETE repos/*", "it deletes a repository or a part of it"],
  [
    "supabase projects|branches delete ; supabase db reset --linked|--db-url ; firebase projects:delete ; neonctl|neon projects|branches delete ; turso db|group destroy ; pscale database|branch delete ; planetscale database delete ; convex deployment delete ; upstash redis delete ; xata dbs|workspace delete",
    APP,
  ],
  [
    "wrangler d1|r2 delete ; wrangler r2 bucket delete ; wrangler kv namespace delete ; wrangler kv:namespace delete ; wrangler d1 delete",
    APP,
  ],
  [
    "kafka-topics|kafka-topics.sh --delete ; kafka-delete-records|kafka-delete-records.sh ; rpk topic delete",
    "it deletes stored messages as a whole",
  ],
  [
    "ghost uninstall ; wp db drop|reset|clean ; wp site delete|empty ; drush sql-drop|sql:drop ; bench drop-site ; occ user:delete",
    APP,
  ],
];

/** Services that host apps, code and data: a single thing goes. */
export const APPS_CHANGED: readonly Row[] = [
  [
    "gh release|secret|variable|run|issue|label|gist|ssh-key|gpg-key|codespace|ruleset|project delete|remove|rm ; gh release delete-asset ; gh workflow disable ; gh repo edit --visibility ; gh repo rename",
    GONE,
  ],
  ["gh|glab api -X=DELETE|--method=DELETE|-XDELETE", GONE],
  [
    "glab release|variable|issue|mr|label|ssh-key|pipeline|ci|snippet delete ; hub release delete ; tea release|branch delete",
    GONE,
  ],
  [
    "vercel|vc rm|remove ; vercel|vc env|domains|dns|alias|project|projects|secrets|certs|blob|teams|cache|rolling-release rm|remove|del|purge ; vercel|vc rollback",
    GONE,
  ],
  ["netlify sites:delete|env:unset|blobs:delete|functions:delete ; netlify api delete*", GONE],
  [
    "firebase firestore:delete|hosting:disable|database:remove|functions:delete|apps:delete|auth:delete|remoteconfig:rollback|hosting:sites:delete ; firebase ext:uninstall",
    GONE,
  ],
  ["wrangler delete ; wrangler ... delete|purge|rollback", GONE],
  [
    "heroku ps:scale *=0 ; heroku ps:stop|maintenance:on|config:unset|domains:remove|domains:clear|releases:rollback|rollback|pg:kill|pg:killall|pg:promote|pg:copy|redis:*|keys:clear|access:remove|pipelines:destroy|drains:remove|buildpacks:clear|features:disable|addons:detach",
    APP,
  ],
  [
    "fly|flyctl machine|machines|m destroy|remove|kill|stop ; fly|flyctl scale count 0 ; fly|flyctl secrets unset ; fly|flyctl ips|certs|tokens|redis|storage|wireguard|ext release|delete|remove|revoke|destroy ; fly|flyctl suspend",
    APP,
  ],
  [
    "railway service|variables|variable delete|rm ; railway remove ; render ... delete|suspend ; scalingo ... remove|destroy|unset ; clever ... delete|rm|cancel-deploy|purge",
    APP,
  ],
  [
    "supabase secrets|functions|storage|domains|sso|network-bans unset|delete|rm|remove ; supabase db reset ; supabase stop --no-backup ; supabase migration squash|repair",
    "data of the database are lost",
  ],
  [
    "neonctl|neon|turso|pscale|upstash|xata|convex|aiven|avn|atlas|ccloud|confluent|redisctl ... delete|destroy|drop|terminate|purge|reset|remove",
    GONE,
  ],
  [
    "stripe ... delete|cancel|refund ; stripe delete|refunds|subscriptions ... ; twilio ... remove|delete|release|*:remove|*:delete|*:release ; sentry-cli ... delete|remove ; algolia ... delete|clear ; contentful space|content-type|environment delete ; shopify theme delete ; shopify app ... delete ; auth0|okta|launchdarkly|ldcli|onelogin ... delete|rm ; sanity dataset|documents|hook delete|remove ; cloudflared tunnel delete|cleanup ; ngrok api ... delete ; tailscale down|logout ; op item|vault|user|document delete ; bw delete ; doppler ... delete ; hf|huggingface-cli repo delete|delete-files ; huggingface-cli delete-cache ; kaggle ... delete ; wandb ... delete",
    GONE,
  ],
  [
    "rabbitmqctl reset|force_reset|delete_vhost|delete_queue|delete_user|purge_queue|clear_permissions ; rabbitmqadmin delete|purge ; nats stream|consumer|kv|object rm|purge|del ; pulsar-admin ... delete|unload ; kafka-consumer-groups|kafka-consumer-groups.sh --delete|--reset-offsets",
    "stored messages are lost",
  ],
  [
    "redis-cli|valkey-cli|keydb-cli ... config set|rewrite|resetstat ; redis-cli|valkey-cli|keydb-cli ... shutdown|debug|cluster reset",
    "it changes or stops a running database",
  ],
];
