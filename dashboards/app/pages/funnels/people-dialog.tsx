import { getRouteApi } from '@tanstack/react-router';
import { useState } from 'react';
import type { FunnelAnswer } from '../../../reports/funnel/answer.ts';
import { FunnelPeople } from '../../../reports/funnel/people-view.tsx';
import { nameOfValue } from '../../../words/dimensions.ts';
import { useSpeech } from '../../../words/words.tsx';
import { useReport } from '../../api/queries.ts';
import { Choices } from '../../parts/choices.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { PageTurner } from '../../parts/page-turner.tsx';
import { ReportBody } from '../../parts/report-card.tsx';
import { writeSearch } from '../../state/search.ts';
import { useView } from '../../state/use-view.ts';
import { sharedSearch } from '../../state/view.ts';

const route = getRouteApi('/sites/$site/funnels');
const OUTCOMES = ['reached', 'dropped', 'still_converting'] as const;
type Outcome = (typeof OUTCOMES)[number];
const PER_PAGE = 50;

type Props = {
  /** "2.reached" or "2.dropped.google". */
  asked: string;
  /** The funnel's own parameters. */
  parameters: object;
  /** Whose values the rows of the breakdown are. */
  property: string | undefined;
  onClose: () => void;
};

/** The people behind a bar: those who made it this far, those who left here, those who still may go on. */
export function PeopleDialog({ asked, parameters, property, onClose }: Props) {
  const { words, format } = useSpeech();
  const { site } = useView();
  const [place = '1', from = 'reached', ...value] = asked.split('.');
  const [outcome, setOutcome] = useState<Outcome>(OUTCOMES.find((one) => one === from) ?? 'reached');
  const [offset, setOffset] = useState(0);
  const step = Number(place);
  const group =
    property !== undefined && value.length > 0
      ? nameOfValue(property, value.join('.'), words, format)
      : undefined;
  const search = route.useSearch();
  const addressOf = (person: string) =>
    `/sites/${encodeURIComponent(site.site_id)}/people${writeSearch({ ...sharedSearch(search), person })}`;
  const state = useReport<FunnelAnswer>(site.site_id, 'funnel', {
    ...parameters,
    people: {
      step,
      outcome,
      offset,
      limit: PER_PAGE,
      ...(value.length > 0 ? { breakdownValue: value.join('.') } : {}),
    },
  });
  return (
    <Dialog
      title={[words.funnel.peopleAt(place), group].filter((part) => part !== undefined).join(' · ')}
      onClose={onClose}
    >
      <Choices
        label={words.funnel.outcome}
        options={OUTCOMES.map((one) => ({ value: one, label: words.funnel.outcomes[one] }))}
        picked={outcome}
        onPick={(next) => {
          setOutcome(next);
          setOffset(0);
        }}
      />
      <ReportBody
        state={state}
        height={360}
        isEmpty={(answer) => (answer.people?.rows.length ?? 0) === 0}
        empty={<p className="message">{words.funnel.nobodyHere}</p>}
      >
        {({ people }) =>
          people ? (
            <>
              <FunnelPeople rows={people.rows} timeZone={site.time_zone} addressOf={addressOf} />
              <PageTurner
                count={people.total}
                shown={people.rows.length}
                offset={people.offset}
                perPage={PER_PAGE}
                onTurn={setOffset}
              />
            </>
          ) : null
        }
      </ReportBody>
    </Dialog>
  );
}
