// An extension that answers, tells and asks at random. Arguments: the seed, the protocol, and `handshake` when the answer
// to initialize is damaged too. An event of `before_tool_call` says how much it tells; one of `on_session_start` is
// answered in earnest, with the count of all messages so far.
import { seeded } from "../../chaos/random.mjs";
import { frame, read } from "../../fixtures/fixture-kit.mjs";
import { damaged, junk, textOf } from "./junk.mjs";
import { ANSWERS, asked, declarations, told } from "./messages.mjs";

const [seed, protocol, mode] = process.argv.slice(2);
const random = seeded(Number(seed));
const { below, pick } = random;
// A stream and a command that are under way.
const under = { token: "1", request: "1" };
let id = "fuzz";
let sent = 0;

function write(message) {
  sent += 1;
  process.stdout.write(frame(textOf(message)));
}

const maybe = (value, times = 2) => (below(times) === 0 ? value : damaged(value, random));

function envelope(message) {
  // Members of the message itself go wrong less often: nothing else of it is looked at then.
  if (below(30) > 0) return message;
  const wrong = damaged(message, random);
  return typeof wrong === "object" && wrong !== null ? wrong : { ...message, jsonrpc: junk(random) };
}

function answered(requestId, method) {
  const chance = below(40);
  if (chance === 0)
    return {
      jsonrpc: "2.0",
      id: requestId,
      error: damaged({ code: -32603, message: "no", data: {} }, random),
    };
  if (chance === 1) return { jsonrpc: "2.0", id: requestId, result: junk(random) };
  if (chance === 2)
    return { jsonrpc: "2.0", id: String(requestId), result: { action: "continue" }, error: null };
  return { jsonrpc: "2.0", id: requestId, result: maybe(pick(ANSWERS[method] ?? [null])) };
}

function say() {
  if (below(5) === 0) {
    const [method, params] = pick(asked(id));
    const number = below(20) === 0 ? junk(random) : below(1_000);
    return write(envelope({ jsonrpc: "2.0", id: number, method, params: maybe(params) }));
  }
  if (below(12) === 0) return write({ jsonrpc: "2.0", id: below(1e6) + 1e6, result: junk(random) });
  const [method, params] = pick(told(under));
  write(
    envelope({ jsonrpc: "2.0", method: below(100) === 0 ? junk(random) : method, params: maybe(params) }),
  );
}

function remember(method, params) {
  if (method === "command.invoke" && typeof params?.request_id === "string")
    under.request = params.request_id;
  const token = params?.meta?.stream_token ?? params?.meta?.progress_token;
  if (token !== undefined) under.token = token;
}

read(({ method, id: requestId, params }) => {
  if (method === undefined) return;
  remember(method, params);
  if (method === "initialize") {
    id = params.plugin_id;
    const features = Number(protocol) >= 3 ? params.features : undefined;
    const capabilities = declarations(["session.drive"]);
    const result = { protocol_version: Number(protocol), capabilities, features };
    return write({
      jsonrpc: "2.0",
      id: requestId,
      result: mode === "handshake" ? damaged(result, random) : result,
    });
  }
  if (requestId === undefined) return say();
  if (method === "shutdown") {
    write({ jsonrpc: "2.0", id: requestId, result: null });
    process.exit(0);
  }
  if (method === "hook.handle" && params.kind === "on_session_start") {
    const content = JSON.stringify({ sent: sent + 1 });
    return write({ jsonrpc: "2.0", id: requestId, result: { action: "inject", content } });
  }
  const burst = method === "hook.handle" ? (params.tool_input?.burst ?? 0) : below(4);
  for (let n = 0; n < burst; n += 1) say();
  // Some questions stay open until their deadline.
  if (below(200) > 0) write(answered(requestId, method));
});
process.stdin.on("end", () => process.exit(0));
