import { once } from "node:events";
import { createServer, type AddressInfo } from "node:net";
import { Client } from "./client.js";
import { Gateway } from "./gateway.js";
import { withHook, type Stage } from "./stage.js";

const RULE = "house-rules";

/** A gateway that a hook forbids, and one whose address a hook changes, beside the one of the day. */
export async function startRefused(stage: Stage): Promise<void> {
  const { host, book, configFile, say } = stage.parts;
  const port = await freePort();
  const facts = { gateway_url: `ws://127.0.0.1:${port}`, tls_enabled: false };
  const another = (): Gateway => new Gateway({ host, config: configFile, port });

  const refuse = ({ data }: { data: { tls_enabled: boolean } }) =>
    data.tls_enabled ? undefined : ({ action: "abort", reason: "not without TLS" } as const);
  await withHook(host.subscribe("gateway.startup", refuse, { id: RULE }), async () => {
    const started = await another()
      .start()
      .catch((error: Error) => error.message);
    const reached = await Client.connect(facts.gateway_url).catch(() => "nobody listens");
    book.add("Startup", facts, { by: RULE, reason: "not without TLS" });
    say(
      "a hook",
      "refuses the start",
      `${started ?? "it started"}; ${reached instanceof Client ? "it listens" : reached}`,
    );
  });

  const publish = ({ data }: { data: object }) =>
    ({ action: "modified", data: { ...data, gateway_url: "wss://gateway.example" } }) as const;
  await withHook(host.subscribe("gateway.startup", publish, { id: RULE }), async () => {
    const gateway = another();
    await gateway.start();
    book.add("Startup", facts, { by: RULE });
    say("a hook", "names the address that the world sees", gateway.url);
    await gateway.stop();
    book.add("Shutdown");
  });
}

export async function starts({ parts: { gateway, book, say } }: Stage): Promise<void> {
  await gateway.start();
  book.add("Startup", { gateway_url: gateway.url, tls_enabled: false });
  say("the gateway", "starts", gateway.url);
}

/** The gateway stops while it answers: the answer still comes, a new question has none, a new client is turned away. */
export async function stopsWhileBusy(stage: Stage): Promise<void> {
  const { gateway, model, book, say } = stage.parts;
  const ada = await stage.comesIn("127.0.0.1");
  const hangs = model.hanging();
  ada.send({ type: "ask", text: "wait" });
  await hangs;
  const stopped = gateway.stop();
  ada.send({ type: "ask", text: "one more?" });
  const late = await Client.connect(gateway.url).catch(() => "turned away");
  model.release();
  const { text } = await ada.next();
  stage.called(ada);
  const { code } = await ada.ended;
  await stage.ended(ada);
  await stopped;
  book.add("Shutdown");
  say("127.0.0.1", "asks while the gateway stops", `${String(text)}, then the end (${code})`);
  say("127.0.0.1", "connects while the gateway stops", late instanceof Client ? "let in" : late);
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}
