/** Collects the events of a system, and waits for some of them. */
import type { EventListener, SystemEvent } from "../../actors/runtime/mod.ts";

type EventOf<Type> = Extract<SystemEvent, { readonly type: Type }>;

export class EventLog {
  readonly events: SystemEvent[] = [];
  readonly #waiting = new Set<() => void>();

  readonly listener: EventListener = (event) => {
    this.events.push(event);
    for (const check of this.#waiting) check();
  };

  /** The events of a type so far. */
  of<Type extends SystemEvent["type"]>(type: Type): EventOf<Type>[] {
    return this.events.filter((event): event is EventOf<Type> => event.type === type);
  }

  /** Resolves when there are `count` events of a type. */
  async waitFor<Type extends SystemEvent["type"]>(type: Type, count = 1): Promise<EventOf<Type>[]> {
    if (this.of(type).length < count) {
      await new Promise<void>((resolve) => {
        const check = () => {
          if (this.of(type).length < count) return;
          this.#waiting.delete(check);
          resolve();
        };
        this.#waiting.add(check);
      });
    }
    return this.of(type);
  }

  /** `started a`, `exited a (failed)`, `restarting a`: the story in short. */
  lives(): string[] {
    return this.events.flatMap((event) => {
      switch (event.type) {
        case "started":
        case "restarting":
          return [`${event.type} ${event.actor}`];
        case "exited":
          return [`exited ${event.actor} (${event.reason.kind})`];
        case "escalated":
          return [`escalated ${event.supervisor}`];
        default:
          return [];
      }
    });
  }
}
