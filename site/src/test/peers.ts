/** Independent peers from Debian: installed where we may, else the tests that need one say what they skipped. */
import { spawn, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'

export const peerPackages = [
  'chromium',
  'fonts-noto-cjk',
  'mbpoll',
  'mosquitto',
  'mosquitto-clients',
  'python3-paho-mqtt',
  'python3-pymodbus',
  'python3-serial-asyncio',
  'socat',
  'tshark',
] as const

function isInstalled(name: string): boolean {
  const asked = spawnSync('dpkg-query', ['-s', name], { encoding: 'utf8' })
  return asked.status === 0 && /^Status: .* installed$/m.test(asked.stdout)
}

const quietly = (command: string, args: readonly string[]): Promise<number> =>
  new Promise((resolve) => {
    const child = spawn(command, args, {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    })
    child.once('error', () => resolve(-1))
    child.once('close', (code) => resolve(code ?? -1))
  })

/** What is missing here; empty on a machine that is not Debian's kind, where the tests look for themselves. */
const missing = () =>
  existsSync('/usr/bin/dpkg-query') ? peerPackages.filter((name) => !isInstalled(name)) : []

/** Installs what is missing when we are root on Debian. Says what it did not or could not do. */
export async function installPeers(print: (text: string) => void): Promise<void> {
  const wanted = missing()
  if (wanted.length === 0) return
  const may = process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')
  if (!may) {
    print(`测试对端未安装（需要 root）· peers not installed here (root may): ${wanted.join(' ')}`)
    return
  }
  print(`安装测试对端 · installing peers from Debian: ${wanted.join(' ')}`)
  await quietly('apt-get', ['update', '-qq'])
  const code = await quietly('apt-get', [
    'install',
    '-y',
    '-qq',
    '-o=Dpkg::Use-Pty=0',
    '--no-install-recommends',
    ...wanted,
  ])
  if (code !== 0)
    print(`apt-get 失败 · apt-get ended with ${code}; tests that need a peer will say so`)
}
