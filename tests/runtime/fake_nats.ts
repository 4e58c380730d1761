/** A server and its clients in one object: what is published is there at the next turn. */
import type { NatsConnection, NatsMessage } from "../../actors/runtime/mod.ts";

type Subscriber = (error: Error | null, message: NatsMessage) => void;

export class FakeNats implements NatsConnection {
  readonly #subscribers = new Map<string, Set<Subscriber>>();
  /** The subjects that were published to. */
  readonly subjects = new Set<string>();
  readonly #closed = Promise.withResolvers<void>();

  publish(subject: string, payload: Uint8Array = new Uint8Array(0)): void {
    this.#send(subject, payload, () => false);
  }

  subscribe(subject: string, { callback }: { readonly callback: Subscriber }) {
    const subscribers = this.#subscribers.get(subject) ?? new Set();
    this.#subscribers.set(subject, subscribers.add(callback));
    return { unsubscribe: () => void subscribers.delete(callback) };
  }

  request(subject: string, payload: Uint8Array): Promise<NatsMessage> {
    return new Promise((resolve) =>
      this.#send(subject, payload, (data: Uint8Array = new Uint8Array(0)) => {
        resolve({ data, respond: () => false });
        return true;
      })
    );
  }

  get subscriptions(): number {
    return this.#subscribers.values().reduce((sum, { size }) => sum + size, 0);
  }

  flush(): Promise<void> {
    return Promise.resolve();
  }

  closed(): Promise<void> {
    return this.#closed.promise;
  }

  /** Fails every subscription to a subject, as a server does that allows none. */
  forbid(subject: string): void {
    const error = new Error("permissions violation");
    for (const subscriber of this.#subscribers.get(subject) ?? []) {
      subscriber(error, { data: new Uint8Array(0), respond: () => false });
    }
  }

  #send(subject: string, payload: Uint8Array, respond: NatsMessage["respond"]): void {
    this.subjects.add(subject);
    const data = payload.slice();
    queueMicrotask(() => {
      for (const subscriber of this.#subscribers.get(subject) ?? []) {
        subscriber(null, { data, respond });
      }
      data.fill(0); // it is the client's to use again
    });
  }
}
