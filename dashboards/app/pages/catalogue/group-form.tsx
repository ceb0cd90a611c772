import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { BreakdownRow } from '../../../reports/breakdown/report.ts';
import { useSpeech } from '../../../words/words.tsx';
import { shared, unfiltered } from '../../api/parameters.ts';
import { type ReportAnswer, useReport } from '../../api/queries.ts';
import { type SavedItem, useSave } from '../../api/saved.ts';
import { Icon } from '../../parts/icon.tsx';
import { placed } from '../../parts/placed.ts';
import { ReportBody } from '../../parts/report-card.tsx';
import { useView } from '../../state/use-view.ts';
import type { GroupBody } from './groups-panel.tsx';
import { testOf, toPathTest, toPatternText } from './patterns.ts';
import { useCatalogueWords } from './words.ts';

type Props = { group: SavedItem<GroupBody> | undefined; onSaved: () => void };

/** A name, patterns, and while one types the pages that fit. */
export function GroupForm({ group, onSaved }: Props) {
  const { groups: words } = useCatalogueWords();
  const { words: common } = useSpeech();
  const { site } = useView();
  const queries = useQueryClient();
  const save = useSave<GroupBody>(site.site_id, 'page_group');
  const [name, setName] = useState(group?.name ?? '');
  const [texts, setTexts] = useState(group?.body.patterns.map(toPatternText) ?? ['']);
  const patterns = texts.map((text) => text.trim()).filter((text) => text !== '');
  const isWhole = name.trim() !== '' && patterns.length > 0 && patterns.every((text) => testOf(text));
  return (
    <form
      className="form"
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate(
          { item_id: group?.item_id, name: name.trim(), body: { patterns: patterns.map(toPathTest) } },
          {
            onSuccess: () => {
              // Every report may be parted by it.
              void queries.invalidateQueries({ queryKey: ['report', site.site_id] });
              onSaved();
            },
          },
        );
      }}
    >
      <label className="field">
        <span className="label">{words.name}</span>
        <input
          className="input"
          value={name}
          maxLength={100}
          required
          onChange={(event) => setName(event.target.value)}
        />
      </label>
      <fieldset className="field">
        <legend className="label">{words.patterns}</legend>
        {placed(texts).map(({ item: text, place, key }) => (
          <div key={key}>
            <div className="step-line">
              <input
                className="input"
                aria-label={words.pattern(String(place + 1))}
                aria-invalid={testOf(text.trim()) === undefined}
                placeholder={words.patternHint}
                spellCheck={false}
                maxLength={1_000}
                value={text}
                onChange={(event) => setTexts(texts.with(place, event.target.value))}
              />
              {texts.length > 1 && (
                <button
                  type="button"
                  className="icon-button"
                  aria-label={words.removePattern(text)}
                  onClick={() => setTexts(texts.toSpliced(place, 1))}
                >
                  <Icon name="close" />
                </button>
              )}
            </div>
            {testOf(text.trim()) === undefined && <p className="wrong">{words.invalid}</p>}
          </div>
        ))}
        <button type="button" className="more" onClick={() => setTexts([...texts, ''])}>
          {words.addPattern}
        </button>
        <span className="hint">{words.patternHint}</span>
      </fieldset>
      <Preview patterns={patterns} />
      <div className="actions">
        <button type="submit" className="button primary" disabled={!isWhole || save.isPending}>
          {common.app.save}
        </button>
      </div>
      {save.error && <p className="wrong">{save.error.message || common.failed.offline}</p>}
    </form>
  );
}

const MOST_PAGES = 2_000;
const SHOWN = 10;

/** The pages of the period that fit, the most viewed first. */
function Preview({ patterns }: { patterns: string[] }) {
  const { groups: words } = useCatalogueWords();
  const { format } = useSpeech();
  const view = useView();
  const state = useReport<ReportAnswer<BreakdownRow>>(view.site.site_id, 'breakdown', {
    ...shared(unfiltered(view)),
    dimension: 'page',
    orderBy: 'page_views',
    limit: MOST_PAGES,
  });
  const tests = patterns.flatMap((text) => testOf(text) ?? []);
  return (
    <section aria-label={words.preview} className="preview">
      <ReportBody state={state} height={120} isEmpty={() => tests.length === 0} empty={<span />}>
        {({ rows }) => {
          const fitting = rows.filter(({ value }) => tests.some((test) => test(value)));
          if (fitting.length === 0) return <p className="quiet">{words.fitsNone}</p>;
          const views = fitting.reduce((sum, row) => sum + (row.page_views ?? 0), 0);
          return (
            <>
              <p role="status">{words.fits(format.number(fitting.length), format.number(views))}</p>
              <ul className="small">
                {fitting.slice(0, SHOWN).map((row) => (
                  <li key={row.value} className="preview-line">
                    <code>{row.value}</code>
                    <span className="number quiet">{format.number(row.page_views)}</span>
                  </li>
                ))}
              </ul>
              {fitting.length > SHOWN && (
                <p className="quiet small">{words.more(format.number(fitting.length - SHOWN))}</p>
              )}
            </>
          );
        }}
      </ReportBody>
    </section>
  );
}
