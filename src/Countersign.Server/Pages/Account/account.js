// The one script of the account pages. A page has one form. Its data says where it is posted, and what is said afterwards.
const form = document.querySelector('form');
const button = form.querySelector('button[type="submit"]');
const result = document.getElementById('result');
const longest = 60_000;

// The token is taken out of the address at once: it must not stay in the history. It lives in this variable alone.
const token = new URLSearchParams(location.hash.slice(1)).get('token');
if (location.hash) {
  history.replaceState(null, '', location.pathname);
}

const seconds = (response) => {
  const wait = Number.parseInt(response.headers.get('Retry-After'), 10);
  return Number.isNaN(wait) ? 'some time' : wait < 90 ? `${wait} seconds` : `${Math.ceil(wait / 60)} minutes`;
};

const messages = {
  mail_token_invalid: () => 'This link is not valid any more. It may be too old, or there is a newer mail. Ask for a new mail.',
  invalid_credentials: () => 'This is not the password of the account. Try again. If somebody else has signed up with your address, choose “Forgot password”.',
  email_invalid: () => 'This is not an e-mail address.',
  account_conflict: () => 'The account was changed at the same time. Try again.',
  too_many_requests: (response) => `Too many requests. Try again in ${seconds(response)}.`,
  too_many_attempts: (response) => `Too many attempts. Try again in ${seconds(response)}.`,
};

const explain = async (response) => {
  const problem = await response.json().catch(() => ({}));
  const faults = Object.values(problem.errors ?? {}).flat().map((fault) => fault.message);
  return faults.length > 0 ? faults.join(' ')
    : messages[problem.code]?.(response) ?? (response.status >= 500 ? 'The service can not answer now. Try again later.' : problem.detail ?? 'That did not work.');
};

const say = (text, isGood) => {
  result.textContent = text;
  result.className = isGood ? 'good' : 'bad';
  result.hidden = false;
  result.focus();
};

const send = async () => {
  const body = Object.fromEntries(new FormData(form));
  if (form.dataset.needsToken !== undefined) {
    body.token = token;
  }

  button.disabled = true;
  try {
    const response = await fetch(form.dataset.action, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(longest),
    });
    if (response.ok) {
      for (const part of document.querySelectorAll('form, .about, .further')) {
        part.hidden = true;
      }

      say(form.dataset.done, true);
    } else {
      say(await explain(response), false);
    }
  } catch {
    say('The service can not be reached. Check your connection, and try again.', false);
  } finally {
    button.disabled = false;
  }
};

form.addEventListener('submit', (event) => {
  event.preventDefault();
  void send();
});

for (const show of form.querySelectorAll('button[data-shows]')) {
  show.addEventListener('click', () => {
    const field = document.getElementById(show.dataset.shows);
    const isShown = field.type === 'text';
    field.type = isShown ? 'password' : 'text';
    show.textContent = isShown ? 'Show' : 'Hide';
    show.setAttribute('aria-pressed', String(!isShown));
  });
}

if (form.dataset.needsToken !== undefined && !token) {
  say('This page is opened by the link of a mail. Use the link of the newest mail, or ask for a new one.', false);
} else {
  form.hidden = false;
}
