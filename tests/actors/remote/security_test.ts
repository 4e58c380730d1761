import {
  assert,
  assertEquals,
  assertMatch,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import { nkeys } from "@nats-io/transport-node";
import { connect } from "../../../actors/remote/connect.ts";
import { hostsOf, type NatsOptions } from "../../../actors/remote/nats_options.ts";
import { remoteTimes } from "../../../actors/remote/times.ts";
import { ConfigurationError } from "../../../options.ts";
import { NatsServer, natsTest } from "../../nats_server.ts";
import { Running, SLOW_SPHERE } from "./processes.ts";

remoteTimes.request = 1000;

/** Checks that a server lets in with the one and not with the others, each of which is told in a line. */
async function requireDoor(
  right: NatsOptions,
  wrong: readonly (readonly [options: NatsOptions, line: RegExp])[],
): Promise<void> {
  await using _ = await connect(right, "test");
  for (const [options, line] of wrong) {
    const error = await assertRejects(() => connect(options, "test"), ConfigurationError);
    assertMatch(error.message, line);
    assert(!error.message.includes("\n"), error.message);
    const secrets = [options.token, options.password].filter((secret) => secret !== undefined);
    for (const secret of secrets) assert(!error.message.includes(secret));
  }
}

const SHUT =
  /^Cannot use the NATS server at 127\.0\.0\.1:\d+: it does not let in with what it was given$/;

natsTest("a server lets in with its token, and tells who has another one in a line", async () => {
  await using server = await NatsServer.start("--auth", "right-token");
  const { url: servers } = server;
  await requireDoor({ servers, token: "right-token" }, [
    [{ servers, token: "wrong-token" }, SHUT],
    [{ servers }, SHUT],
    [{ servers, user: "right-token" }, SHUT],
  ]);
});

natsTest("a server lets in a user with the password", async () => {
  await using server = await NatsServer.start("--user", "ada", "--pass", "right-password");
  const { url: servers } = server;
  await requireDoor({ servers, user: "ada", password: "right-password" }, [
    [{ servers, user: "ada", password: "wrong-password" }, SHUT],
    [{ servers, password: "right-password" }, /there is a password, and no user$/],
  ]);
});

natsTest("a server lets in by an nkey, whose seed is in a file", async () => {
  const folder = await Deno.makeTempDir();
  const right = nkeys.createUser();
  const seeds = { right: right.getSeed(), wrong: nkeys.createUser().getSeed() };
  for (const [name, seed] of Object.entries(seeds)) await Deno.writeFile(`${folder}/${name}`, seed);
  await Deno.writeTextFile(`${folder}/none`, "no seed");
  const users = `{ nkey: ${right.getPublicKey()} }`;
  await using server = await NatsServer.configured(`authorization: { users: [${users}] }`);
  const { url: servers } = server;
  await requireDoor({ servers, nkey: `${folder}/right` }, [
    [{ servers, nkey: `${folder}/wrong` }, SHUT],
    [{ servers, nkey: `${folder}/none` }, /none holds no seed of an nkey$/],
    [{ servers, nkey: `${folder}/absent` }, /absent: No such file/],
  ]);
  await Deno.remove(folder, { recursive: true });
});

/** Certificates of two authorities, and one of each for a server and a client on this machine. */
async function certificates(folder: string): Promise<void> {
  const openssl = async (...args: string[]) => {
    const { success, stderr } = await new Deno.Command("openssl", { args, cwd: folder }).output();
    assert(success, new TextDecoder().decode(stderr));
  };
  const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
  await Deno.writeTextFile(`${folder}/names`, "subjectAltName=IP:127.0.0.1");
  for (const authority of ["ca", "other-ca"]) {
    await openssl(
      ...["req", "-x509", ...key, "-keyout", `${authority}.key`, "-out", `${authority}.pem`],
      ...["-days", "1", "-subj", `/CN=${authority}`],
    );
  }
  for (const [name, authority] of [["server", "ca"], ["client", "ca"], ["stranger", "other-ca"]]) {
    await openssl(
      "req",
      ...key,
      "-keyout",
      `${name}.key`,
      "-out",
      "request",
      "-subj",
      `/CN=${name}`,
    );
    await openssl(
      ...[
        "x509",
        "-req",
        "-in",
        "request",
        "-CA",
        `${authority}.pem`,
        "-CAkey",
        `${authority}.key`,
      ],
      ...["-CAcreateserial", "-days", "1", "-extfile", "names", "-out", `${name}.pem`],
    );
  }
}

natsTest(
  "a server with certificates asks for a client's, and is refused with another authority",
  async () => {
    const folder = await Deno.makeTempDir();
    await certificates(folder);
    const at = (name: string) => `${folder}/${name}`;
    await using server = await NatsServer.start(
      ...["--tlsverify", "--tlscert", at("server.pem"), "--tlskey", at("server.key")],
      ...["--tlscacert", at("ca.pem")],
    );
    const { url: servers } = server;
    const client = { cert: at("client.pem"), key: at("client.key") };
    const ours = { servers, ca: at("ca.pem") };
    const shut =
      /it broke off, as it does when it does not take this host's certificate, or has none$/;
    await requireDoor({ ...ours, ...client }, [
      [{ servers, ca: at("other-ca.pem"), ...client }, /unable to verify the first certificate$/],
      [ours, shut],
      [{ ...ours, cert: at("stranger.pem"), key: at("stranger.key") }, shut],
      [{ ...ours, cert: at("client.pem") }, /a certificate and its key need each other$/],
      [{ ...ours, ...client, ca: at("absent.pem") }, /absent\.pem: No such file/],
    ]);
    await using bare = await NatsServer.start();
    await assertRejects(
      () => connect({ servers: bare.url, ca: at("ca.pem"), token: "t" }, "test"),
      ConfigurationError,
      "server does not support 'tls'",
    );
    await Deno.remove(folder, { recursive: true });
  },
);

natsTest(
  "a token is in no file of a run and in no line, and a wrong one ends a command",
  async () => {
    const token = "token-of-a-test";
    await using server = await NatsServer.start("--auth", token);
    const directory = `${server.store}/run`;
    const worker = ["worker", "--nats", server.url, "--modules", SLOW_SPHERE, "--devices", "cpu"];
    await using run = new Running(["minimize", directory, server.url], { MDDES_NATS_TOKEN: token });
    await using helper = new Running(worker, { MDDES_NATS_TOKEN: token });
    await using stranger = new Running(worker, { MDDES_NATS_TOKEN: "wrong-token" });
    const refused = await stranger.ended();
    assertEquals(refused.code, 2);
    assertMatch(
      refused.error,
      /^error: Cannot use the NATS server at [\d.:]+: it does not let in with what it was given\n$/,
    );
    const { code, out, error } = await run.ended();
    assertEquals(code, 0, error);
    helper.kill("SIGINT");
    const said = [out, error, (await helper.ended()).out, refused.out, refused.error];
    for await (const { name } of Deno.readDir(directory)) {
      said.push(await Deno.readTextFile(`${directory}/${name}`));
    }
    for (const text of said) assert(!text.includes(token));
  },
);

Deno.test("an address is checked before anything is asked for, and holds no password", () => {
  assertEquals(hostsOf({ servers: ["nats://a", "tls://b:4333"] }), ["a:4222", "b:4333"]);
  const cases: [string, string][] = [
    ["localhost:4222", 'received "localhost:4222"'],
    ["http://a:4222", 'received "http://a:4222"'],
    ["nats://a:4222/queue", "received"],
    ["nats://a:4222?tls=no", "received"],
    ["nats://ada:secret@a", "without what lets in"],
  ];
  for (const [servers, line] of cases) {
    let said = "";
    try {
      hostsOf({ servers });
    } catch (error) {
      said = (error as Error).message;
    }
    assertStringIncludes(said, line);
    assert(!said.includes("secret"));
  }
});
