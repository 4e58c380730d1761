export const evaluate = 7;
