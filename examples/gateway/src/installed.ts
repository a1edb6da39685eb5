import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { bundled, type Scratch } from "@synaps/example-shared";
import { createHost, nullLogger } from "@synaps/host";
import { gatewayCatalog } from "@synaps/sdk/catalogs";
import { Client } from "./client.js";
import { Gateway } from "./gateway.js";
import { startScriptedModel } from "./scripted-model.js";
import { configFor, TOKEN, writeConfig, type StageParts } from "./stage.js";

const EXTENSIONS = ["ip-allowlist", "login-auditor", "notifier", "rate-limiter"];
/** Calls of the model that one client may make. */
const LIMIT = 3;

/** Another gateway with a host of its own, and with extensions that come along in the place of house rules. */
export async function installed(
  say: StageParts["say"],
  { scratch, interrupted }: { scratch: Scratch; interrupted: Promise<void> },
): Promise<void> {
  process.stdout.write("\ninstalled extensions, at a gateway of their own\n");
  let wasInterrupted = false;
  void interrupted.then(() => (wasInterrupted = true));
  const webhook = await startWebhook();
  const logins = join(scratch.root, "logins");
  const host = createHost({
    catalogs: [gatewayCatalog],
    folders: EXTENSIONS.map(bundled),
    baseDir: scratch.base,
    env: {
      ...process.env,
      SYNAPS_EXTENSION_IP_ALLOWLIST_ADDRESSES: "127.0.0.1 127.0.0.2",
      SYNAPS_EXTENSION_LOGIN_AUDITOR_PATH: join(logins, "logins.jsonl"),
      NOTIFIER_WEBHOOK_URL: webhook.url,
      SYNAPS_EXTENSION_RATE_LIMITER_KINDS: "gateway.before_provider_call",
      SYNAPS_EXTENSION_RATE_LIMITER_LIMIT: String(LIMIT),
      SYNAPS_EXTENSION_RATE_LIMITER_REFILL: "0.001",
    },
    logger: nullLogger,
  });
  const model = await startScriptedModel();
  const config = join(scratch.root, "installed.json");
  writeConfig(config, configFor(model));
  const gateway = new Gateway({ host, config });
  const drive = async (): Promise<void> => {
    await host.start();
    await gateway.start();
    const stranger = await Client.connect(gateway.url, "127.0.0.8");
    const { by, reason } = await stranger.next();
    say(String(by), "refuses an address that is not on its list", String(reason));

    const guesser = await Client.connect(gateway.url, "127.0.0.2");
    for (let tries = 0; tries < 3; tries += 1) await guesser.login("a guess");
    say("notifier", "reports the address that is locked out", await webhook.first);

    const ada = await Client.connect(gateway.url);
    await ada.login(TOKEN);
    for (let asked = 0; asked < LIMIT; asked += 1) await ada.ask("hello");
    const refused = await ada.ask("hello");
    say(String(refused["by"]), `refuses call ${LIMIT + 1} of the model`, String(refused["reason"]));
  };
  try {
    await Promise.race([drive(), interrupted]);
  } finally {
    await gateway.stop();
    await host.stop();
    await model.close();
    webhook.close();
  }
  // Only now: the extension writes behind its answers, and the last lines while it stops.
  if (!wasInterrupted) say("login-auditor", "has written down", `${loginsIn(logins)} logins`);
}

/** A local server in the place of a chat: `first` is the first thing that it is told. */
async function startWebhook(): Promise<{ url: string; first: Promise<string>; close: () => void }> {
  let tell: (event: string) => void = () => {};
  const first = new Promise<string>((resolve) => (tell = resolve));
  const server = createServer((request, response) => {
    let body = "";
    request.setEncoding("utf8").on("data", (chunk: string) => (body += chunk));
    request.on("end", () => {
      response.end();
      const { event, severity } = JSON.parse(body) as { event: string; severity: string };
      tell(`${event}, severity ${severity}`);
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
  return {
    url,
    first,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

function loginsIn(folder: string): number {
  return readdirSync(folder)
    .filter((name) => name.endsWith(".jsonl"))
    .flatMap((name) => readFileSync(join(folder, name), "utf8").trimEnd().split("\n"))
    .filter((line) => /"success":/.test(line)).length;
}
