import { expect, test } from 'vitest';
import { shared } from '../../../dashboards/app/api/parameters.ts';
import { sharedForTile } from '../../../dashboards/app/tiles/tile.ts';

const VIEW = {
  period: '90d' as const,
  range: { from: '2026-08-30', to: '2026-11-27' },
  comparison: 'previous_period' as const,
  compared: { from: '2026-06-01', to: '2026-08-29' },
  noDataBefore: undefined,
  filters: [],
  segments: [],
};
const COMPARISON = { mode: 'previous_period' };

test('a report is not compared with days before the first event; a tile of a board is, for its days move on', () => {
  const early = { ...VIEW, noDataBefore: '2026-08-31' };

  expect(shared(VIEW)).toMatchObject({ comparison: COMPARISON });
  expect(shared(early)).not.toHaveProperty('comparison');
  expect(sharedForTile(early)).toMatchObject({ comparison: COMPARISON, period: { preset: '90d' } });
  expect(sharedForTile({ ...early, compared: undefined })).not.toHaveProperty('comparison');
});
