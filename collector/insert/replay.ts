import type { DeadLetters } from '../spool/dead-letters.ts';
import type { Spool } from '../spool/spool.ts';

/**
 * Brings rows that the operator wants tried again through the spool once more; their ids keep them from doubling, should
 * the process die before the file is gone. Never rejects: what is asked for stays asked for.
 */
export async function replayDeadLetters(
  spool: Pick<Spool, 'append'> & { deadLetters: DeadLetters },
  log: (message: string) => void,
): Promise<void> {
  try {
    for (const name of await spool.deadLetters.toReplay()) {
      const letters = await spool.deadLetters.read(name);
      await spool.append(letters.map((letter) => letter.row));
      await spool.deadLetters.forget(name);
      log(`${letters.length} dead letters of ${name} are tried again`);
    }
  } catch (error) {
    log(`Dead letters could not be replayed: ${error instanceof Error ? error.message : String(error)}`);
  }
}
