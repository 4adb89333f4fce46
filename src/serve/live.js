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
  const ask = async () => {
    try {
      const answer = await fetch('/.toolcard/status', { cache: 'no-store' });
      const { version, errors } = await answer.json();
      if (known !== undefined && version !== known) return location.reload();
      if (known === undefined) show(errors);
      known = version;
    } catch {
      /* the preview was stopped; it may come back */
    }
    setTimeout(ask, document.hidden ? 3000 : 100);
  };
  ask();
})();
