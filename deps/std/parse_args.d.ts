/** The part of `@std/cli/parse-args` that this project uses. */
export interface ParseOptions {
  /** Options whose values stay strings. */
  readonly string?: readonly string[];
  /** Options that take no value. */
  readonly boolean?: readonly string[];
  /** Short names: `{ h: "help" }`. */
  readonly alias?: Readonly<Record<string, string>>;
  /** Options that may be given several times. */
  readonly collect?: readonly string[];
  /** Called for each option that is not named above; returning `false` drops it. */
  readonly unknown?: (argument: string, key?: string, value?: unknown) => unknown;
}
/** Parse command-line arguments; `_` holds the positional ones. */
export declare function parseArgs(
  args: readonly string[],
  options?: ParseOptions,
): Record<string, unknown> & { _: (string | number)[] };
