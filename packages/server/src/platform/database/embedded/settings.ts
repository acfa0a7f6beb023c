import { statfs } from 'node:fs/promises';
import { totalmem } from 'node:os';

const megabyte = 1024 * 1024;

/** Where the server listens: a folder for its Unix socket, or on Windows a port of the loopback address. */
export interface Listening {
  readonly socketFolder: string | undefined;
  readonly port: number;
}

export interface Means {
  /** Libraries of this PostgreSQL, names without their endings. */
  readonly libraries: ReadonlySet<string>;
  /** MiB for its pages; absent: what the machine has room for. */
  readonly memory: number | undefined;
}

/** Settings that follow the machine and the Muster version, given at start rather than kept in the cluster. */
export async function chooseSettings(listening: Listening, means: Means): Promise<Record<string, string>> {
  const memory = memoryOfThisProcess();
  const pages =
    means.memory === undefined
      ? Math.min(Math.max(memory / 4, 128 * megabyte), 8192 * megabyte)
      : means.memory * megabyte;
  return {
    listen_addresses: listening.socketFolder === undefined ? '127.0.0.1' : '',
    unix_socket_directories: listening.socketFolder === undefined ? '' : quote(listening.socketFolder),
    unix_socket_permissions: '0700',
    port: String(listening.port),
    max_connections: '100',
    cluster_name: 'muster',
    // What PostgreSQL's documentation recommends. A page that is not among them costs a system call and a copy, 10 to 20 µs
    // here, and a search touches some hundreds.
    shared_buffers: inMegabytes(pages),
    effective_cache_size: inMegabytes(Math.max(memory / 2, pages, 256 * megabyte)),
    // Writes down, every 5 minutes and at a stop, which pages it holds and reads them again after a start: else the first searches
    // after a restart wait for the disk, page by page.
    ...(means.libraries.has('pg_prewarm') ? { shared_preload_libraries: 'pg_prewarm' } : {}),
    work_mem: '32MB',
    maintenance_work_mem: '256MB',
    dynamic_shared_memory_type: await chooseSharedMemory(process.platform),
    random_page_cost: '1.1',
    jit: 'off',
    max_wal_size: '4GB',
    checkpoint_timeout: '15min',
    fsync: 'on',
    synchronous_commit: 'on',
    full_page_writes: 'on',
    timezone: 'UTC',
    log_timezone: 'UTC',
    log_destination: 'stderr',
    logging_collector: 'off',
    log_line_prefix: '%m [%p] ',
    // Starts, stops, checkpoints and what ends a connection. Errors of statements go to their caller: they quote
    // values, which may be personal data, and a rejected duplicate is an everyday event.
    log_min_messages: 'log',
    log_min_error_statement: 'panic',
    log_error_verbosity: 'terse',
  };
}

/**
 * Parallel queries share memory through /dev/shm, which containers keep small (64 MB by default), and fail when it
 * is full. Files in the cluster's folder are slower and have no such limit.
 */
export async function chooseSharedMemory(platform: NodeJS.Platform, folder = '/dev/shm'): Promise<string> {
  if (platform === 'win32') return 'windows';
  if (platform !== 'linux') return 'posix';
  const free = await statfs(folder).then(
    ({ bavail, bsize }) => bavail * bsize,
    () => 0, // there is none
  );
  return free < 1024 * megabyte ? 'mmap' : 'posix';
}

/** The machine's, or less where a container allows less. */
function memoryOfThisProcess(): number {
  const constrained = process.constrainedMemory();
  return constrained > 0 ? Math.min(constrained, totalmem()) : totalmem();
}

function inMegabytes(bytes: number): string {
  return `${Math.floor(bytes / megabyte)}MB`;
}

/** The value is a list of folders; quotes keep commas and spaces in one of them together. */
function quote(folder: string): string {
  return `"${folder.replaceAll('"', '""')}"`;
}
