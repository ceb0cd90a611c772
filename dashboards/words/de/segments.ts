import type { segments as en } from '../en/segments.ts';
import type { Wording } from '../pattern.ts';

export const segments: Wording<typeof en> = {
  title: 'Segment',
  unsaved: 'Neues Segment',
  open: 'Gespeichertes Segment öffnen',
  new: 'Neues Segment',
  remove: (name) => `„${name}“ löschen`,
  rename: 'Umbenennen',
  save: (name) => `„${name}“ speichern`,
  saveNew: 'Als neues speichern',
  name: 'Name',
  match: 'Wer gezählt wird',
  matches: { and: 'Alle davon', or: 'Eines davon' },
  addCondition: 'Bedingung',
  addBehaviour: 'Verhalten',
  addGroup: 'Gruppe',
  addSegment: 'Segment',
  removeItem: 'Entfernen',
  group: 'Gruppe',
  joined: { and: 'und', or: 'oder' },
  did: 'taten',
  didNot: 'taten nicht',
  who: 'Besucher, die',
  atLeast: 'mindestens',
  times: 'Mal',
  when: 'Wann',
  inPeriod: 'im Zeitraum',
  withinDays: 'in den letzten Tagen',
  days: 'Tage',
  inSegment: 'Ist im Segment',
  count: 'In diesem Segment',
  ofAll: (share, all) => `${share} von ${all} Besuchern`,
  sessions: (count) => `${count} Sitzungen`,
  people: 'Diese Personen zeigen',
  everywhere:
    'Jeder Bericht lässt sich auf ein gespeichertes Segment beschränken: Wählen Sie es oben neben den Filtern.',
  begin: 'Bedingung oder Verhalten hinzufügen',
  beginHint:
    'Eine Bedingung betrifft Besuche: woher sie kamen, was sie sahen. Ein Verhalten betrifft Besucher: was sie taten oder nicht taten, und wie oft.',
  behaviourHint:
    'Zählt alles, was ein Besucher tat, in jeder seiner Sitzungen. Ohne dauerhafte Kennung ist das ein Tag.',
};
