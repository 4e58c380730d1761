import { assert, assertEquals } from "@std/assert";
import type { ClusterState } from "../../actors/remote/cluster.ts";
import { NatsServer, natsTest, pause } from "../nats_server.ts";
import { Running } from "../actors/remote/processes.ts";
import { ROOT } from "./documents.ts";

const PAGE = await Deno.readTextFile(new URL("docs/hosts.md", ROOT));

/** The block of the page in which this stands. */
function block(part: string): string {
  const blocks = [...PAGE.matchAll(/^```\w+\n(.*?)^```$/gms)].map(([, text]) => text!);
  const [found, ...others] = blocks.filter((text) => text.includes(part));
  assertEquals([found !== undefined, others.length], [true, 0], part);
  return found!;
}

async function run(folder: string, command: string, ...args: string[]): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command(command, { args, cwd: folder })
    .output();
  assert(success, new TextDecoder().decode(stderr));
  return new TextDecoder().decode(stdout);
}

/** What each user may do, as the page has it: the names of its variables are those of the users. */
function permissions(config: string): [user: string, verb: string, pattern: string][] {
  return [...config.matchAll(/^([A-Z]+) = \{(.*?)^\}/gms)].flatMap(([, user, rules]) =>
    [...rules!.matchAll(/(publish|subscribe): (\[.*?\]|".*?")/gs)].flatMap(([, verb, list]) =>
      [...list!.matchAll(/"(.*?)"/g)].map(([, pattern]): [string, string, string] => [
        user!.toLowerCase(),
        verb!,
        pattern!,
      ])
    )
  );
}

/** What each user did, by a log in which the server writes down all that it receives. */
function deeds(log: string): [user: string, verb: string, subject: string][] {
  const users = new Map(
    [...log.matchAll(/cid:(\d+) .*\[CONNECT .*?"user":"(\w+)"/g)].map(([, id, user]) => [id, user]),
  );
  const verbs: Readonly<Record<string, string>> = { PUB: "publish", SUB: "subscribe" };
  return [...log.matchAll(/cid:(\d+) .*<<- \[H?(PUB|SUB) (\S+)/g)]
    .map(([, id, verb, subject]) => [users.get(id!) ?? "", verbs[verb!]!, subject!]);
}

/** Waits until the server has written something down. */
async function logged(log: string, text: string, search: Running): Promise<void> {
  while (!(await Deno.readTextFile(log)).includes(text)) {
    assert(!search.isOver, `the search ended before ${text}`);
    await pause(20);
  }
}

function matches(pattern: string, subject: string): boolean {
  const escaped = RegExp.escape(pattern)
    .replaceAll(RegExp.escape("*"), "[^.]+")
    .replaceAll(RegExp.escape(">"), ".+");
  return new RegExp(`^${escaped}$`).test(subject);
}

natsTest("each user of the shut server may do what it does, and no more", async () => {
  const folder = await Deno.makeTempDir();
  await run(folder, "sh", "-ec", block("subjectAltName").replace("DNS:HOST", "IP:127.0.0.1"));
  const config = block("accounts {");
  const here = config.replaceAll("/etc/nats/", `${folder}/`).replace(/store_dir: ".*?", /, "");
  const log = `${folder}/log`;
  await using server = await NatsServer.configured(here, "-DV", "-l", log);
  const start = (user: string, command: string, ...more: string[]) => {
    const [, password = ""] = new RegExp(`user: ${user}, password: "(.*?)"`).exec(config) ?? [];
    return new Running(
      [command, "--nats", server.url, "--nats-ca", `${folder}/ca.pem`, ...more],
      { MDDES_NATS_USER: user, MDDES_NATS_PASSWORD: password },
    );
  };
  const options =
    "--dataset synthetic --train-size 32 --batch-size 16 --epochs 2 --pruner median " +
    "--discriminator-size 20 --discriminator-epochs 1 --population 3 --generations 2 --finalists 1 " +
    "--devices none --finalist-repeats 1";
  await using search = start("search", "search", ...options.split(" "), "--out", `${folder}/run`);
  let seen: ClusterState;
  do {
    const { out, error, code } = await start("watcher", "cluster", "--json").ended();
    assertEquals(code, 0, error);
    seen = JSON.parse(out);
  } while (seen.runs.length === 0 && !search.isOver);
  assertEquals(seen.runs.map(({ subject }) => subject), ["synthetic"]);
  // What a worker had that is gone is taken out of the queue.
  await using lost = start("worker", "worker", "--devices", "cpu", "--name", "w0");
  await logged(log, "HMSG mddes.task.", search);
  lost.kill();
  await logged(log, "PUB $JS.API.STREAM.MSG.DELETE", search);
  await using worker = start("worker", "worker", "--devices", "cpu", "--name", "w1");
  const { out, error, code } = await search.ended();
  assertEquals(code, 0, out + error);
  worker.kill("SIGINT");
  assertEquals((await worker.ended()).code, 0);
  await server.kill();
  const written = await Deno.readTextFile(log);
  assertEquals(written.match(/.*Violation.*/g), null);
  const done = deeds(written);
  const unused = permissions(config).filter(([user, verb, pattern]) =>
    !done.some(([who, what, subject]) => who === user && what === verb && matches(pattern, subject))
  );
  assertEquals(unused, []);
  await Deno.remove(folder, { recursive: true });
});

natsTest(
  "the page's nkey is one that the server takes, in a file that others do not read",
  async () => {
    const folder = await Deno.makeTempDir();
    const script = block("nkeys.createUser").replace("deno eval", `"$DENO" eval`);
    const command = `DENO=${Deno.execPath()}; ${script}`;
    const nkey = (await run(folder, "sh", "-ec", command)).trim();
    assertEquals(Deno.statSync(`${folder}/worker.nk`).mode! & 0o777, 0o600);
    const config = `authorization: { users: [{ nkey: ${nkey} }] }`;
    await using server = await NatsServer.configured(config);
    const looked = await new Running(
      ["cluster", "--nats", server.url, "--nats-nkey", `${folder}/worker.nk`, "--once"],
    ).ended();
    assertEquals(looked.code, 0, looked.error);
    await Deno.remove(folder, { recursive: true });
  },
);
