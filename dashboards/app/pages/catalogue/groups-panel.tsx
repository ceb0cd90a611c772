import { useState } from 'react';
import type { PathTest } from '../../../reports/conditions.ts';
import { type SavedItem, useRemove, useSaved } from '../../api/saved.ts';
import { Dialog } from '../../parts/dialog.tsx';
import { Icon } from '../../parts/icon.tsx';
import { ReportCard } from '../../parts/report-card.tsx';
import { useView } from '../../state/use-view.ts';
import { GroupForm } from './group-form.tsx';
import { toPatternText } from './patterns.ts';
import { useCatalogueWords } from './words.ts';

export type GroupBody = { patterns: PathTest[] };

/** The page groups of the site, each with its patterns. */
export function GroupsPanel() {
  const { groups: words, tabs } = useCatalogueWords();
  const { site } = useView();
  const state = useSaved<GroupBody>(site.site_id, 'page_group');
  const remove = useRemove(site.site_id, 'page_group');
  const [edited, setEdited] = useState<SavedItem<GroupBody> | 'new'>();
  const make = (
    <button type="button" className="button small" onClick={() => setEdited('new')}>
      <Icon name="plus" />
      {words.make}
    </button>
  );
  return (
    <>
      <ReportCard
        title={tabs.groups}
        tools={make}
        height={200}
        state={state}
        isEmpty={(answer) => answer.length === 0}
        empty={
          <div className="message">
            <strong>{words.none}</strong>
            <span>{words.noneHint}</span>
          </div>
        }
      >
        {(answer) => (
          <ul className="lines">
            {answer.map((group) => (
              <li key={group.item_id}>
                <button
                  type="button"
                  className="more"
                  aria-label={words.change(group.name)}
                  onClick={() => setEdited(group)}
                >
                  {group.name}
                </button>
                <code className="quiet">{group.body.patterns.map(toPatternText).join('  ')}</code>
                <button
                  type="button"
                  className="icon-button"
                  aria-label={words.remove(group.name)}
                  onClick={() => remove.mutate(group.item_id)}
                >
                  <Icon name="trash" />
                </button>
              </li>
            ))}
          </ul>
        )}
      </ReportCard>
      <p className="hint">{words.hint}</p>
      {edited && (
        <Dialog
          title={edited === 'new' ? words.make : words.change(edited.name)}
          onClose={() => setEdited(undefined)}
        >
          <GroupForm group={edited === 'new' ? undefined : edited} onSaved={() => setEdited(undefined)} />
        </Dialog>
      )}
    </>
  );
}
