/**
 * A serial line without hardware: a pty pair, held open by a sleeping child so that the master side does not
 * end when a gateway closes its port. A symlink gives it a path that survives restarts and pulled cables.
 */
import { renameSync, rmSync, symlinkSync } from 'node:fs'
import { type IPty, spawn } from '@lydell/node-pty'

export class PtyPair {
  readonly #link: string
  readonly #onData: (bytes: Buffer) => void
  #pty: IPty | null = null
  /** Until the line is raw it echoes what is written and takes 0x03 for an interrupt of the child. */
  #raw = false
  /** Where it never was plugged, what stands at the path of the link is somebody else's. */
  #wasPlugged = false
  /** Children whose end was not told yet. */
  readonly #alive = new Set<Promise<void>>()

  constructor(link: string, onData: (bytes: Buffer) => void) {
    this.#link = link
    this.#onData = onData
  }

  get plugged(): boolean {
    return this.#pty !== null
  }

  /** Opens a pair and points the symlink at it. Done when the line is raw. */
  plug(): Promise<void> {
    if (this.#pty) return Promise.resolve()
    // encoding null gives Buffers; the types know only strings.
    const pty = spawn('/bin/sh', ['-c', 'stty raw -echo && echo up && exec sleep 2000000000'], {
      encoding: null,
    })
    this.#pty = pty
    this.#raw = false
    const gone = new Promise<void>((resolve) => pty.onExit(() => resolve()))
    this.#alive.add(gone)
    void gone.then(() => this.#alive.delete(gone))
    return new Promise((resolve, reject) => {
      let up = false
      // Its end is waited for before anybody is told of a failure, which may end this thread.
      const fail = (error: unknown) => {
        this.pull()
        void gone.then(() => reject(error))
      }
      const take = (bytes: Buffer) => {
        if (up) {
          this.#onData(bytes)
          return
        }
        up = true
        // Pulled again before it was up: nobody is to be led to a line that is dead.
        if (this.#pty !== pty) return resolve()
        this.#raw = true
        try {
          this.#point((pty as unknown as { ptsName: string }).ptsName)
          this.#wasPlugged = true
          resolve()
        } catch (error) {
          fail(error)
        }
      }
      pty.onData((data) => take(data as unknown as Buffer))
      pty.onExit(({ exitCode, signal }) => {
        if (this.#pty === pty) this.#pty = null
        if (!up) reject(new Error(`no serial line: stty ended with ${exitCode}, signal ${signal}`))
      })
    })
  }

  /** Pulls the cable: whoever has the port open sees it close. */
  pull(): void {
    const pty = this.#pty
    this.#pty = null
    this.#raw = false
    if (this.#wasPlugged) rmSync(this.#link, { force: true })
    pty?.kill('SIGKILL')
    ;(pty as unknown as { destroy(): void } | null)?.destroy()
  }

  /** Pulls it for good. Done when the children have ended: a thread that closes before is a crash of the native part. */
  async end(): Promise<void> {
    this.pull()
    await Promise.all(this.#alive)
  }

  /** What is written before the line is raw is lost, as on a cable that is not plugged in yet. */
  write(bytes: Buffer): void {
    if (this.#raw) this.#pty?.write(bytes as unknown as string)
  }

  #point(slave: string): void {
    const fresh = `${this.#link}.new`
    rmSync(fresh, { force: true })
    symlinkSync(slave, fresh)
    renameSync(fresh, this.#link)
  }
}
