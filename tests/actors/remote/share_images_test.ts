import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import { shareImages } from "../../../actors/remote/share_images.ts";
import { addressOf } from "../../../actors/remote/nats_options.ts";
import { imagesSha256, KNOWN_DATASETS, loadTrain } from "../../../datasets/mod.ts";
import { storeSplit } from "../../../datasets/published/cache.ts";
import { takeSharedTrain } from "../../../datasets/published/shared_train.ts";
import { ConfigurationError } from "../../../options.ts";
import { Random } from "../../../random.ts";
import { NatsServer, natsTest } from "../../nats_server.ts";
import { Running } from "./processes.ts";

const SET = KNOWN_DATASETS["fashion-mnist"];
const COUNT = 600;

/** A folder of sets in which some images of one are. */
async function folderOfSets(): Promise<string> {
  const directory = await Deno.makeTempDir();
  const random = new Random(1);
  const bytes = (length: number, below: number) =>
    Uint8Array.from({ length }, () => random.integer(below));
  await storeSplit(SET, "train", directory, {
    images: [bytes(COUNT * 784, 256)],
    labels: [Uint8Array.from({ length: COUNT }, (_, index) => index % 10)],
    origin: "a test",
  });
  return directory;
}

Deno.test("images are given in ranges to who has the token, and nothing else is", async () => {
  const directory = await folderOfSets();
  const split = await loadTrain(SET.name, { directory });
  await using shared = (await shareImages(split, "127.0.0.1:0"))!;
  const { server, token, bytes, sha256 } = shared.offer;
  const url = `${server}train-${sha256.slice(0, 16)}`;
  const authorization = `Bearer ${token}`;
  const ask = async (url: string, headers: Record<string, string>, method = "GET") => {
    const response = await fetch(url, { method, headers });
    return { status: response.status, length: (await response.arrayBuffer()).byteLength };
  };
  assertEquals(bytes, COUNT * 785);
  const cases: [ReturnType<typeof ask>, { status: number; length: number }][] = [
    [ask(url, { authorization }), { status: 200, length: bytes }],
    [ask(url, { authorization, range: "bytes=599-" }), { status: 206, length: bytes - 599 }],
    [ask(url, { authorization, range: `bytes=${bytes}-` }), { status: 416, length: 0 }],
    [ask(url, { authorization, range: "bytes=-5" }), { status: 416, length: 0 }],
    [ask(url, {}), { status: 401, length: 0 }],
    [ask(url, { authorization: `Bearer ${token}0` }), { status: 401, length: 0 }],
    [ask(`${server}train`, { authorization }), { status: 404, length: 0 }],
    [ask(`${server}..%2f..%2fetc/passwd`, { authorization }), { status: 404, length: 0 }],
    [ask(url, { authorization }, "PUT"), { status: 405, length: 0 }],
  ];
  for (const [asked, answer] of cases) assertEquals(await asked, answer);
  await Deno.remove(directory, { recursive: true });
});

Deno.test("a transfer that was cut off goes on where it stopped, and gives the same images", async () => {
  const [from, to] = [await folderOfSets(), await Deno.makeTempDir()];
  const split = await loadTrain(SET.name, { directory: from });
  await using shared = (await shareImages(split, "127.0.0.1:0"))!;
  const { server, token, ...offer } = shared.offer;
  const headers = { authorization: `Bearer ${token}` };
  const stop = new AbortController();
  let first = 0;
  await assertRejects(() =>
    takeSharedTrain(SET, offer, server, {
      headers,
      directory: to,
      signal: stop.signal,
      onProgress: ({ received }) => {
        first = received;
        stop.abort();
      },
    })
  );
  assert(first > 0 && first < offer.bytes, `${first} of ${offer.bytes}`);
  let next: number | undefined;
  await takeSharedTrain(SET, offer, server, {
    headers,
    directory: to,
    onProgress: ({ received }) => next ??= received,
  });
  assert(next! > first, `went on at ${next} after ${first}`);
  const taken = await loadTrain(SET.name, { directory: to });
  assertEquals(imagesSha256(taken), imagesSha256(split));
  assertEquals((await Array.fromAsync(Deno.readDir(`${to}/${SET.name}`))).length, 1);
  const changed = { ...offer, sha256: "0".repeat(64) };
  await assertRejects(
    () => takeSharedTrain(SET, changed, server, { headers, directory: to }),
    Error,
    "Cannot download",
  );
  await assertRejects(
    () => takeSharedTrain(SET, { ...offer, bytes: offer.bytes + 1 }, server, { directory: to }),
    RangeError,
    "471001 bytes are not those of 1 to 60000 images",
  );
  for (const folder of [from, to]) await Deno.remove(folder, { recursive: true });
});

Deno.test("images that come with the program are not shared, and those of a folder cannot be", async () => {
  const synthetic = await loadTrain("synthetic");
  assertEquals(await shareImages(synthetic, "127.0.0.1:0"), undefined);
  await assertRejects(
    () => shareImages({ ...synthetic, dataset: "/my/images" }, "127.0.0.1:0"),
    ConfigurationError,
    "Cannot share the images of /my/images: only published sets are",
  );
  assertEquals(addressOf("[::1]:80"), { hostname: "::1", port: 80 });
  for (const wrong of ["a", "a:70000", "http://a:1", "0.0.0.0:80", "[::]:80", "a:1/x", "u@a:1"]) {
    assertMatch(
      await Promise.resolve().then(() => addressOf(wrong)).then(() => "", ({ message }) => message),
      /^Option shareData must be an address HOST:PORT of this host by which workers reach it, rec/,
    );
  }
});

natsTest("a worker takes the images that it lacks from the host that searches", async () => {
  await using server = await NatsServer.start();
  const [from, to] = [await folderOfSets(), await Deno.makeTempDir()];
  const options =
    "--dataset fashion-mnist --train-size 32 --batch-size 16 --epochs 1 --generations 1 " +
    "--population 2 --finalists 1 --finalist-repeats 0 --divergence-weight 0 --devices none";
  const search = (name: string, ...more: string[]) =>
    new Running(
      ["search", ...options.split(" "), "--nats", server.url, "--out", `${from}/${name}`, ...more],
      { MDDES_DATA: from },
    );
  const worker = ["worker", "--nats", server.url, "--devices", "cpu", "--name", "w1"];
  await using helper = new Running(worker, { MDDES_DATA: to });
  await using run = search("run", "--share-data", "127.0.0.1:0");
  const { code, out, error } = await run.ended();
  assertEquals(code, 0, out + error);
  helper.kill("SIGINT");
  const said = await helper.ended();
  assertMatch(
    said.out,
    /takes the training images of fashion-mnist from 127\.0\.0\.1:\d+, 0\.5 MB/,
  );
  const [one, other] = await Promise.all(
    [from, to].map(async (directory) => imagesSha256(await loadTrain(SET.name, { directory }))),
  );
  assertEquals(one, other);
  for (const name of ["config.json", "journal.jsonl", "summary.json"]) {
    const text = await Deno.readTextFile(`${from}/run/${name}`);
    assert(!/token|127\.0\.0\.1/.test(text), text);
  }
  for (const folder of [from, to]) await Deno.remove(folder, { recursive: true });
});
