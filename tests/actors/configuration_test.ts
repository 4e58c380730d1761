import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import * as v from "valibot";
import {
  type CheckedSearch,
  minimizeSchema,
  type populationEntries,
  type PopulationSettings,
  type SearchOptions,
  searchSchema,
} from "../../actors/configuration.ts";
import { ConfigurationError, minimize, type MinimizeOptions, search } from "../../mod.ts";
import { ABOVE_0, describeOption, optionsDeciding } from "../../options.ts";
import { simulationSchema, type SimulationSettings } from "../../simulation/configuration.ts";
import { brief, writeImages } from "./image_folder.ts";
import { single } from "./small_search.ts";

/** The same keys, and each takes what the other one takes. */
type Same<A, B> = [keyof A, keyof B, A, B] extends [keyof B, keyof A, B, A] ? true : false;

// These do not compile where an interface and its schema are not the same.
type Population = v.StrictObjectSchema<typeof populationEntries, undefined>;
true satisfies Same<PopulationSettings, v.InferOutput<Population>>;
true satisfies Same<CheckedSearch, v.InferOutput<typeof searchSchema>>;
true satisfies Same<SimulationSettings, v.InferOutput<typeof simulationSchema>>;
true satisfies Same<
  Record<Exclude<keyof MinimizeOptions, "directory" | "signal" | "nats">, unknown>,
  Record<keyof v.InferInput<typeof minimizeSchema>, unknown>
>;

interface Property {
  readonly name: string;
  readonly jsDoc?: { readonly doc?: string };
  readonly tsType: unknown;
}

/** Properties of the interfaces of a file, as `deno doc` and editors see them. */
async function propertiesOf(file: string, ...interfaces: string[]): Promise<Property[]> {
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["doc", "--json", file],
    cwd: new URL("../..", import.meta.url),
  }).output();
  const { nodes } = JSON.parse(new TextDecoder().decode(stdout));
  const [{ symbols }] = Object.values(nodes) as [
    { symbols: { name: string; declarations: { def: { properties: Property[] } }[] }[] },
  ];
  return symbols
    .filter(({ name }) => interfaces.includes(name))
    .flatMap(({ declarations: [declaration] }) => declaration!.def.properties);
}

/** A comment as one line, with its numbers written as the options write them. */
function plainly({ jsDoc }: Property): string {
  return (jsDoc?.doc ?? "").replaceAll("\n", " ").replaceAll(/(?<=\d),(?=\d{3})/g, "")
    .replace("2^32 - 1", `${2 ** 32 - 1}`);
}

/** What the comment of an option must say, in pieces. */
function piecesOf(schema: v.GenericSchema, { tsType }: Property): string[] {
  const { kind, expected, needs, default: fallback } = describeOption(schema);
  const quoted = (value: unknown) => typeof value === "string" ? `\`${value}\`` : `${value}`;
  const pieces: string[] = [];
  if (kind === "integer" || kind === "number") pieces.push(expected.replace(/^an? \w+ from /, ""));
  const choices =
    /^one of (.+?)(?: or the path of a file)?$/.exec(expected)?.[1]?.split(/, (?:or )?/) ??
      [];
  const shown = JSON.stringify(tsType);
  pieces.push(...choices.filter((choice) => !shown.includes(`"${choice}"`)).map(quoted));
  for (const [other, choice] of Object.entries(needs)) {
    pieces.push(choice === ABOVE_0 ? `${other} above 0` : `${other} ${quoted(choice)}`);
  }
  if (fallback === undefined) pieces.push("Default");
  else pieces.push(`Default ${Array.isArray(fallback) ? "`[" : quoted(fallback)}`);
  return pieces;
}

Deno.test("the comment of every option states its range, its default and what it needs", async () => {
  const documented = [
    [searchSchema, "actors/configuration.ts", "SearchConfiguration", "PopulationSettings"],
    [minimizeSchema, "actors/minimize.ts", "MinimizeOptions"],
    [simulationSchema, "simulation/configuration.ts", "SimulationSettings"],
  ] as const;
  for (const [{ entries }, file, ...interfaces] of documented) {
    const schemas = new Map<string, v.GenericSchema>(Object.entries(entries));
    const properties = await propertiesOf(file, ...interfaces);
    for (const property of properties) {
      const schema = schemas.get(property.name);
      if (!schema || describeOption(schema).kind === undefined) continue;
      const comment = plainly(property);
      for (const piece of piecesOf(schema, property)) {
        assertStringIncludes(comment, piece, `${property.name} in ${file}`);
      }
    }
    assert(properties.length > 0);
  }
});

Deno.test("only these options may change without another result", () => {
  const { entries } = searchSchema;
  assertEquals(optionsDeciding(entries, "length"), ["generations", "stop", "target", "maxSeconds"]);
  assertEquals(optionsDeciding(entries, "nothing"), [
    "maxAttempts",
    "leaseSeconds",
    "isolation",
    "devices",
  ]);
  assertEquals(optionsDeciding(minimizeSchema.entries, "nothing"), [
    "maxAttempts",
    "leaseSeconds",
    "workers",
    "isolation",
  ]);
});

Deno.test("every choice that an option needs is there", () => {
  for (const { entries } of [searchSchema, minimizeSchema]) {
    const schemas: Record<string, v.GenericSchema> = { ...entries };
    for (const [name, schema] of Object.entries(schemas)) {
      for (const [other, choice] of Object.entries(describeOption(schema).needs)) {
        assert(schemas[other], `${name} needs ${other}`);
        const value = choice === ABOVE_0 ? 1 : choice;
        assert(v.is(schemas[other], value), `${name} needs ${other} ${choice}`);
      }
    }
  }
});

Deno.test("search and minimize refuse what means nothing, and write nothing", async () => {
  const directory = `${Deno.makeTempDirSync()}/run`;
  const evaluator = new URL("./objectives/sphere.ts", import.meta.url);
  const searching: [SearchOptions, string][] = [
    [{ maxAge: 3 }, "Option maxAge means something only with staleness drop and mode async"],
    [{ staleness: "drop" }, "Option staleness means something only with mode async"],
    [
      { divergenceWeight: 0 },
      "Option discriminatorSize means something only with divergenceWeight",
    ],
    [{ mismatchWeight: 0, mismatch: "clean" }, "Option mismatch means something only with"],
  ];
  for (const [options, message] of searching) {
    await using run = search({ ...single, ...options, directory });
    await assertRejects(() => run.result, ConfigurationError, message);
  }
  await using run = minimize({ evaluator, mean: [1], maxAge: 0, mode: "async", directory });
  await assertRejects(() => run.result, ConfigurationError, "received staleness mix");
  assertEquals([...Deno.readDirSync(directory.replace(/\/run$/, ""))], []);
});

Deno.test("a whole configuration, with its defaults, is taken as it was written", async () => {
  const root = Deno.makeTempDirSync();
  await using run = search({ ...single, maxAge: undefined, directory: `${root}/a` });
  await run.result;
  const { configuration } = JSON.parse(Deno.readTextFileSync(`${root}/a/config.json`));
  assertEquals([configuration.mode, configuration.staleness, configuration.maxAge], [
    "sync",
    "mix",
    1,
  ]);
  await using again = search({ ...configuration, directory: `${root}/b` });
  await again.result;
  const [before, after] = ["a", "b"].map((name) =>
    Deno.readTextFileSync(`${root}/${name}/candidates.csv`)
  );
  assertEquals(after, before);
});

Deno.test("what an option that means nothing would need is not asked for", async () => {
  const root = Deno.makeTempDirSync();
  writeImages(`${root}/images`);
  await using run = search({
    ...brief,
    divergenceWeight: 0,
    discriminatorSize: undefined,
    discriminatorEpochs: undefined,
    dataset: `${root}/images`,
    directory: `${root}/run`,
  });
  await run.result;
  const { configuration } = JSON.parse(Deno.readTextFileSync(`${root}/run/config.json`));
  assertEquals(configuration.discriminatorSize, 500, "more than there are images");
});
