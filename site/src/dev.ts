/** `npm run dev`: the store with its built page at LANTAI_PORT, and Vite's live page beside it on port 5173. */
import { spawn } from 'node:child_process'
import { repositoryRoot } from './supervise/node-process.ts'

const { LANTAI_PORT = '8080' } = process.env
const page = 'http://localhost:5173'
const run = (args: readonly string[], cwd: string, env: Readonly<Record<string, string>>) =>
  spawn(process.execPath, args, { cwd, env: { ...process.env, ...env }, stdio: 'inherit' })

const store = run(['--conditions=source', `${repositoryRoot}site/src/start.ts`], repositoryRoot, {
  LANTAI_DEV_ORIGIN: page,
})
const vite = run(
  [`${repositoryRoot}node_modules/vite/bin/vite.js`, '--port', '5173', '--strictPort'],
  `${repositoryRoot}dashboard`,
  { SERVER_URL: `http://localhost:${LANTAI_PORT}` },
)
const end = () => {
  store.kill('SIGTERM')
  vite.kill('SIGTERM')
}
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, end)
store.once('exit', (code) => {
  vite.kill('SIGTERM')
  process.exitCode = code ?? 1
})
vite.once('exit', () => store.kill('SIGTERM'))
