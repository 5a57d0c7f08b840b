/** What other workspaces may take from the simulator: the demo store's lines, as `catalogue-main.ts` prints them. */
export { catalogueLines } from './world/catalogue/store.ts'
