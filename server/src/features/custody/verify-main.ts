/**
 * `npm run verify -- FILE [--key KEY] [--kept CHECKPOINT]` (rule L8): proofs of the ledger, checked without the server. A line
 * of JSON for each; ends with 0 when all hold, 1 when one does not, 64 for a wrong call, 66 for a file that cannot be read.
 */
import { readFileSync } from 'node:fs'
import process from 'node:process'
import { parseArgs } from 'node:util'
import { verifyFile } from './verify-file.ts'

function refuse(code: number, text: string): never {
  process.stderr.write(`${text}\n`)
  process.exit(code)
}

function readCommand() {
  try {
    const text = { type: 'string' } as const
    return parseArgs({ allowPositionals: true, options: { key: text, kept: text } })
  } catch (error) {
    return refuse(64, (error as Error).message)
  }
}

/** UTF-8 and nothing else: what another reader might take for another text is named by its byte. */
function readText(path: string): string {
  let bytes: Buffer
  try {
    bytes = readFileSync(path === '-' ? 0 : path)
  } catch (error) {
    return refuse(66, (error as Error).message)
  }
  const text = bytes.toString('utf8')
  const again = Buffer.from(text)
  if (again.equals(bytes)) return text
  const bad = bytes.findIndex((b, i) => b !== again[i])
  return refuse(1, `${path}: no UTF-8 at byte ${bad}`)
}

const { values, positionals } = readCommand()
const [file, ...more] = positionals
if (file === undefined || more.length > 0)
  refuse(64, 'npm run verify -- FILE|- [--key KEY|FILE] [--kept FILE]')
/** The key itself, `name+id+key`, or the file that holds it. */
const keyText = (given: string) =>
  /^[^+\n]+\+[0-9a-f]{8}\+/.test(given) ? given : readText(given).trim()
const { findings, key, ownKey } = verifyFile(readText(file), {
  ...(values.key === undefined ? {} : { key: keyText(values.key) }),
  ...(values.kept === undefined ? {} : { kept: readText(values.kept) }),
})
for (const finding of findings) process.stdout.write(`${JSON.stringify(finding)}\n`)
const wrong = findings.filter((f) => f.wrong !== null).length
process.stderr.write(
  wrong > 0
    ? `${wrong}/${findings.length} 不成立 · do not hold\n`
    : `${findings.length}/${findings.length} 成立 · hold, key ${key}\n`,
)
if (wrong === 0 && ownKey)
  process.stderr.write(
    '密钥取自文件本身：请与另处保存的核对 · the key is the file’s own: compare it with one that was kept elsewhere\n',
  )
process.exitCode = wrong > 0 ? 1 : 0
