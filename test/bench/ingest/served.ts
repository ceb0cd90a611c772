/** What both servers have in common: they say where they listen, and what CPU they have used when asked. */
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export type CpuUse = { cpuMicros: number; memoryBytes: number };

export function serve(server: Server): void {
  server.listen(0, '127.0.0.1', () => {
    // Listening on a port, so it is an AddressInfo.
    process.send?.((server.address() as AddressInfo).port);
  });
  process.on('message', () => {
    const { user, system } = process.cpuUsage();
    process.send?.({ cpuMicros: user + system, memoryBytes: process.memoryUsage().rss } satisfies CpuUse);
  });
  process.on('disconnect', () => process.exit());
}
