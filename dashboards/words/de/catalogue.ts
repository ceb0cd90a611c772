import type { catalogue as en } from '../en/catalogue.ts';
import type { Wording } from '../pattern.ts';

export const catalogue: Wording<typeof en> = {
  tabs: { events: 'Ereignisse', groups: 'Seitengruppen' },
  label: 'Ereignisse und Seitengruppen',
  edit: (name) => `${name} ändern`,
  showHidden: 'Ausgeblendete zeigen',
  hidden: 'ausgeblendet',
  sentAs: (names) => `gesendet als ${names}`,
  calledAs: 'Name in Berichten',
  calledAsHint:
    'Berichte, auch vergangene, nutzen diesen Namen. Geben Sie zwei Ereignissen denselben Namen, zählen sie als eines. Die Ereignisse selbst bleiben, wie sie gesendet wurden.',
  merges: (name) => `Wird mit „${name}“ zusammengezählt.`,
  description: 'Was es bedeutet',
  hide: 'In Listen und Vorschlägen weglassen',
  hideHint: 'Es zählt weiterhin überall, wo es genannt wird.',
  takeBack: 'Zurück zum gesendeten Namen',
  what: 'Bedeutung',
  noMatch: 'Kein Ereignis und keine Eigenschaft trägt das im Namen.',
  groups: {
    hint: 'Eine Seitengruppe macht viele Seiten zu einer: Blogbeiträge, Produktseiten. Wählen Sie „Seitengruppe“ in Filtern, Trichtern und Aufschlüsselungen. Eine Seite, die in mehrere passt, gehört zur ersten nach Namen.',
    none: 'Noch keine Seitengruppe',
    noneHint:
      'Geben Sie ihr einen Namen und sagen Sie, welche Seiten dazugehören: /blog/* nimmt alles unter /blog/.',
    name: 'Name',
    patterns: 'Seiten',
    pattern: (place) => `Muster ${place}`,
    patternHint: '/blog/*, /about oder ~^/p/\\d+ für einen regulären Ausdruck',
    addPattern: 'Weiteres Muster',
    removePattern: (pattern) => `Muster ${pattern} entfernen`,
    make: 'Neue Seitengruppe',
    change: (name) => `${name} ändern`,
    remove: (name) => `${name} löschen`,
    preview: 'Passende Seiten',
    fits: (pages, views) => `${pages} Seiten mit ${views} Seitenaufrufen im Zeitraum passen.`,
    fitsNone: 'Keine Seite des Zeitraums passt.',
    more: (count) => `und ${count} weitere`,
    invalid: 'Das ist kein regulärer Ausdruck.',
  },
};
