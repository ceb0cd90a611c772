/** Where an address is, from a MaxMind DB file. The address is used and dropped. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Reader } from 'mmdb-lib';

/** ISO 3166-1 alpha-2, the name of the region, the name of the city; '' for what the file does not know. */
export type Place = { country: string; region: string; city: string };
export type PlaceOf = (address: string) => Place;

const NOWHERE: Place = { country: '', region: '', city: '' };

/** Two layouts exist: MaxMind's (nested, names by language) and ip-location-db's (flat). */
type Entry = {
  country_code?: string;
  state1?: string;
  city?: string | { names?: { en?: string } };
  country?: { iso_code?: string };
  subdivisions?: { iso_code?: string; names?: { en?: string } }[];
};

/** The country database that comes with the package (CC0), or any other by its path. Throws if it cannot be read. */
export function createPlaceOf(path?: string): PlaceOf {
  const file = path ?? defaultDatabase();
  // mmdb-lib types its entries by MaxMind's products only.
  const reader = new Reader(readFileSync(file)) as unknown as { get: (address: string) => Entry | null };
  return (address) => {
    const entry = reader.get(address);
    return entry === null ? NOWHERE : toPlace(entry);
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
