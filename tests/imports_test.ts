import { assertEquals } from "@std/assert";

/** Files that every room may import from. They import from no room. */
const COMMON = [
  "averages.ts",
  "command_text.ts",
  "commands.ts",
  "deno.json",
  "duration.ts",
  "exported.ts",
  "options.ts",
  "permissions.ts",
  "random.ts",
  "random_streams.ts",
];

/**
 * Which rooms a room may import from. A folder that has no arrows of its own belongs to the room that
 * it is in.
 */
const ARROWS: Readonly<Record<string, readonly string[]>> = {
  "mod.ts": [
    "actors",
    "actors/testing",
    "actors/roles",
    "actors/population",
    "actors/record",
    "actors/remote",
    "strategies",
    "evolution",
    "models",
    "datasets",
  ],
  examples: ["mod.ts", "actors/runtime", "models"],
  experiments: [
    "experiments/budget",
    "experiments/dashboard",
    "experiments/figure2",
    "experiments/figure3",
    "experiments/figure4",
    "experiments/defences",
    "experiments/table1",
    "experiments/findings",
    "experiments/study",
    "experiments/presets",
    "experiments/run_report",
    "experiments/export",
    "experiments/sweep",
    "experiments/terminal",
    "experiments/transfer",
    "report",
    "actors",
    "actors/devices",
    "actors/own",
    "actors/population",
    "actors/record",
    "actors/remote",
    "actors/testing",
    "actors/worker",
    "simulation",
    "simulation/disasters",
    "models",
    "datasets",
  ],
  "experiments/budget": ["experiments/findings", "experiments/study", "report"],
  "experiments/dashboard": [
    "experiments/run_report",
    "experiments/terminal",
    "report",
    "actors/record",
    "datasets",
  ],
  "experiments/defences": [
    "experiments/findings",
    "experiments/study",
    "report",
    "actors/testing",
    "datasets",
  ],
  "experiments/figure2": [
    "experiments/findings",
    "experiments/study",
    "report",
    "actors/testing",
    "actors/runtime",
    "models",
    "datasets",
  ],
  "experiments/figure3": [
    "experiments/findings",
    "experiments/study",
    "report",
    "actors/testing",
  ],
  "experiments/transfer": [
    "experiments/findings",
    "experiments/study",
    "report",
  ],
  "experiments/figure4": [
    "experiments/findings",
    "experiments/study",
    "report",
    "actors/testing",
    "actors/runtime",
    "training",
    "models",
    "datasets",
  ],
  "experiments/table1": ["experiments/findings", "experiments/study", "report", "actors/testing"],
  "experiments/findings": [
    "experiments/study",
    "experiments/presets",
    "experiments/terminal",
    "report",
  ],
  "experiments/study": [
    "experiments/presets",
    "experiments/terminal",
    "report",
    "actors",
    "actors/devices",
    "actors/population",
    "actors/record",
    "actors/runtime",
    "actors/testing",
    "training",
    "evolution",
    "models",
    "datasets",
  ],
  "experiments/presets": ["actors", "actors/testing", "models"],
  "experiments/run_report": [
    "experiments/study",
    "report",
    "actors",
    "actors/population",
    "actors/record",
    "simulation",
    "datasets",
  ],
  "experiments/export": [
    "experiments/run_report",
    "experiments/study",
    "experiments/terminal",
    "report",
    "datasets",
  ],
  "experiments/sweep": ["experiments/terminal", "report", "simulation"],
  "experiments/terminal": ["actors", "actors/population", "actors/record", "actors/runtime"],
  report: ["datasets"],
  actors: [
    "actors/own",
    "actors/remote",
    "actors/population",
    "actors/devices",
    "actors/record",
    "training",
    "strategies",
    "models",
    "datasets",
  ],
  "actors/remote": ["actors/population", "actors/record", "actors/runtime", "datasets"],
  "actors/worker": [
    "actors",
    "actors/devices",
    "actors/own",
    "actors/population",
    "actors/record",
    "actors/remote",
    "actors/runtime",
    "models",
    "datasets",
  ],
  "actors/roles": [
    "actors/own",
    "actors/population",
    "actors/runtime",
    "training",
    "models",
    "datasets",
  ],
  "actors/own": ["actors/population", "actors/record", "actors/runtime", "strategies"],
  "actors/testing": [
    "actors",
    "actors/devices",
    "actors/population",
    "actors/record",
    "actors/runtime",
    "training",
    "models",
    "datasets",
  ],
  "actors/devices": ["actors/runtime", "training", "models"],
  "actors/population": ["actors/record", "actors/runtime", "strategies", "evolution"],
  "actors/record": ["actors/runtime", "strategies"],
  "actors/runtime": [],
  "simulation/disasters": [
    "simulation",
    "actors/population",
    "actors/record",
    "actors/runtime",
  ],
  simulation: [
    "actors",
    "actors/own",
    "actors/population",
    "actors/record",
    "actors/runtime",
  ],
  training: ["models", "datasets"],
  strategies: ["evolution"],
  evolution: [],
  models: [],
  datasets: [],
};

const ROOT = new URL("../", import.meta.url);

interface Import {
  readonly from: string;
  readonly to: string;
  /** Whether only types are imported, which is nothing when the program runs. */
  readonly ofTypes: boolean;
}

/** The room of a file: the longest folder that has arrows of its own. */
function roomOf(file: string): string | undefined {
  return Object.keys(ARROWS)
    .filter((room) => file === room || file.startsWith(`${room}/`))
    .sort((a, b) => b.length - a.length)[0];
}

async function sources(folder: string): Promise<string[]> {
  const files: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(new URL(folder, ROOT))) {
    if (isDirectory) files.push(...await sources(`${folder}${name}/`));
    else if (name.endsWith(".ts")) files.push(`${folder}${name}`);
  }
  return files;
}

interface ModuleGraph {
  readonly modules: readonly {
    readonly specifier: string;
    readonly dependencies?: readonly {
      readonly code?: { readonly specifier: string };
      readonly type?: { readonly specifier: string };
    }[];
  }[];
}

/** Every import between the project's own files, as Deno sees them. */
async function imports(): Promise<Import[]> {
  const rooms = [...Object.keys(ARROWS).filter((room) => !room.includes("/")), ...COMMON].filter((
    file,
  ) => !file.endsWith(".json"));
  const files = await Promise.all(
    rooms.map((room) => room.endsWith(".ts") ? [room] : sources(`${room}/`)),
  );
  const entry = await Deno.makeTempFile({ suffix: ".ts" });
  try {
    await Deno.writeTextFile(
      entry,
      files.flat().map((file) => `import "${new URL(file, ROOT)}";\n`).join(""),
    );
    const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: [
        ...["info", "--json"],
        ...["--config", new URL("deno.json", ROOT).pathname],
        ...["--lock", new URL("deno.full.lock", ROOT).pathname],
        entry,
      ],
    }).output();
    if (!success) throw new Error(new TextDecoder().decode(stderr));
    const graph = JSON.parse(new TextDecoder().decode(stdout)) as ModuleGraph;
    const nameOf = (specifier = "") =>
      specifier.startsWith(ROOT.href) ? specifier.slice(ROOT.href.length) : undefined;
    return graph.modules.flatMap(({ specifier, dependencies = [] }) => {
      const from = nameOf(specifier);
      return dependencies.flatMap(({ code, type }) => {
        const to = nameOf(code?.specifier ?? type?.specifier);
        return from && to && from !== to ? [{ from, to, ofTypes: code === undefined }] : [];
      });
    });
  } finally {
    await Deno.remove(entry);
  }
}

/** The files of a circle of imports, first to last; `undefined` if there is none. */
function circle(imported: readonly Import[]): string[] | undefined {
  const next = Map.groupBy(imported, ({ from }) => from);
  const done = new Set<string>();
  const visit = (file: string, path: readonly string[]): string[] | undefined => {
    if (path.includes(file)) return [...path.slice(path.indexOf(file)), file];
    if (done.has(file)) return undefined;
    for (const { to } of next.get(file) ?? []) {
      const found = visit(to, [...path, file]);
      if (found) return found;
    }
    done.add(file);
    return undefined;
  };
  for (const file of next.keys()) {
    const found = visit(file, []);
    if (found) return found;
  }
  return undefined;
}

Deno.test("a room imports from the rooms that it may look into, and from no other", async (t) => {
  const found = await imports();
  await t.step("arrows", () => {
    const wrong = found.filter(({ from, to }) => {
      const [inside, outside] = [roomOf(from), roomOf(to)];
      if (to.startsWith("deps/") || inside === outside || COMMON.includes(to)) return false;
      return inside === undefined || outside === undefined || !ARROWS[inside]!.includes(outside);
    });
    assertEquals(wrong.map(({ from, to }) => `${from} -> ${to}`), []);
  });
  await t.step("every arrow is used, so that the table is true", () => {
    const used = new Set(found.map(({ from, to }) => `${roomOf(from)} -> ${roomOf(to)}`));
    const unused = Object.entries(ARROWS)
      .flatMap(([room, others]) => others.map((other) => `${room} -> ${other}`))
      .filter((arrow) => !used.has(arrow));
    assertEquals(unused, []);
  });
  await t.step("no circle of rooms", () => {
    const arrows = Object.entries(ARROWS)
      .flatMap(([from, others]) => others.map((to) => ({ from, to, ofTypes: false })));
    assertEquals(circle(arrows), undefined);
  });
  await t.step("no circle of files, but for types", () => {
    assertEquals(circle(found.filter(({ ofTypes }) => !ofTypes)), undefined);
  });
});

Deno.test("a circle of imports is found", () => {
  const of = (from: string, to: string) => ({ from, to, ofTypes: false });
  assertEquals(circle([of("a", "b"), of("b", "c"), of("a", "c")]), undefined);
  assertEquals(circle([of("a", "b"), of("b", "c"), of("c", "b")]), ["b", "c", "b"]);
});
