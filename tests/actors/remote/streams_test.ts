import { assertEquals } from "@std/assert";
import { connect } from "../../../actors/remote/connect.ts";
import { STREAMS, subjects } from "../../../actors/remote/messages.ts";
import {
  makeQueue,
  makeStreams,
  publishUntilStored,
  removeRun,
  removeTask,
} from "../../../actors/remote/streams.ts";
import { NatsServer, natsTest } from "../../nats_server.ts";

natsTest(
  "a task that is taken out leaves all others, of its run and of others, where they are",
  async () => {
    await using server = await NatsServer.start();
    await using connection = await connect({ servers: server.url }, "test");
    const { jsm, js } = connection;
    const { signal } = new AbortController();
    await makeStreams(jsm);
    for (const run of ["one", "two", "three"]) {
      await makeQueue(jsm, run, 30_000);
      for (const task of ["a", "b", "c"]) {
        const id = `${run}.${task}`;
        await publishUntilStored(connection, subjects.task(run, task), new Uint8Array(), {
          id,
          signal,
          tell: (why) => assertEquals(why, "nothing"),
        });
      }
    }
    await removeTask(jsm, subjects.task("two", "b"));
    await removeTask(jsm, subjects.task("two", "absent"));
    await removeRun(connection, "three");
    for (const [run, tasks] of [["one", ["a", "b", "c"]], ["two", ["a", "c"]]] as const) {
      const queue = await js.consumers.get(STREAMS.tasks, run);
      for (const task of tasks) {
        const message = await queue.next({ expires: 5000 });
        assertEquals(message?.subject, subjects.task(run, task));
        await message!.ackAck();
      }
    }
  },
);
