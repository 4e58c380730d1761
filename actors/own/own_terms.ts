/**
 * Which terms of the user's own a search adds to its fitness: `MODULE=WEIGHT`, each.
 *
 * @module
 */
import { fileURLToPath } from "node:url";
import { ConfigurationError } from "../../options.ts";
import { locateModule } from "./locate_module.ts";
import { takenNames } from "../record/tables.ts";

/** A term of the user's own. */
export interface OwnTerm {
  /** The file's name without its ending: of its column, and of its actors. */
  readonly name: string;
  /** URL of the module. */
  readonly module: string;
  readonly weight: number;
}

/**
 * What cannot be the name of a term: columns, scores, the parts that the search has, and what every
 * object has.
 */
const TAKEN: ReadonlySet<string> = new Set([
  ...takenNames,
  ...["train", "score", "measure"],
  ...Object.getOwnPropertyNames(Object.prototype).filter((name) => /^[a-z]/.test(name)),
  "prototype",
]);

/**
 * The terms that an option names.
 *
 * @throws {ConfigurationError} If one is not `MODULE=WEIGHT`, its file is not there, or its name is no
 * name for a column.
 */
export function readOwnTerms(terms: readonly string[] = []): OwnTerm[] {
  const read = terms.map((text): OwnTerm => {
    const refuse = (why: string) => new ConfigurationError(`Cannot use the term ${text}: ${why}`);
    const [, module, digits] = /^(.*)=([^=]*)$/s.exec(text) ?? [];
    const weight = digits?.trim() ? Number(digits) : NaN;
    if (!module || !Number.isFinite(weight) || weight === 0) {
      throw refuse("expected MODULE=WEIGHT, with the path of a file and a number other than 0");
    }
    const url = locateModule(module);
    if (url === undefined) throw refuse("there is no such file");
    const name = fileURLToPath(url).split(/[/\\]/).at(-1)!.replace(/\.[^.]*$/, "");
    if (!/^[a-z]\w*$/.test(name) || TAKEN.has(name)) {
      throw refuse(
        `its file's name is the name of a column; expected letters, digits and underscores, ` +
          `beginning with a small letter, and none of ${[...TAKEN].join(", ")}; received ${name}`,
      );
    }
    return { name, module: url, weight };
  });
  const twice = read.find(({ name }, index) =>
    read.some((other, at) => at < index && other.name === name)
  );
  if (twice) throw new ConfigurationError(`Cannot use two terms with the name ${twice.name}`);
  return read;
}

/** As the option has it, with the module's URL. */
export function writeOwnTerm({ module, weight }: OwnTerm): string {
  return `${module}=${weight}`;
}
