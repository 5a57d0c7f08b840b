export const fuzz = (_args: readonly string[]): Promise<boolean> => Promise.resolve(false)
