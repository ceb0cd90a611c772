import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useSpeech } from '../../../words/words.tsx';
import { shared } from '../../api/parameters.ts';
import { AddToBoard } from '../../parts/add-to-board.tsx';
import { ShareMenu } from '../../parts/share-menu.tsx';
import { ReportPage } from '../../shell/report-bar.tsx';
import { useView } from '../../state/use-view.ts';
import { sharedForTile, type TileDraft } from '../../tiles/tile.ts';
import { type Definition, parseDefinition, START, toParameters, writeDefinition } from './definition.ts';
import { Editor } from './editor.tsx';
import { useExploreLook } from './look.ts';
import { askedInterval, Result } from './result.tsx';

const route = getRouteApi('/sites/$site/explore');

/** Any event, counted or summed up, over time and by up to two dimensions: the question left, the answer right. */
export function ExplorePage() {
  const { words } = useSpeech();
  const view = useView();
  const { explore } = route.useSearch();
  const navigate = useNavigate();
  const definition = useMemo(() => (explore && parseDefinition(explore)) || START, [explore]);
  const asked = toParameters(definition);
  const change = (next: Definition) =>
    void navigate({
      to: '.',
      search: (before) => ({ ...before, explore: writeDefinition(next) }),
      replace: true,
    });
  const look = useExploreLook(definition, view.site.currency);
  const { interval } = askedInterval(definition, view);
  const toTile = (): TileDraft => {
    const question = { ...sharedForTile(view), ...asked };
    return {
      title: look.title,
      view: 'explore',
      options: { definition: writeDefinition(definition), ...(interval ? { interval } : {}) },
      queries: [question, ...(interval ? [{ ...question, interval }] : [])].map((parameters) => ({
        report: 'explore' as const,
        parameters,
      })),
    };
  };
  return (
    <ReportPage title={words.nav.explore}>
      <div className="page-head">
        <h2>{words.nav.explore}</h2>
        {asked && (
          <span className="panel-tools">
            <AddToBoard tile={toTile()} />
            <ShareMenu
              report="explore"
              body={{ ...shared(view), ...asked, ...askedInterval(definition, view) }}
            />
          </span>
        )}
      </div>
      <div className="workbench">
        <Editor definition={definition} onChange={change} />
        <Result definition={definition} onChange={change} />
      </div>
    </ReportPage>
  );
}
