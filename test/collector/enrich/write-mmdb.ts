/**
 * Writes a small MaxMind DB file (https://maxmind.github.io/MaxMind-DB/): IPv4 networks and what is known of each, so
 * that tests need no city database of somebody's.
 */
type Value = string | number | { [name: string]: Value } | readonly Value[];

/** `networks`: `81.2.69.0/24` → its entry. Networks must not overlap. */
export function toMmdb(networks: Record<string, Value>): Buffer {
  const nodes: [number, number][] = [[NONE, NONE]];
  const entries: Buffer[] = [];
  let dataBytes = 0;
  for (const [network, value] of Object.entries(networks)) {
    const [address = '', length = '32'] = network.split('/');
    const bits = toBits(address).slice(0, Number(length));
    const data = encode(value);
    place(nodes, bits, -2 - dataBytes);
    entries.push(data);
    dataBytes += data.length;
  }
  const tree = Buffer.concat(
    nodes.map((pair) => Buffer.concat(pair.map((one) => toRecord(one, nodes.length)))),
  );
  const metadata = encode({
    binary_format_major_version: 2,
    binary_format_minor_version: 0,
    build_epoch: 0,
    database_type: 'Test-City',
    description: { en: 'Made in a test' },
    ip_version: 4,
    languages: ['en'],
    node_count: nodes.length,
    record_size: 24,
  });
  return Buffer.concat([tree, Buffer.alloc(16), ...entries, MARKER, metadata]);
}

const NONE = -1;
const MARKER = Buffer.concat([Buffer.from([0xab, 0xcd, 0xef]), Buffer.from('MaxMind.com')]);

function toBits(address: string): number[] {
  return address.split('.').flatMap((byte) => [...Number(byte).toString(2).padStart(8, '0')].map(Number));
}

/** Goes down the tree by the network's bits, makes the nodes that are missing, and leaves `entry` at its end. */
function place(nodes: [number, number][], bits: readonly number[], entry: number): void {
  let at = 0;
  for (const [depth, bit] of bits.entries()) {
    const node = nodes[at] ?? [NONE, NONE];
    const side = bit === 0 ? 0 : 1;
    if (depth === bits.length - 1) node[side] = entry;
    else if (node[side] === NONE) node[side] = nodes.push([NONE, NONE]) - 1;
    at = node[side];
  }
}

/** Below the number of nodes: a node. That number: nothing. Above: where in the data, 16 bytes further. */
function toRecord(value: number, nodeCount: number): Buffer {
  const record = Buffer.alloc(3);
  record.writeUIntBE(value === NONE ? nodeCount : value < NONE ? nodeCount + 16 - 2 - value : value, 0, 3);
  return record;
}

function encode(value: Value): Buffer {
  if (typeof value === 'string')
    return Buffer.concat([control(2, Buffer.byteLength(value)), Buffer.from(value)]);
  if (typeof value === 'number') {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32BE(value);
    return Buffer.concat([control(6, 4), bytes]);
  }
  if (Array.isArray(value)) return Buffer.concat([control(11, value.length), ...value.map(encode)]);
  const entries = Object.entries(value);
  return Buffer.concat([
    control(7, entries.length),
    ...entries.flatMap(([name, one]) => [encode(name), encode(one)]),
  ]);
}

/** Type and size; types above 7 have a byte of their own. Sizes up to 28 are all that the tests need. */
function control(type: number, size: number): Buffer {
  if (size > 28) throw new RangeError(`Expected at most 28, got ${size}`);
  return type > 7 ? Buffer.from([size, type - 7]) : Buffer.from([(type << 5) | size]);
}
