export { Control } from './demo/control.ts'
export type { ProcessName } from './processes.ts'
export { Refusal } from './refusal.ts'
export { Site, type SiteOptions } from './site.ts'
