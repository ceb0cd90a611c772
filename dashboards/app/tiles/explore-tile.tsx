import type { ExploreRow } from '../../reports/explore/report.ts';
import { ExploreCourse, ExploreTotals } from '../../reports/explore/view.tsx';
import type { ReportAnswer } from '../../reports/run.ts';
import { parseDefinition, START } from '../pages/explore/definition.ts';
import { useExploreLook } from '../pages/explore/look.ts';
import { useExploreWords } from '../pages/explore/words.ts';
import { readInterval, readText } from './options.ts';

type Props = {
  /** The whole period; then, if it has a course, the intervals. */
  answers: ReportAnswer<ExploreRow>[];
  options: Record<string, unknown>;
  currency: string;
};

const CHART_HEIGHT = 180;

export function ExploreTile({ answers: [totals, course], options, currency }: Props) {
  const words = useExploreWords();
  const look = useExploreLook(parseDefinition(readText(options.definition)) ?? START, currency);
  if (!totals) return null;
  return (
    <>
      {course && (
        <ExploreCourse
          look={look}
          rows={course.rows}
          compared={course.compared_rows}
          totals={totals.rows}
          interval={readInterval(options.interval)}
          asOf={course.meta.asOf}
          height={CHART_HEIGHT}
          saidLeftOut={words.shownOf}
        />
      )}
      <ExploreTotals
        look={look}
        rows={totals.rows}
        compared={totals.compared_rows}
        head={{ name: words.name, total: words.total }}
      />
    </>
  );
}
