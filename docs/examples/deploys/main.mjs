import { defineExtension, serve } from "@synaps/sdk";

const PLACES = ["staging", "live"];
let cursor = 0;
const view = () => ({ rows: PLACES.map((label) => ({ label, data: label })), cursor });

serve(
  defineExtension({
    commands: {
      async deploy([place = "staging"], { output, task, widgets, signal }) {
        if (!PLACES.includes(place)) throw new Error(`there is no place '${place}'`);
        const upload = task(`Uploading to ${place}`);
        for (let part = 1; part <= 3 && !signal.aborted; part += 1) {
          upload.update({ current: part, total: 3 });
        }
        upload.done();
        widgets.upsert({ id: "deploys", lines: [`${place} is up`], ttl_secs: 60 });
        output.table(["place", "state"], [[place, "up"]]);
        return { place };
      },
    },
    settings: {
      "deploys/place": {
        open: view,
        key(key, editor) {
          if (key === "Down") cursor = (cursor + 1) % PLACES.length;
          if (key !== "Enter") return view();
          editor.commit(PLACES[cursor]);
          return editor.close();
        },
      },
    },
  }),
);
