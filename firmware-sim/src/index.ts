/** The simulator is a process; what others import is only how its device list and control channel look. */
export { catalogueLines } from './world/catalogue/store.ts'
