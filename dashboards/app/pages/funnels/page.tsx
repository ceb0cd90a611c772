import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useSpeech } from '../../../words/words.tsx';
import { ReportPage } from '../../shell/report-bar.tsx';
import { type Definition, NEW_FUNNEL, parseDefinition, writeDefinition } from './definition.ts';
import { Editor } from './editor.tsx';
import { Result } from './result.tsx';
import { SavedBar } from './saved-bar.tsx';

const route = getRouteApi('/sites/$site/funnels');

/** Builds a funnel on the left and shows it, live, on the right. */
export function FunnelsPage() {
  const { words } = useSpeech();
  const { funnel } = route.useSearch();
  const navigate = useNavigate();
  const definition = useMemo(() => (funnel && parseDefinition(funnel)) || NEW_FUNNEL, [funnel]);
  // While one edits, the address is rewritten rather than lengthening the way back by every step.
  const change = (next: Definition) =>
    void navigate({
      to: '.',
      search: (before) => ({ ...before, funnel: writeDefinition(next), people: undefined }),
      replace: true,
    });
  return (
    <ReportPage title={words.nav.funnels}>
      <SavedBar definition={definition} />
      <div className="workbench">
        <Editor definition={definition} onChange={change} />
        <Result definition={definition} />
      </div>
    </ReportPage>
  );
}
