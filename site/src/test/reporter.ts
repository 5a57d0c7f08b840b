/** Writes what Vitest found as one `Tally` to the file named by LANTAI_TALLY. */
import { writeFileSync } from 'node:fs'
import { relative } from 'node:path'
import type { Reporter, SerializedError, TestCase, TestModule, TestSuite } from 'vitest/node'
import type { Failure, Skip } from './tally.ts'

const firstLine = (text: string) => text.split('\n')[0] ?? ''

const fileOf = (module: TestModule) => relative(module.project.vitest.config.root, module.moduleId)

export default class TallyReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly SerializedError[]) {
    const { LANTAI_TALLY: path } = process.env
    if (!path) return
    const failures: Failure[] = unhandled.map((e) => ({
      name: 'outside of any test',
      reason: firstLine(e.message),
    }))
    const skips: Skip[] = []
    let passed = 0
    for (const module of modules) {
      failures.push(...errorsOf(module, fileOf(module)))
      for (const suite of module.children.allSuites())
        failures.push(...errorsOf(suite, `${fileOf(module)} > ${suite.fullName}`))
      for (const test of module.children.allTests()) passed += sort(test, module, failures, skips)
    }
    writeFileSync(path, JSON.stringify({ passed, failures, skips }))
  }
}

/** A file that does not load or a hook that throws is a failure of its own. */
const errorsOf = (of: TestModule | TestSuite, name: string): Failure[] =>
  of.errors().map((e) => ({ name, reason: firstLine(e.message) }))

function sort(test: TestCase, module: TestModule, failures: Failure[], skips: Skip[]): number {
  const name = `${fileOf(module)} > ${test.fullName}`
  const result = test.result()
  if (result.state === 'passed') return 1
  if (result.state === 'failed')
    failures.push({ name, reason: firstLine(result.errors[0]?.message ?? 'no message') })
  else {
    const note = result.state === 'skipped' ? result.note : undefined
    skips.push({
      name,
      reason: note ?? (test.options.mode === 'todo' ? 'todo' : 'no reason given'),
    })
  }
  return 0
}
