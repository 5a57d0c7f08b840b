/** Streams on which anything was fitted or chosen, and streams that are only published. They never meet. */
export const developmentSeeds = (n: number): string[] =>
  Array.from({ length: n }, (_, i) => `presence/development/${i}`)
export const testSeeds = (n: number): string[] =>
  Array.from({ length: n }, (_, i) => `presence/test/${i}`)
