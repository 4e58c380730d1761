/** The part of `@std/csv` that this project uses. */
export interface ParseOptions {
  /** `true`: the first row names the columns, and each record is an object. */
  readonly skipFirstRow: true;
}
/** Parse CSV text with a header row into one object for each row. */
export declare function parse(text: string, options: ParseOptions): Record<string, string>[];

export interface StringifyOptions {
  /** Column names, in the order in which they are written. */
  readonly columns: readonly string[];
  /** Write the header row. Default: `true`. */
  readonly headers?: boolean;
}
/** Write one CSV row for each object. Rows end with CRLF, as RFC 4180 has it. */
export declare function stringify(
  data: readonly Readonly<Record<string, string | number | boolean | null>>[],
  options: StringifyOptions,
): string;
