/** The countries' outlines (Natural Earth, public domain, by way of world-atlas), each under its two-letter code. */
import { geoEqualEarth, geoPath } from 'd3-geo';
import type { Feature, Geometry } from 'geojson';
import { feature } from 'topojson-client';
import type { GeometryCollection, Topology } from 'topojson-specification';
import atlas from 'world-atlas/countries-110m.json' with { type: 'json' };

export const MAP = { width: 800, height: 396 };

export type Shape = {
  /** ISO 3166-1 alpha-2; '' for what has none of its own. */
  code: string;
  path: string;
  /** Where the eye looks for it, in the map's own pixels. */
  centre: [number, number];
};

type Named = { name: string };
const ANTARCTICA = 'AQ';
/** What ISO gives no number, or an unofficial code that statistics use. */
const CODE_OF_NAME: Record<string, string> = { 'N. Cyprus': 'CY', Somaliland: 'SO', Kosovo: 'XK' };

/** Once per page: two hundred outlines in an equal-area projection, so that no country looks larger than it is. */
export function worldShapes(): Shape[] {
  const world = atlas as unknown as Topology<{ countries: GeometryCollection<Named> }>; // JSON's arrays are no tuples to the compiler.
  const countries = feature(world, world.objects.countries).features.filter(
    (one) => codeOf(one) !== ANTARCTICA,
  );
  const projection = geoEqualEarth().fitSize([MAP.width, MAP.height], {
    type: 'FeatureCollection',
    features: countries,
  });
  const draw = geoPath(projection).digits(1);
  const shapes = new Map<string, Shape>();
  for (const one of countries) {
    const code = codeOf(one);
    const before = shapes.get(code);
    // Northern Cyprus and Somaliland have no code of their own: what is counted there is counted under the country's.
    shapes.set(code, {
      code,
      path: (before?.path ?? '') + (draw(one) ?? ''),
      centre: before?.centre ?? draw.centroid(largestPart(one)),
    });
  }
  return [...shapes.values()];
}

/** CLDR counts the numeric codes among its aliases, so every browser knows which letters they stand for. */
function codeOf({ id, properties }: Feature<Geometry, Named>): string {
  if (id === undefined) return CODE_OF_NAME[properties.name] ?? '';
  return new Intl.Locale(`und-${String(id).padStart(3, '0')}`).region ?? '';
}

/** France's centre lies in France, not on the way to Guiana. */
function largestPart(one: Feature<Geometry, Named>): Feature<Geometry, Named> {
  if (one.geometry.type !== 'MultiPolygon') return one;
  const [largest] = one.geometry.coordinates.toSorted((a, b) => (b[0]?.length ?? 0) - (a[0]?.length ?? 0));
  return largest ? { ...one, geometry: { type: 'Polygon', coordinates: largest } } : one;
}
