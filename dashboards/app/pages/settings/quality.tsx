import type { DataQualityRow } from '../../../reports/data-quality/report.ts';
import { QualityTable } from '../../../reports/data-quality/view.tsx';
import { type ReportAnswer, useReport } from '../../api/queries.ts';
import { ReportCard } from '../../parts/report-card.tsx';
import { PeriodPicker } from '../../shell/period-picker.tsx';
import { useView } from '../../state/use-view.ts';
import { useSettingsSpeech } from './words.ts';

/** What is remarkable about the events of the period, and how many were not stored, by reason. */
export function Quality() {
  const { words } = useSettingsSpeech();
  const { site, range, compared, noDataBefore } = useView();
  const state = useReport<ReportAnswer<DataQualityRow>>(site.site_id, 'data-quality', {
    period: range,
    interval: 'day',
  });
  const whole = useReport<ReportAnswer<DataQualityRow>>(site.site_id, 'data-quality', {
    period: range,
    ...(compared && noDataBefore === undefined ? { comparison: { mode: 'previous_period' } } : {}),
  });
  return (
    <ReportCard
      title={words.quality.title}
      height={180}
      state={whole}
      isEmpty={(answer) => answer.rows.length === 0}
      tools={
        <span className="actions">
          <PeriodPicker />
        </span>
      }
    >
      {(answer) => (
        <QualityTable
          rows={answer.rows}
          compared={answer.compared_rows}
          said={words.quality}
          course={state.status === 'ready' ? state.answer.rows : []}
        />
      )}
    </ReportCard>
  );
}
