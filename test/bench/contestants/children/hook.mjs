// A command hook in Node: one process per event, JSON on standard input, a verdict on standard output.
let text = "";
for await (const chunk of process.stdin.setEncoding("utf8")) text += chunk;
JSON.parse(text);
process.stdout.write('{"action":"continue"}');
