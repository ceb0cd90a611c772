import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { loadSpeech, SpeechProvider } from '../words/words.tsx';
import { createQueryClient } from './api/queries.ts';
import { createAppRouter } from './router.tsx';
import { applyTheme, readPreferences } from './state/preferences.ts';

// The only file that reaches out for the real window.
async function start(): Promise<void> {
  const preferences = readPreferences();
  applyTheme(preferences.theme);
  const speech = await loadSpeech(preferences.locale);
  document.documentElement.lang = speech.language;

  const place = document.getElementById('app');
  if (!place) throw new Error('index.html has no element with the id "app"');
  const queries = createQueryClient();
  createRoot(place).render(
    <StrictMode>
      <QueryClientProvider client={queries}>
        <SpeechProvider speech={speech}>
          <RouterProvider router={createAppRouter(queries)} />
        </SpeechProvider>
      </QueryClientProvider>
    </StrictMode>,
  );
}

// Not awaited: scripts that come later import from this one, which must be done by then.
void start();
