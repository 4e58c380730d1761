import { assert, assertMatch } from "@std/assert";
import { KNOWN_DATASETS } from "../../../datasets/mod.ts";
import { storeSplit } from "../../../datasets/published/cache.ts";
import { NatsServer, natsTest } from "../../nats_server.ts";
import { Running } from "./processes.ts";

const SET = KNOWN_DATASETS["fashion-mnist"];
const SEARCH = "--dataset fashion-mnist --train-size 32 --batch-size 16 --epochs 1 " +
  "--generations 1 --population 2 --finalists 1 --finalist-repeats 0 --divergence-weight 0 " +
  "--devices none";

/** A folder of sets with one set of images, all of the same brightness. */
async function folderOfSets(brightness: number): Promise<string> {
  const directory = await Deno.makeTempDir();
  await storeSplit(SET, "train", directory, {
    images: [new Uint8Array(100 * 784).fill(brightness)],
    labels: [Uint8Array.from({ length: 100 }, (_, index) => index % 10)],
    origin: "a test",
  });
  return directory;
}

/** What a search and its only worker say of it, each with images of its own or none. */
async function refusalOf(images: string): Promise<{ worker: string; search: string }> {
  await using server = await NatsServer.start();
  const mine = await folderOfSets(1);
  const worker = ["worker", "--nats", server.url, "--devices", "cpu", "--name", "w1"];
  await using helper = new Running(worker, { MDDES_DATA: images });
  const out = `${server.store}/run`;
  const options = [...SEARCH.split(" "), "--nats", server.url, "--out", out];
  await using run = new Running(["search", ...options], { MDDES_DATA: mine });
  const log = () => {
    try {
      return Deno.readTextFileSync(`${out}/log.jsonl`);
    } catch {
      return "";
    }
  };
  for (let waited = 0; !log().includes("worker w1 cannot work for this run"); waited += 50) {
    assert(waited < 60_000 && !run.isOver && !helper.isOver, log());
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  for (const each of [helper, run]) each.kill("SIGINT");
  const said = { worker: (await helper.ended()).out, search: (await run.ended()).out };
  for (const folder of [mine, images]) await Deno.remove(folder, { recursive: true });
  return said;
}

natsTest(
  "a worker that has no images says which command gets them, and so does the search",
  async () => {
    const { worker, search } = await refusalOf(await Deno.makeTempDir());
    const why = "Cannot load fashion-mnist: its train images are not in .*; get them with " +
      "`deno task datasets fetch fashion-mnist`";
    assertMatch(worker, new RegExp(`^cannot work for run [^ ]+: ${why}$`, "m"));
    assertMatch(search, new RegExp(`worker w1 cannot work for this run: ${why}$`, "m"));
  },
);

natsTest("a worker that has other images does not work, and both sides say so", async () => {
  const { worker, search } = await refusalOf(await folderOfSets(2));
  const why = "the training images of fashion-mnist here are not those of the search: " +
    "expected SHA-256 [0-9a-f]{64}, received [0-9a-f]{64}";
  assertMatch(worker, new RegExp(`^cannot work for run [^ ]+: ${why}$`, "m"));
  assertMatch(search, new RegExp(`worker w1 cannot work for this run: ${why}$`, "m"));
});
