import type { liveWords as english } from '../en/live.ts';
import type { Words } from '../pattern.ts';

export const liveWords: Pick<Words, keyof typeof english> = {
  stream: {
    accepted: 'Gespeichert',
    dropped: 'Verworfen',
    nothingDropped: 'In letzter Zeit wurde nichts verworfen.',
    nothingMatches: 'Nichts, was eintraf, enthält das.',
    countOf: (shown, all) => `${shown} von ${all}`,
    connecting: 'Verbinde…',
    connected: 'Verbunden',
    stopped: 'Angehalten',
    copy: 'Als JSON kopieren',
    properties: 'Eigenschaften',
    fields: 'Felder',
    events: (count) => `${count} Ereignisse`,
    openQuality: 'Wie viele, im Verlauf',
    reasons: {
      malformed: 'Fehlerhaft',
      policy: 'Einstellungen der Website',
      unplanned: 'Nicht im Tracking-Plan',
      bot: 'Bot',
      unknown_site: 'Unbekannte Website',
      unauthorized: 'Kein gültiger Schlüssel',
      rate_limited: 'Zu viele auf einmal',
      unavailable: 'Wird später erneut gesendet',
      duplicate: 'Schon einmal gesendet',
      dead_letter: 'Von der Datenbank abgelehnt',
      corrupt: 'Auf der Platte beschädigt',
    },
  },
};
