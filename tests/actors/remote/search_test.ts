import { assertEquals, assertMatch } from "@std/assert";
import { search } from "../../../mod.ts";
import { COMPARABLE, readFiles, small } from "../small_search.ts";
import { NatsServer, natsTest } from "../../nats_server.ts";
import { Running, startWorker } from "./processes.ts";

const OPTIONS = "--dataset synthetic --train-size 32 --batch-size 16 --epochs 1 " +
  "--discriminator-size 20 --discriminator-epochs 1 --population 4 --finalists 2 " +
  "--finalist-repeats 1 --generations 3 --seed 11";

function startSearch(server: NatsServer, name: string, ...more: string[]): Running {
  const options = [...OPTIONS.split(" "), "--nats", server.url, "--out", `${server.store}/${name}`];
  return new Running(["search", ...options, ...more]);
}

natsTest(
  "two searches on three workers, one of them late, give the bytes of one host",
  async () => {
    await using server = await NatsServer.start();
    const whole = `${server.store}/whole`;
    const network = "examples/my_network.ts";
    const term = "examples/visibility.ts";
    await using alone = search({ ...small, directory: whole });
    await alone.result;
    await using one = startSearch(server, "remote", "--devices", "none");
    await using other = startSearch(
      server,
      "mixed",
      ...["--devices", "cpu", "--network", network, "--terms", `${term}=-0.5`],
    );
    const workers = ["w1", "w2"].map((name) => startWorker(server, name, "--modules", term));
    await new Promise((resolve) => setTimeout(resolve, 3000));
    workers.push(startWorker(server, "late", "--modules", term));
    for (const [run, name] of [[one, "remote"], [other, "mixed"]] as const) {
      const { code, out, error } = await run.ended();
      assertEquals(code, 0, error + out);
      if (name === "mixed") continue;
      assertEquals(readFiles(`${server.store}/${name}`, COMPARABLE), readFiles(whole, COMPARABLE));
      assertMatch(out, /worker w1 is there, with 1 slot/);
      const timings = Deno.readTextFileSync(`${server.store}/remote/timings.csv`);
      assertMatch(timings, /,slot-0@(w[12]),cpu@\1,onnx\/cpu,/);
    }
    const again = `${server.store}/again`;
    await using same = search({
      ...small,
      network,
      terms: [`${term}=-0.5`],
      directory: again,
    });
    await same.result;
    assertEquals(readFiles(`${server.store}/mixed`, COMPARABLE), readFiles(again, COMPARABLE));
    for (const worker of workers) {
      worker.kill("SIGINT");
      const { code, out } = await worker.ended();
      assertEquals(code, 0, out);
      assertMatch(out, /left; \d+ parts done, 0 not\n$/);
    }
  },
);
