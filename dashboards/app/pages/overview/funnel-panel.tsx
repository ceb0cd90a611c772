import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import type { FunnelAnswer } from '../../../reports/funnel/answer.ts';
import { FunnelView } from '../../../reports/funnel/view.tsx';
import { useSpeech } from '../../../words/words.tsx';
import { shared } from '../../api/parameters.ts';
import { useReport } from '../../api/queries.ts';
import { type SavedItem, useSaved } from '../../api/saved.ts';
import { ReportBody, ReportCard } from '../../parts/report-card.tsx';
import { useView } from '../../state/use-view.ts';
import { sharedSearch } from '../../state/view.ts';
import {
  chosenSteps,
  type Definition,
  fromParameters,
  toParameters,
  writeDefinition,
} from '../funnels/definition.ts';

/** A saved funnel of the site, drawn small. */
export function FunnelPanel() {
  const { words } = useSpeech();
  const { site } = useView();
  const funnels = useSaved<Record<string, unknown>>(site.site_id, 'funnel');
  const [picked, setPicked] = useState('');
  const items = funnels.status === 'ready' ? funnels.answer : [];
  return (
    <ReportCard
      title={words.funnel.title}
      isWide
      height={400}
      state={funnels}
      isEmpty={(answer) => answer.length === 0}
      empty={<NoFunnel />}
      tools={
        items.length > 1 && (
          <select
            className="input narrow"
            aria-label={words.funnel.openSaved}
            value={picked}
            onChange={(event) => setPicked(event.target.value)}
          >
            {items.map((item) => (
              <option key={item.item_id} value={item.item_id}>
                {item.name}
              </option>
            ))}
          </select>
        )
      }
    >
      {(answer) => {
        const item = answer.find((one) => one.item_id === picked) ?? answer[0];
        const definition = item && fromParameters(item.body);
        return definition ? <Drawn item={item} definition={definition} /> : null;
      }}
    </ReportCard>
  );
}

function Drawn({ item, definition }: { item: SavedItem<unknown>; definition: Definition }) {
  const { words, format } = useSpeech();
  const view = useView();
  const state = useReport<FunnelAnswer>(view.site.site_id, 'funnel', {
    ...shared({ ...view, compared: undefined }),
    ...toParameters(definition),
  });
  const steps = chosenSteps(definition);
  return (
    <ReportBody state={state} height={380}>
      {(answer) => (
        <>
          <FunnelView
            steps={steps.map((step, index) => ({
              label: step.anyOf.join(` ${words.funnel.or} `),
              isOptional: answer.rows[index]?.is_optional ?? false,
            }))}
            rows={answer.rows}
            series={[{ key: 'all', name: '', rows: answer.rows }]}
            isBrief
          />
          <p className="panel-foot">
            <Link
              to="/sites/$site/funnels"
              params={{ site: view.site.site_id }}
              search={(before) => ({
                ...sharedSearch(before),
                funnel: writeDefinition(definition),
                saved: item.item_id,
              })}
              className="more"
            >
              {words.funnel.openNamed(item.name)}
            </Link>
            <span>
              {words.metrics.conversion_rate} {format.percent(answer.summary.conversion_rate)}
              {answer.summary.rate_low !== null &&
                ` (${format.percent(answer.summary.rate_low)} – ${format.percent(answer.summary.rate_high)})`}
            </span>
          </p>
        </>
      )}
    </ReportBody>
  );
}

function NoFunnel() {
  const { words } = useSpeech();
  const { site } = useView();
  return (
    <div className="message">
      <strong>{words.funnel.none}</strong>
      <span>{words.funnel.noneHint}</span>
      <Link
        to="/sites/$site/funnels"
        params={{ site: site.site_id }}
        search={sharedSearch}
        className="button primary"
      >
        {words.funnel.make}
      </Link>
    </div>
  );
}
