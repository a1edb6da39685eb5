// The other end of child_process.fork: Node's own message channel.
process.on("message", (/** @type {any} */ { id }) => process.send?.({ id, result: { action: "continue" } }));
process.on("disconnect", () => process.exit(0));
