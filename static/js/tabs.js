/* The tab that a reader chose last is chosen before the first paint; so this script alone is not deferred. */
'use strict';
(() => {
  let last;
  try {
    last = localStorage.tab;
  } catch {
    /* nothing is stored */
  }
  const choose = () => {
    for (const tab of last ? document.querySelectorAll('.tabs>input') : []) if (tab.value === last) tab.checked = true;
  };
  const watch = new MutationObserver(choose);
  watch.observe(document, { childList: true, subtree: true });
  document.addEventListener('DOMContentLoaded', () => {
    choose();
    watch.disconnect();
  });
  document.addEventListener('change', ({ target }) => {
    if (target.matches('.tabs>input'))
      try {
        localStorage.tab = target.value;
      } catch {
        /* nothing is stored */
      }
  });
})();
