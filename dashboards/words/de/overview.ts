import type { overviewWords as english } from '../en/overview.ts';
import type { Words } from '../pattern.ts';

export const overviewWords: Pick<Words, keyof typeof english> = {
  map: {
    name: 'Karte',
    title: 'Besucher nach Land',
    hint: 'Ein Land wählen, um danach zu filtern.',
    closer: 'Vergrößern',
    farther: 'Verkleinern',
    table: 'Die Länder als Tabelle',
  },
  panels: {
    property: 'Eigenschaft',
    noEvents: 'Kein eigenes Ereignis in diesem Zeitraum',
    noEventsHint: 'Dort senden, wo es geschieht: footfall.track("Anmeldung").',
    linksHint:
      'Das Tag sieht Klicks zu anderen Seiten, Downloads, gesendete Formulare und fehlende Seiten von selbst.',
    noProperties: 'Kein Ereignis trug eine Eigenschaft',
    noPropertiesHint: 'Zum Beispiel: footfall.track("Anmeldung", { tarif: "pro" }).',
    links: 'Links und Formulare',
    vitals: 'Web Vitals',
    vitalsMore: 'Nach Seite und Gerät',
    conversionsOf: (goal) => `Conversions: ${goal}`,
    goal: (goal) => `Ziel: ${goal}`,
    goalRemove: (goal) => `Ziel entfernen: ${goal}`,
    ofConversions: 'Anteil an allen Conversions',
    ofVisitors: 'Anteil an allen Besuchern',
    descending: 'Absteigend sortieren',
    ascending: 'Aufsteigend sortieren',
  },
  notes: {
    add: 'Notiz hinzufügen',
    one: 'Notiz',
    edit: 'Notiz ändern',
    on: (day) => `Notizen zum ${day}`,
    text: 'Was geschah',
    textHint: 'Neue Startseite, Kampagne begonnen, Preise geändert',
    date: 'Tag',
    time: 'Uhrzeit (darf leer bleiben)',
    remove: (text) => `Notiz „${text}“ löschen`,
    change: (text) => `Notiz „${text}“ ändern`,
  },
  keys: {
    realtime: 'Echtzeit',
    custom: 'Eigener Zeitraum',
    neighbours: 'Zeitraum davor und danach',
    clear: 'Filter aufheben',
  },
};
