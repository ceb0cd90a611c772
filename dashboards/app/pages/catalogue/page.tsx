import { useState } from 'react';
import type { CatalogueRow } from '../../../reports/catalogue/report.ts';
import { CatalogueTable } from '../../../reports/catalogue/view.tsx';
import { useSpeech } from '../../../words/words.tsx';
import { type ReportAnswer, useReport } from '../../api/queries.ts';
import { ReportCard } from '../../parts/report-card.tsx';
import { ReportPage } from '../../shell/report-bar.tsx';
import { useView } from '../../state/use-view.ts';

/** Every event and property that has arrived. */
export function CataloguePage() {
  const { words } = useSpeech();
  const view = useView();
  const [wanted, setWanted] = useState('');
  const state = useReport<ReportAnswer<CatalogueRow>>(view.site.site_id, 'catalogue', { period: view.range });
  const fits = (row: CatalogueRow) =>
    `${row.name} ${row.property}`.toLowerCase().includes(wanted.toLowerCase());
  return (
    <ReportPage title={words.nav.catalogue}>
      <ReportCard
        title={words.nav.catalogue}
        tools={
          <input
            className="input narrow"
            type="search"
            aria-label={words.app.search}
            placeholder={words.app.search}
            value={wanted}
            onChange={(event) => setWanted(event.target.value)}
          />
        }
        height={480}
        state={state}
        isEmpty={(answer) => answer.rows.length === 0}
      >
        {(answer) => <CatalogueTable rows={answer.rows.filter(fits)} timeZone={view.site.time_zone} />}
      </ReportCard>
    </ReportPage>
  );
}
