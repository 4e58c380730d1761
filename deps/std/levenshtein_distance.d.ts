/** The fewest letters to insert, delete or replace that make one text the other. */
export declare function levenshteinDistance(one: string, other: string): number;
