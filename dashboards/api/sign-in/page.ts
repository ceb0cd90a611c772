/** The few pages that people see before they are signed in: plain HTML, no script. */
import { html } from 'hono/html';
import { PASSWORD_LENGTH } from './password.ts';

type Html = ReturnType<typeof html>;

export function signInPage(options: { email?: string; problem?: string } = {}): Html {
  return page(
    'Sign in',
    html`<form method="post" action="/sign-in">
      ${problem(options.problem)}
      <label>E-mail address
        <input type="email" name="email" value="${options.email ?? ''}" autocomplete="username" required autofocus>
      </label>
      <label>Password
        <input type="password" name="password" autocomplete="current-password" required>
      </label>
      <button>Sign in</button>
      <p>No password, or forgotten? Whoever runs this Footfall can print you a link:
        <code>npm run user -- reset ${options.email || 'you@example.com'}</code></p>
    </form>`,
  );
}

/** For an invitation or a reset: the link signs in once its owner has chosen a password. */
export function choosePasswordPage(email: string, action: string, wrong?: string): Html {
  return page(
    'Choose a password',
    html`<form method="post" action="${action}">
      ${problem(wrong)}
      <p>For <strong>${email}</strong>.</p>
      <input type="hidden" name="email" value="${email}" autocomplete="username">
      <label>New password, at least ${PASSWORD_LENGTH.least} characters
        <input type="password" name="password" autocomplete="new-password" required autofocus
          minlength="${PASSWORD_LENGTH.least}" maxlength="${PASSWORD_LENGTH.most}">
      </label>
      <button>Save and sign in</button>
    </form>`,
  );
}

export function linkSpentPage(): Html {
  return page(
    'This link is used up',
    html`<p>A sign-in link works once and expires. <a href="/sign-in">Sign in with your password</a>, or ask for a
      new link: each <code>npm start</code> prints one, and so does <code>npm run user -- reset you@example.com</code>.</p>`,
  );
}

function problem(text: string | undefined): Html | string {
  return text ? html`<p class="problem" role="alert">${text}</p>` : '';
}

function page(title: string, body: Html): Html {
  return html`<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <meta name="color-scheme" content="light dark">
  <meta name="robots" content="noindex">
  <title>${title} · Footfall</title>
  <link rel="stylesheet" href="/sign-in.css">
</head>
<body><main><h1>${title}</h1>${body}</main></body>
</html>`;
}
