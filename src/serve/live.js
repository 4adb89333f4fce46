/* The preview's own: reloads the page after a build and shows what is wrong with the catalogue.
   Styles are set through the object model, which the page's Content-Security-Policy allows. */
'use strict';
(() => {
  let known, panel;
  const show = errors => {
    if (panel) panel.remove();
    panel = undefined;
    if (!errors) return;
    panel = document.createElement('pre');
    panel.setAttribute('role', 'alert');
    panel.tabIndex = 0;
    panel.textContent = errors;
    Object.assign(panel.style, {
      position: 'fixed',
      inset: 'auto 0 0 0',
      maxHeight: '50vh',
      overflow: 'auto',
      margin: '0',
      padding: '1rem',
      zIndex: '99',
      background: '#fff',
      color: '#14181b',
      borderTop: '4px solid #ac1a24',
      whiteSpace: 'pre-wrap',
    });
    document.body.append(panel);
  };
  // Whether a build left this page as it was shown before.
  const stays = same => same.some(folder => decodeURI(location.pathname).startsWith(`/${folder}`));
  // Loading again takes a browser a while: what the page says now is put into it before.
  const reload = () => {
    const now = () => location.reload();
    // Nobody paints what nobody sees.
    if (document.hidden) return now();
    const request = new XMLHttpRequest();
    request.open('GET', location.pathname);
    // Parsed by the browser: the page's policy lets no script make elements of text.
    request.responseType = 'document';
    request.onerror = now;
    request.onload = () => {
      const main = request.status === 200 && request.response?.querySelector('main');
      if (main) document.querySelector('main')?.replaceWith(main);
      requestAnimationFrame(() => setTimeout(now));
    };
    request.send();
  };
  let waiting;
  const ask = async () => {
    // A page that nobody sees holds no connection: a browser has six.
    const path = document.hidden || known === undefined ? '' : `/${known}`;
    let pause = document.hidden ? 3000 : 0;
    try {
      waiting = new AbortController();
      const answer = await fetch(`/.toolcard/status${path}`, { cache: 'no-store', signal: waiting.signal });
      const { version, errors, same } = await answer.json();
      const next = known !== undefined && version !== known;
      if (next && !(version === known + 1 && stays(same))) return reload();
      if (next || known === undefined) show(errors);
      known = version;
    } catch (error) {
      // The preview was stopped; it may come back.
      if (error.name !== 'AbortError') pause = Math.max(pause, 500);
    }
    setTimeout(ask, pause);
  };
  document.addEventListener('visibilitychange', () => document.hidden && waiting.abort());
  ask();
})();
