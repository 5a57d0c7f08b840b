#!/usr/bin/env node
/**
 * The one door into the project: `node run.mjs <verb>`, used by the npm scripts. It needs nothing but the host's
 * Node ≥ 20 and npm, fetches and builds what is missing, and hands over to the pinned Node 24, which runs the
 * TypeScript directly.
 */
import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { constants } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(fileURLToPath(import.meta.url))
const at = (...parts) => join(root, ...parts)
const began = Date.now()
const tell = (zh, en) =>
  process.stderr.write(
    `[${((Date.now() - began) / 1000).toFixed(1).padStart(5)} s] ${zh} · ${en}\n`,
  )

/** Ends with one sentence; nothing was changed that the next run cannot mend. */
function refuse(zh, en) {
  process.stderr.write(`${zh} · ${en}\n`)
  process.exit(1)
}

function checkHost() {
  const major = Number(process.versions.node.split('.')[0])
  if (major < 20)
    refuse(
      `需要 Node ≥ 20，这里是 ${process.versions.node}`,
      `Lantai needs Node 20 or newer; this is ${process.versions.node}`,
    )
}

// ---------------------------------------------------------------- packages

const sha = (...parts) => {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(part).update('\0')
  return hash.digest('hex')
}
const readOr = (path, otherwise) => (existsSync(path) ? readFileSync(path, 'utf8') : otherwise)
const stampPath = at('node_modules', '.lantai-lock')

/** True when npm's own record of what is installed already agrees with the lockfile, as after `npm install`. */
function installedMatches(lockText) {
  const installed = JSON.parse(readOr(at('node_modules', '.package-lock.json'), '{}')).packages
  if (!installed) return false
  return Object.entries(JSON.parse(lockText).packages).every(([path, wanted]) => {
    if (!path.includes('node_modules/') || wanted.link) return true
    const have = installed[path]
    return have ? have.integrity === wanted.integrity : wanted.optional === true
  })
}

/** `npm ci` where needed. Install scripts never run: nothing we use needs one (reliability 4.7). */
function ensurePackages() {
  const lockText = readFileSync(at('package-lock.json'), 'utf8')
  const stamp = sha(lockText)
  if (readOr(stampPath, '') === stamp) return
  if (!installedMatches(lockText)) {
    tell(
      '安装依赖 (npm ci)，首次约一分钟',
      'installing packages (npm ci), about a minute the first time',
    )
    const npmCli = process.env.npm_execpath
    const viaNode = npmCli?.endsWith('.js')
    const command = viaNode ? process.execPath : 'npm'
    const args = ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error']
    const done = spawnSync(command, viaNode ? [npmCli, ...args] : args, {
      cwd: root,
      stdio: ['ignore', 'ignore', 'inherit'],
    })
    if (done.status !== 0)
      refuse('npm ci 失败，原因见上', 'npm ci did not succeed; the reason is above')
  }
  writeFileSync(stampPath, stamp)
}

// ---------------------------------------------------------------- Node 24

/** The pinned runtime from npm, else a host Node ≥ 24. Never `process.execPath` of an older host. */
function findRuntime() {
  const pinned = at('node_modules', `node-linux-${process.arch}`, 'bin', 'node')
  if (process.platform === 'linux' && existsSync(pinned)) return pinned
  if (Number(process.versions.node.split('.')[0]) >= 24) return process.execPath
  return refuse(
    `没有适用于 ${process.platform}-${process.arch} 的 Node 24，请安装 Node ≥ 24`,
    `No Node 24 comes with the packages for ${process.platform}-${process.arch}; install Node 24 or newer`,
  )
}

/** Our environment for children: compiled code is kept, so that the second start is quick. */
function runtimeEnv(extra = {}) {
  const env = { ...process.env, ...extra }
  try {
    const cache = at('.cache', 'compile')
    mkdirSync(cache, { recursive: true })
    env.NODE_COMPILE_CACHE = cache
  } catch (error) {
    if (error.code !== 'EACCES' && error.code !== 'EROFS') throw error // a read-only checkout runs uncached
  }
  return env
}

// ---------------------------------------------------------------- dashboard

function filesBelow(dir) {
  if (!existsSync(dir)) return []
  return readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter((e) => e.isFile())
    .map((e) => join(e.parentPath ?? e.path, e.name))
    .sort()
}

/** Hash over everything the page is built from. */
function dashboardStamp() {
  const single = ['dashboard/index.html', 'dashboard/vite.config.ts', 'dashboard/package.json']
  const files = [
    ...single.map((f) => at(f)).filter(existsSync),
    ...['dashboard/src', 'dashboard/public', 'contracts/src'].flatMap((d) => filesBelow(at(d))),
    at('package-lock.json'),
  ].filter((f) => !f.endsWith('.test.ts') && !f.endsWith('.test.tsx'))
  return sha(...files.flatMap((f) => [relative(root, f), readFileSync(f)]))
}

function ensureDashboard(node) {
  const www = at('dashboard', 'dist', 'www')
  const stampFile = join(www, '.stamp')
  const stamp = dashboardStamp()
  if (readOr(stampFile, '') === stamp) return
  if (!existsSync(at('dashboard', 'vite.config.ts'))) return
  tell('构建网页', 'building the page')
  rmSync(stampFile, { force: true })
  const built = spawnSync(
    node,
    [
      at('node_modules/vite/bin/vite.js'),
      'build',
      '--outDir',
      www,
      '--emptyOutDir',
      '--logLevel',
      'warn',
    ],
    { cwd: at('dashboard'), env: runtimeEnv(), stdio: ['ignore', 'inherit', 'inherit'] },
  )
  if (built.status !== 0)
    refuse('网页构建失败，原因见上', 'The page could not be built; the reason is above')
  writeFileSync(stampFile, stamp)
}

// ---------------------------------------------------------------- handing over

/** Runs the pinned Node with our terminal, passes signals on, and ends as it ends. */
function handOver(node, args, extraEnv = {}) {
  const child = spawn(node, args, { cwd: root, env: runtimeEnv(extraEnv), stdio: 'inherit' })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
    process.on(signal, () => child.kill(signal === 'SIGHUP' ? 'SIGTERM' : signal))
  child.on('error', (error) =>
    refuse('无法启动 Node 24', `Node 24 could not be run: ${error.message}`),
  )
  child.on('exit', (code, signal) => {
    process.exitCode = code ?? 128 + (constants.signals[signal] ?? 0)
  })
}

const script = (path, ...args) => ['--conditions=source', at(path), ...args]
const tool = (path, ...args) => [at('node_modules', path), ...args]

/** Several tools in a row; the first that fails decides. */
function inTurn(...steps) {
  for (const step of steps) {
    const [command, ...args] = step
    const done = spawnSync(command, args, { cwd: root, env: runtimeEnv(), stdio: 'inherit' })
    if (done.status !== 0) process.exit(done.status ?? 1)
  }
}

const tsc = (node) => [node, ...tool('typescript/bin/tsc', '-b')]
/** Biome's own binary: its umbrella package lists platforms that a registry need not have, and breaks `npm ci`. */
const biome = (...args) => tool(`@biomejs/cli-linux-${process.arch}/biome`, ...args)
const runTests =
  (...only) =>
  (node, rest) => {
    ensureDashboard(node)
    handOver(node, script('site/src/test/main.ts', ...only, ...rest))
  }

const verbs = {
  start(node, rest) {
    ensureDashboard(node)
    handOver(node, script('site/src/start.ts', ...rest))
  },
  dev(node, rest) {
    ensureDashboard(node)
    handOver(node, script('site/src/dev.ts', ...rest))
  },
  build(node) {
    inTurn(tsc(node))
    ensureDashboard(node)
  },
  check: (node) => inTurn(tsc(node), biome('ci', '.')),
  fix: () => inTurn(biome('check', '--write', '.')),
  test: runTests(),
  'test:unit': runTests('--only=unit'),
  'test:db': runTests('--only=db'),
  'test:field': runTests('--only=field'),
  'test:site': runTests('--only=site'),
  bench(node, rest) {
    ensureDashboard(node)
    handOver(node, script('site/bench/main.ts', ...rest))
  },
  'db:new': (node, rest) => handOver(node, script('server/src/db/new-main.ts', ...rest)),
  'db:types': (node) =>
    handOver(node, script('site/src/tools/with-database.ts', 'server/src/db/types-main.ts')),
  sim: (node, rest) => handOver(node, script('site/src/tools/sim.ts', ...rest)),
  decode: (node, rest) => handOver(node, script('site/src/tools/decode.ts', ...rest)),
  locate: (node, rest) => handOver(node, script('site/src/tools/locate.ts', ...rest)),
  discover: (node, rest) => handOver(node, script('site/src/tools/discover.ts', ...rest)),
  'driver:check': (node, rest) => handOver(node, script('site/src/tools/driver-check.ts', ...rest)),
  verify: (node, rest) =>
    handOver(node, script('server/src/features/custody/verify-main.ts', ...rest)),
  torture: (node, rest) => handOver(node, script('site/torture/main.ts', ...rest)),
  openapi: (node, rest) => handOver(node, script('server/src/http/openapi-main.ts', ...rest)),
}

checkHost()
const [verb = 'start', ...rest] = process.argv.slice(2)
const run = Object.hasOwn(verbs, verb) ? verbs[verb] : undefined
if (!run)
  refuse(
    `没有这个命令：${verb}`,
    `No such verb: ${verb}; there are ${Object.keys(verbs).join(', ')}`,
  )
ensurePackages()
run(findRuntime(), rest)
