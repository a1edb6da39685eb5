// A plain vscode-jsonrpc server, as its readme shows it.
import rpc from "vscode-jsonrpc/node";

const connection = rpc.createMessageConnection(
  new rpc.StreamMessageReader(process.stdin),
  new rpc.StreamMessageWriter(process.stdout),
);
connection.onRequest("hook.handle", () => ({ action: "continue" }));
connection.onClose(() => process.exit(0));
connection.listen();
