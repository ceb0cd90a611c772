import type { ExploreRow } from '../../../reports/explore/report.ts';
import { ExploreCourse, ExploreTotals } from '../../../reports/explore/view.tsx';
import { useSpeech } from '../../../words/words.tsx';
import { shared } from '../../api/parameters.ts';
import { type ReportAnswer, useReport } from '../../api/queries.ts';
import { Choices } from '../../parts/choices.tsx';
import { ReportBody } from '../../parts/report-card.tsx';
import { type Interval, intervalsFor } from '../../state/period.ts';
import { type SiteView, useView } from '../../state/use-view.ts';
import { type Definition, toParameters } from './definition.ts';
import { useExploreLook } from './look.ts';
import { useExploreWords } from './words.ts';

type Props = { definition: Definition; onChange: (definition: Definition) => void };

/** The answer: its course, and one number per line for the whole period. */
export function Result({ definition, onChange }: Props) {
  const words = useExploreWords();
  const { words: common } = useSpeech();
  const view = useView();
  const asked = toParameters(definition);
  const { interval } = askedInterval(definition, view);
  const look = useExploreLook(definition, view.site.currency);
  const question = { ...shared(view), ...asked };
  const site = view.site.site_id;
  const isOn = asked !== undefined;
  const totals = useReport<ReportAnswer<ExploreRow>>(site, 'explore', question, { isOn });
  const course = useReport<ReportAnswer<ExploreRow>>(
    site,
    'explore',
    { ...question, interval },
    { isOn: isOn && interval !== undefined },
  );
  if (!asked) return <HowTo definition={definition} />;
  const options: (Interval | 'whole')[] = [...intervalsFor(view.range).options, 'whole'];
  return (
    <section className="panel result" aria-label={words.result}>
      <div className="panel-head">
        <h2>{interval ? words.overTime : words.total}</h2>
        <Choices
          label={common.interval.label}
          options={options.map((value) => ({
            value,
            label: value === 'whole' ? words.whole : common.interval[value],
          }))}
          picked={interval ?? 'whole'}
          onPick={(next) => onChange({ ...definition, interval: next })}
        />
      </div>
      {interval && (
        <ReportBody state={course} height={380} isEmpty={(answer) => answer.rows.length === 0}>
          {(answer) => (
            <ExploreCourse
              look={look}
              rows={answer.rows}
              compared={answer.compared_rows}
              totals={totals.status === 'ready' ? totals.answer.rows : []}
              interval={interval}
              asOf={answer.meta.asOf}
              saidLeftOut={words.shownOf}
            />
          )}
        </ReportBody>
      )}
      <ReportBody state={totals} height={96} isEmpty={(answer) => answer.rows.length === 0}>
        {(answer) => (
          <ExploreTotals
            look={look}
            rows={answer.rows}
            compared={answer.compared_rows}
            head={{ name: words.name, total: words.total }}
          />
        )}
      </ReportBody>
      {definition.series.some(({ metric }) => metric === 'people' || metric === 'per_person') && (
        <p className="hint">{words.perDay}</p>
      )}
    </section>
  );
}

/** The interval that the page asks for: one that fits the period, or none for the whole of it. */
export function askedInterval({ interval }: Definition, view: SiteView): { interval?: Interval } {
  if (interval === 'whole') return {};
  const { options, preferred } = intervalsFor(view.range);
  return { interval: interval && options.includes(interval) ? interval : preferred };
}

function HowTo({ definition }: { definition: Definition }) {
  const words = useExploreWords();
  const lacksProperty = definition.series.every(({ what }) => what !== '');
  return (
    <section className="panel" aria-label={words.result}>
      <div className="message">
        <strong>{lacksProperty ? words.noProperty : words.begin}</strong>
        <span>{words.beginHint}</span>
      </div>
    </section>
  );
}
