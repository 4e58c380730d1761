/** A worker in the hands of a test: it announces itself, and answers what the test says. */
import type { JsMsg } from "@nats-io/jetstream";
import { assert } from "@std/assert";
import { connect, type Connection } from "../../../actors/remote/connect.ts";
import {
  decodeTask,
  digestOf,
  encode,
  STREAMS,
  subjects,
  type TaskMessage,
} from "../../../actors/remote/messages.ts";
import type { NatsServer } from "../../nats_server.ts";
import { pause } from "../../nats_server.ts";

/** A task, and the message that it came in. */
export interface Given {
  readonly task: TaskMessage;
  readonly message: JsMsg;
}

export class FakeWorker implements AsyncDisposable {
  readonly connection: Connection;
  readonly run: string;
  readonly #announcing: ReturnType<typeof setInterval>;

  private constructor(connection: Connection, run: string, slots: number) {
    this.connection = connection;
    this.run = run;
    const announce = () =>
      connection.nats.publish(
        subjects.worker("fake"),
        encode({
          id: "fake",
          name: "fake",
          slots,
          devices: new Array(slots).fill("cpu"),
          everyMs: 100,
          holds: [],
          done: 0,
          failures: 0,
          imagesPerSecond: 0,
          serves: { [run]: slots },
          refuses: {},
        }),
      );
    announce();
    this.#announcing = setInterval(announce, 100);
  }

  /** Joins the only run that there is, when it is there. */
  static async join(server: NatsServer, slots = 1): Promise<FakeWorker> {
    const connection = await connect({ servers: server.url }, "fake");
    for (let waited = 0;; waited += 20) {
      assert(waited < 10_000, "there is no run");
      try {
        const [queue] = await connection.jsm.consumers.list(STREAMS.tasks).next();
        if (queue) return new FakeWorker(connection, queue.name, slots);
      } catch {
        // There is no stream yet.
      }
      await pause(20);
    }
  }

  /** Takes a task, if there is one within seconds, and the run is not over. */
  async take(): Promise<Given | undefined> {
    try {
      const queue = await this.connection.js.consumers.get(STREAMS.tasks, this.run);
      const message = await queue.next({ expires: 5000 });
      return message ? { task: decodeTask(message.data), message } : undefined;
    } catch {
      return undefined;
    }
  }

  /** Publishes bytes in the place of an answer. */
  async say(bytes: Uint8Array): Promise<void> {
    await this.connection.js.publish(subjects.answer(this.run), bytes);
  }

  /** Answers with a value; the message is not acknowledged. */
  async answer({ task }: Given, value: number, over: object = {}): Promise<void> {
    await this.say(answerTo(task, value, over));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#announcing);
    await this.connection[Symbol.asyncDispose]();
  }
}

/** An answer as bytes. */
export function answerTo(task: TaskMessage, value: number, over: object = {}): Uint8Array {
  const { generation, candidate, repeat, part, attempt, seed, genome } = task;
  return encode({
    worker: "fake",
    digest: digestOf({ seed, x: genome }),
    answer: {
      type: "PartDone",
      generation,
      candidate,
      repeat,
      part,
      scores: { value },
      timing: {
        slot: "slot-0",
        device: "cpu",
        engine: "own",
        attempt,
        startedAt: 0,
        queuedMs: 0,
        busyMs: 1,
        imagesPerSecond: 0,
      },
    },
    ...over,
  });
}

/** What the objective of the tests gives. */
export function sphere({ genome }: TaskMessage): number {
  return genome.reduce((sum, each) => sum + each * each, 0);
}
