/** A control group for the server and all it starts: so much memory, so many CPUs. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export type Enclosure = {
  /** To be run before the program, in a shell that then becomes it. */
  enter: string;
  isMemoryLimited: boolean;
  /** The most that was in use at once, page cache included; undefined where it is not limited. */
  peakBytes(): number | undefined;
  /** Processes that the kernel ended for want of memory. */
  killed(): number;
  remove(): void;
};

const V1 = '/sys/fs/cgroup/memory';
const V2 = '/sys/fs/cgroup';

export function createEnclosure(name: string, bytes: number, cpus: number): Enclosure {
  const pin = spawnSync('taskset', ['-V']).status === 0 ? `taskset -pc 0-${cpus - 1} $$ > /dev/null; ` : '';
  const isV1 = existsSync(join(V1, 'memory.limit_in_bytes'));
  const directory = join(isV1 ? V1 : V2, name);
  const read = (file: string) => readFileSync(join(directory, file), 'latin1');
  try {
    mkdirSync(directory);
    writeFileSync(join(directory, isV1 ? 'memory.limit_in_bytes' : 'memory.max'), String(bytes));
  } catch {
    // Not Linux, not root, or another layout: the CPUs alone are limited then.
    return {
      enter: pin,
      isMemoryLimited: false,
      peakBytes: () => undefined,
      killed: () => 0,
      remove() {},
    };
  }
  return {
    enter: `${pin}echo $$ > ${join(directory, 'cgroup.procs')}; `,
    isMemoryLimited: true,
    peakBytes: () => Number(read(isV1 ? 'memory.max_usage_in_bytes' : 'memory.peak')),
    killed: () => Number(/oom_kill (\d+)/.exec(read(isV1 ? 'memory.oom_control' : 'memory.events'))?.[1]),
    remove: () => rmdirSync(directory),
  };
}
