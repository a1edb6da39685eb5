import type { Extension } from "../../supervision/extension.js";
import type { Clock, Timer } from "../../time/clock.js";
import type { HostServices } from "../services.js";
import { Drops } from "../drops.js";
import type { UiChange, UiChanges } from "./changes.js";
import { parseWidget, widgetRef, type Widget } from "./widget.js";

/** Widgets of one extension at a time; further ones are ignored until one is dismissed. */
export const MAX_WIDGETS = 16;

interface Shown {
  /** The object, not its id: after a reload another extension has the same id. */
  owner: Extension;
  widget: Widget;
  timer: Timer | undefined;
}

/** The widgets that extensions want shown now. */
export class Widgets {
  readonly #shown = new Map<string, Map<string, Shown>>();
  readonly #clock: Clock;
  readonly #changes: UiChanges;
  readonly #drops: Drops;

  constructor(services: Pick<HostServices, "inbound" | "clock" | "logger" | "warn">, changes: UiChanges) {
    const { inbound, clock } = services;
    this.#drops = new Drops(services, "widget");
    this.#clock = clock;
    this.#changes = changes;
    inbound.listen("widget.upsert", (from, params) => this.#upsert(from, params));
    inbound.listen("widget.dismiss", (from, params) => {
      const ref = widgetRef(params);
      if (ref) this.#remove(from.id, keyOf(ref), "dismissed");
    });
  }

  /** All widgets, or the widgets of one extension, in the order in which they came. */
  all(extension?: string): Widget[] {
    const owners = extension === undefined ? [...this.#shown.keys()] : [extension];
    return owners.flatMap((owner) =>
      [...(this.#shown.get(owner)?.values() ?? [])].map(({ widget }) => widget),
    );
  }

  /** Number of widgets of an extension that were not shown: malformed ones, and those beyond 16. */
  dropped(extension: string): number {
    return this.#drops.of(extension);
  }

  /** Takes down the widgets of an extension that is not there any more. */
  clear(extension: Extension): void {
    const own = this.#shown.get(extension.id) ?? new Map<string, Shown>();
    for (const [key, { owner }] of own) if (owner === extension) this.#remove(extension.id, key, "gone");
  }

  stop(): void {
    for (const shown of this.#shown.values()) for (const { timer } of shown.values()) timer?.cancel();
  }

  #upsert(owner: Extension, params: unknown): void {
    const { id: extension } = owner;
    const widget = parseWidget(extension, params);
    if (!widget) return this.#drops.add(owner, "it is malformed");
    const own = this.#shown.get(extension) ?? new Map<string, Shown>();
    const key = keyOf(widget);
    const before = own.get(key);
    if (!before && own.size >= MAX_WIDGETS) return this.#drops.add(owner, `there are ${MAX_WIDGETS} already`);
    before?.timer?.cancel();
    const { ttlMs } = widget;
    const timer =
      ttlMs === undefined
        ? undefined
        : this.#clock.after(ttlMs, () => this.#remove(extension, key, "expired"));
    this.#shown.set(extension, own.set(key, { owner, widget, timer }));
    this.#changes.tell({ type: "widget", widget });
  }

  #remove(
    extension: string,
    key: string,
    reason: Extract<UiChange, { type: "widget_dismissed" }>["reason"],
  ): void {
    const own = this.#shown.get(extension);
    const shown = own?.get(key);
    if (!own || !shown) return;
    shown.timer?.cancel();
    own.delete(key);
    this.#changes.tell({ type: "widget_dismissed", widget: shown.widget, reason });
  }
}

function keyOf({ id, sessionId }: { id: string; sessionId: string | undefined }): string {
  return `${sessionId ?? ""}\0${id}`;
}
