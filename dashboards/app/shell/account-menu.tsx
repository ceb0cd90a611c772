import { useState } from 'react';
import { LANGUAGES, useSpeech } from '../../words/words.tsx';
import type { Me } from '../api/queries.ts';
import { Icon } from '../parts/icon.tsx';
import { Popover } from '../parts/popover.tsx';
import { applyTheme, readPreferences, savePreferences, THEMES, type Theme } from '../state/preferences.ts';

/** Who is signed in, how the pages look and speak, and the way out. */
export function AccountMenu({ me }: { me: Me | undefined }) {
  const { words, language } = useSpeech();
  return (
    <Popover
      className="nav-link"
      name={[words.nav.account, me?.name || me?.email].filter(Boolean).join(': ')}
      label={
        <>
          <Icon name="account" />
          <span className="account-name">{me?.name || me?.email || words.nav.account}</span>
        </>
      }
    >
      {me && <p className="menu-head">{me.email}</p>}
      <ThemeChoice />
      <p className="menu-head">{words.language.label}</p>
      {Object.entries(LANGUAGES).map(([code, name]) => (
        <button
          key={code}
          type="button"
          className="menu-item"
          lang={code}
          aria-current={code === language}
          onClick={() => {
            savePreferences({ locale: code });
            location.reload();
          }}
        >
          {name}
          {code === language && <Icon name="check" />}
        </button>
      ))}
      <hr className="menu-line" />
      <form method="post" action="/sign-out">
        <button type="submit" className="menu-item">
          {words.signOut}
        </button>
      </form>
    </Popover>
  );
}

function ThemeChoice() {
  const { words } = useSpeech();
  const [theme, setTheme] = useState<Theme>(() => readPreferences().theme);
  return (
    <>
      <p className="menu-head">{words.theme.label}</p>
      {THEMES.map((one) => (
        <button
          key={one}
          type="button"
          className="menu-item"
          aria-current={one === theme}
          onClick={() => {
            savePreferences({ theme: one });
            applyTheme(one);
            setTheme(one);
          }}
        >
          {words.theme[one]}
          {one === theme && <Icon name="check" />}
        </button>
      ))}
    </>
  );
}
