import { defineHook, inject, proceed, serve } from "@synaps/sdk";

serve(
  defineHook("before_message", async ({ message }, { memory }) => {
    const [, wish] = /^remember (.+)/i.exec(message) ?? [];
    if (wish) {
      await memory.append({ content: wish, tags: ["wish:user"] });
      return proceed();
    }
    const notes = await memory.query({ tag_prefix: "wish:", limit: 5 });
    return notes.length > 0 ? inject(notes.map(({ content }) => `- ${content}`).join("\n")) : proceed();
  }),
);
