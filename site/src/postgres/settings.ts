/** PostgreSQL's settings, each a decision and none a default that we trust (reliability 2.2, rule D4). */

import { totalmem } from 'node:os'

/** The server process reads the first five back at start and refuses to run if one differs. */
const durable = {
  fsync: 'on',
  full_page_writes: 'on',
  synchronous_commit: 'on',
  data_sync_retry: 'off',
  wal_sync_method: 'fdatasync',
}

/** For databases that live only as long as a test; the server refuses to run on them. They are never a store. */
const throwaway = { ...durable, fsync: 'off', full_page_writes: 'off' }

/**
 * A sixteenth of the machine's memory, taken only as it is used. The 128 MB of the default make every hit of a search
 * among a million titles a read from the kernel: 2.5 ms instead of a fraction of one.
 */
const sharedBuffersMb = Math.min(4096, Math.max(128, Math.floor(totalmem() / 2 ** 20 / 16)))

const common = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  password_encryption: 'scram-sha-256',
  max_connections: '60',
  shared_buffers: `${sharedBuffersMb}MB`,
  timezone: 'UTC',
  log_timezone: 'UTC',
  log_connections: '',
  log_min_messages: 'warning',
  log_statement: 'none',
  // A statement's text may hold a person's number; the log never shows it (reliability 4.6).
  log_min_error_statement: 'panic',
  log_parameter_max_length_on_error: '0',
}

/** Command-line arguments for `postgres`. */
export function settingsAs(options: { port: number; durable: boolean }): string[] {
  const all = { ...common, ...(options.durable ? durable : throwaway), port: String(options.port) }
  return Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`])
}
