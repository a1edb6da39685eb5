process.stdout.write("ready\n");
// Stays, as an extension does: forty-nine that end would compete with the last one that starts.
setTimeout(() => {}, 60_000);
