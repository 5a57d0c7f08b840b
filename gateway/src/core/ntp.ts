import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'

/** What is asked of the machine; null where a program is missing or fails. */
export interface NtpSource {
  run(program: string, args: readonly string[]): Promise<string | null>
  exists(path: string): boolean
}

/** Whether the machine's own time service calls the clock right; null where there is nobody to ask. */
export async function readNtp(source: NtpSource = machine): Promise<boolean | null> {
  const said = [
    // The kernel's own word (adjtimex without STA_UNSYNC), as systemd tells it.
    timedatectl(await source.run('timedatectl', ['show', '-p', 'NTPSynchronized', '--value'])),
    // A chronyd without rtcsync does not tell the kernel.
    chronyc(await source.run('chronyc', ['-c', 'tracking'])),
    source.exists('/run/systemd/timesync/synchronized') ? true : null,
  ]
  if (said.includes(true)) return true
  return said.includes(false) ? false : null
}

const timedatectl = (text: string | null): boolean | null => {
  const word = text?.trim()
  return word === 'yes' ? true : word === 'no' ? false : null
}

/** CSV of `chronyc -c tracking`: the reference's id is the first field, the leap status the last. */
function chronyc(text: string | null): boolean | null {
  const fields = text?.trim().split(',') ?? []
  if (fields.length < 14) return null
  return fields[0] !== '00000000' && fields.at(-1) !== 'Not synchronised'
}

const machine: NtpSource = {
  run: (program, args) =>
    new Promise((resolve) =>
      execFile(program, [...args], { timeout: 3000 }, (error, stdout) =>
        resolve(error ? null : stdout),
      ),
    ),
  exists: existsSync,
}
