import type { Server } from 'node:http';
import { isIPv4, type Socket } from 'node:net';

/**
 * Lets sockets tell an IPv4 peer as everybody writes it. One that listens on both families is told `::ffff:192.0.2.1` (RFC 4291
 * §2.5.5.2), which would stand in every log event and profile, where no search for the address finds it.
 */
export function tellPlainAddresses(server: Server, isTls: boolean): void {
  server.on(isTls ? 'secureConnection' : 'connection', (socket: Socket) => {
    const plain = socket.remoteAddress?.replace(/^::ffff:/i, '') ?? '';
    if (isIPv4(plain)) Object.defineProperty(socket, 'remoteAddress', { value: plain });
  });
}
