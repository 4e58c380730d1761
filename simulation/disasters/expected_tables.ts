/**
 * The CSV files that follow from the events of a journal.
 *
 * @module
 */
import { addRow, type Replayed } from "../../actors/population/replay.ts";
import { type Table, tableNames, Tables } from "../../actors/record/tables.ts";
import { VirtualClock } from "../../actors/runtime/mod.ts";
import { Random } from "../../random.ts";
import { SimulatedDisk } from "./simulated_disk.ts";

type Row = Replayed["rows"][number];

/** CSV files that grow with the events that are added, in memory. */
export class ExpectedTables {
  readonly #population: number;
  readonly #disk = new SimulatedDisk(new Random(0));
  readonly #tables: Tables;
  readonly #rows: Row[] = [];
  #finished: ExpectedTables | undefined;

  /** @param population Candidates of a generation. */
  constructor(population: number) {
    this.#population = population;
    this.#tables = new Tables(
      FOLDER,
      population,
      [],
      this.#disk.mountFaultless(new VirtualClock()),
    );
  }

  /** Adds what was in the journal. */
  add(row: Row): void {
    addRow(this.#tables, row);
    this.#rows.push(row);
    this.#finished = undefined;
  }

  /** The bytes of a file while the search goes on. */
  bytes(table: Table): Uint8Array {
    this.#tables.flush();
    return this.#disk.content(`${FOLDER}/${table}`);
  }

  /** The same files when a process has ended in order: what waited for earlier candidates is there. */
  get finished(): ExpectedTables {
    if (!this.#finished) {
      this.#finished = new ExpectedTables(this.#population);
      for (const row of this.#rows) this.#finished.add(row);
      this.#finished.#tables.finish();
    }
    return this.#finished;
  }
}

const FOLDER = "expected";

/** The first table of which two sets have different bytes, and where; `undefined` if none. */
export function difference(
  left: (table: Table) => Uint8Array,
  right: (table: Table) => Uint8Array,
  tables: readonly Table[] = tableNames,
): string | undefined {
  for (const table of tables) {
    const [one, other] = [left(table), right(table)].map((bytes) =>
      new TextDecoder().decode(bytes).split("\r\n")
    );
    if (one!.join() === other!.join()) continue;
    const line = one!.findIndex((text, index) => text !== other![index]);
    const at = line < 0 ? one!.length : line;
    return `line ${at + 1} of ${table} is "${one![at] ?? ""}" and not "${other![at] ?? ""}"`;
  }
  return undefined;
}
