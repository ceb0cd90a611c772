import type { ExploreLook, SeriesLook } from '../../../reports/explore/view.tsx';
import type { Format } from '../../../words/format.ts';
import { useSpeech } from '../../../words/words.tsx';
import { type Definition, needsProperty, type Series } from './definition.ts';
import { useExploreWords } from './words.ts';

/** What the lines of a question are called, and how their numbers are written. */
export function useExploreLook(definition: Definition, currency: string): ExploreLook {
  const { format } = useSpeech();
  const name = useNameOfSeries();
  const { series, ratio, by } = definition;
  const looks = new Map<number, SeriesLook>(
    series.map((one, place) => [place + 1, { name: name(one), write: writerOf(one, format, currency) }]),
  );
  if (ratio) looks.set(0, ratioLook(definition, ratio, name, format));
  return { title: [...looks.values()].map((one) => one.name).join(', '), series: looks, dimensions: by };
}

/** "Purchase: visitors". */
function useNameOfSeries(): (series: Series) => string {
  const words = useExploreWords();
  const { words: common } = useSpeech();
  const kinds: Record<string, string> = common.kinds;
  return ({ what, metric, property }) => {
    const counted = needsProperty(metric) ? `${words.metrics[metric]} ${property}` : words.metrics[metric];
    return `${kinds[what] ?? what}: ${counted}`;
  };
}

function writerOf({ metric, property }: Series, format: Format, currency: string): SeriesLook['write'] {
  if (needsProperty(metric) && property === 'revenue') return (value) => format.money(value, currency);
  if (metric === 'count' || metric === 'people')
    return (value, isExact) => (isExact ? format.number(value) : format.compact(value));
  return (value, isExact) =>
    isExact || Math.abs(value ?? 0) < 10_000 ? format.decimal(value) : format.compact(value);
}

/** Of two counts it is a share; of anything else a plain number. */
function ratioLook(
  { series }: Definition,
  { of, to }: { of: number; to: number },
  name: (series: Series) => string,
  format: Format,
): SeriesLook {
  const [above, below] = [series[of - 1], series[to - 1]];
  const isShare = [above, below].every((one) => one?.metric === 'count' || one?.metric === 'people');
  return {
    name: above && below ? `${name(above)} ÷ ${name(below)}` : '',
    write: (value) => (isShare ? format.percent(value) : format.decimal(value)),
  };
}
