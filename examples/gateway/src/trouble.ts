import { METHOD, TOKEN, type Stage } from "./stage.js";

/** Clients of a flood; fewer than one address may have at once. */
const FLOOD = 60;
const QUESTIONS = 10;

/** Clients that leave in the middle, a provider that fails, and a flood of logins. */
export async function trouble(stage: Stage): Promise<void> {
  await resetWhileAsking(stage);
  await abortDuringLogin(stage);
  await leavesWithoutLogin(stage);
  await failingProvider(stage);
  await loginFlood(stage);
}

async function resetWhileAsking(stage: Stage): Promise<void> {
  const { model, say } = stage.parts;
  const client = await stage.comesIn("127.0.0.1");
  const hangs = model.hanging();
  client.send({ type: "ask", text: "hang" });
  await hangs;
  await client.reset();
  stage.called(client, false);
  await stage.ended(client);
  say("127.0.0.1", "resets the connection while the model is asked", "the call is given up");
}

/** The client is gone before the hooks have said if it may come in. */
async function abortDuringLogin(stage: Stage): Promise<void> {
  const { host, book, say } = stage.parts;
  const client = await stage.connect("127.0.0.1");
  let asked = (): void => {};
  const isAsked = new Promise<void>((resolve) => (asked = resolve));
  let decide = (): void => {};
  const decided = new Promise<void>((resolve) => (decide = resolve));
  const off = host.subscribe("gateway.auth_success", async () => {
    asked();
    await decided;
  });
  client.send({ type: "login", token: TOKEN });
  await isAsked;
  await client.reset();
  decide();
  book.add("AuthSuccess", { peer_addr: client.addr, method: METHOD });
  await stage.ended(client);
  off();
  say("127.0.0.1", "resets the connection during the login", "nobody is let in");
}

async function leavesWithoutLogin(stage: Stage): Promise<void> {
  const { say } = stage.parts;
  const quiet = await stage.connect("127.0.0.1");
  await quiet.leave();
  await stage.ended(quiet);
  const loud = await stage.connect("127.0.0.1");
  loud.send("{ this is no JSON");
  const { reason } = await loud.next();
  await stage.ended(loud);
  say("127.0.0.1", "sends no JSON before it has logged in", String(reason));
}

async function failingProvider(stage: Stage): Promise<void> {
  const { say } = stage.parts;
  const client = await stage.comesIn("127.0.0.1");
  for (const order of ["fail", "reset", "garble", "hang"]) {
    const { reason } = await client.ask(order);
    stage.called(client, false);
    say(client.addr, `asks, and the provider does: ${order}`, String(reason));
  }
  await client.leave();
  await stage.ended(client);
}

/** Many clients of one address guess at once, and one of another address goes on as if nothing were. */
async function loginFlood(stage: Stage): Promise<void> {
  const { say } = stage.parts;
  const ada = await stage.comesIn("127.0.0.1");
  let guessing = FLOOD;
  const flood = Promise.all(
    Array.from({ length: FLOOD }, () => guessOnce(stage).finally(() => (guessing -= 1))),
  );
  let during = 0;
  for (let asked = 0; asked < QUESTIONS; asked += 1) {
    const { type } = await ada.ask("still there?");
    stage.called(ada);
    if (type === "answer" && guessing > 0) during += 1;
  }
  await flood;
  say("127.0.0.9", `guesses with ${FLOOD} clients at once`, "locked out after 3");
  say("127.0.0.1", `asks ${QUESTIONS} questions meanwhile`, `${during} answered before the flood was over`);
  await ada.leave();
  await stage.ended(ada);
}

async function guessOnce(stage: Stage): Promise<void> {
  const client = await stage.connect("127.0.0.9");
  const { attempts, locked_out } = await stage.guesses(client);
  if (attempts === 3) stage.parts.book.add("SecurityEvent", stage.lockOut(client));
  if (!locked_out) await client.leave();
  await stage.ended(client);
}
