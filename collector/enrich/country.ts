/** Where an address is, from a MaxMind DB file. The address is used and dropped. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Reader } from 'mmdb-lib';
import { toNumber } from './address.ts';
import { createRecent } from './recent.ts';

/** ISO 3166-1 alpha-2, the name of the region, the name of the city; '' for what the file does not know. */
export type Place = { country: string; region: string; city: string };
export type PlaceOf = (address: string) => Place;

const CACHED = 10_000;
const WHOLE_BLOCK = 24;
const NOWHERE: Place = { country: '', region: '', city: '' };

/** Two layouts exist: MaxMind's (nested, names by language) and ip-location-db's (flat). */
type Entry = {
  country_code?: string;
  state1?: string;
  city?: string | { names?: { en?: string } };
  country?: { iso_code?: string };
  subdivisions?: { iso_code?: string; names?: { en?: string } }[];
};

type EntryReader = { getWithPrefixLength: (address: string) => [Entry | null, number] };

/** The country database that comes with the package (CC0), or any other by its path. Throws if it cannot be read. */
export function createPlaceOf(path?: string): PlaceOf {
  const file = path ?? defaultDatabase();
  // mmdb-lib types its entries by MaxMind's products only.
  const reader = new Reader(readFileSync(file)) as unknown as EntryReader;
  const places = createRecent<number, Place>(CACHED);
  return (address) => {
    const block = (toNumber(address) ?? 0) >>> 8;
    const known = places.get(block);
    if (known !== undefined) return known;
    const [entry, prefixLength] = reader.getWithPrefixLength(address);
    const place = entry === null ? NOWHERE : toPlace(entry);
    // Kept by blocks of 256 addresses, and only if the whole block is in one place: no address is remembered.
    if (block !== 0 && prefixLength <= WHOLE_BLOCK) places.set(block, place);
    return place;
  };
}

function toPlace({ country_code, country, state1, subdivisions, city }: Entry): Place {
  return {
    country: country_code ?? country?.iso_code ?? '',
    region: state1 ?? subdivisions?.[0]?.names?.en ?? subdivisions?.[0]?.iso_code ?? '',
    city: (typeof city === 'string' ? city : city?.names?.en) ?? '',
  };
}

function defaultDatabase(): string {
  const require = createRequire(import.meta.url);
  return require.resolve('@ip-location-db/geo-whois-asn-country-mmdb/geo-whois-asn-country.mmdb');
}
