// SPDX-License-Identifier: Apache-2.0
// Runs in the page: details of a test, movement between cells by arrow keys, and the search. All texts are set as text.
(() => {
  'use strict';
  const tests = JSON.parse(document.getElementById('data').textContent);
  const panel = document.getElementById('details');
  let opener = null;

  const element = (tag, text, className) => {
    const made = document.createElement(tag);
    if (text !== undefined) made.textContent = text;
    if (className !== undefined) made.className = className;
    return made;
  };

  const detailsOf = (test) => {
    const article = element('article');
    article.append(element('span', `${test.symbol} ${test.verdict}`, `verdict ${test.verdict}`));
    article.append(element('span', test.reason, 'reason'));
    article.append(element('h3', test.name));
    if (test.message !== '') article.append(element('p', test.message, 'message'));
    for (const hint of test.hints) article.append(element('p', hint, 'hint'));
    const list = element('dl');
    for (const [name, value] of test.facts) list.append(element('dt', name), element('dd', value));
    article.append(list);
    return article;
  };

  const close = () => {
    if (panel.hidden) return;
    panel.hidden = true;
    document.body.classList.remove('open');
    document.querySelectorAll('.selected').forEach((each) => each.classList.remove('selected'));
    history.replaceState(null, '', location.pathname + location.search);
    opener?.focus({ preventScroll: true });
    opener = null;
  };

  const open = (button) => {
    const shown = button.dataset.r.split(' ').map((place) => tests[Number(place)]);
    const heading = element('h2', shown.length === 1 ? 'Test' : `${shown.length} tests`);
    heading.id = 'details-name';
    const closing = element('button', '✕', 'close');
    closing.setAttribute('aria-label', 'Close');
    closing.addEventListener('click', close);
    const head = element('div', undefined, 'head');
    head.append(heading, closing);
    panel.replaceChildren(head, ...shown.map(detailsOf));
    document.querySelectorAll('.selected').forEach((each) => each.classList.remove('selected'));
    button.closest('td, tr').classList.add('selected');
    panel.hidden = false;
    panel.scrollTop = 0;
    document.body.classList.add('open');
    opener = button;
    history.replaceState(null, '', `#${shown[0].id}`);
    panel.focus({ preventScroll: true });
  };

  // One stop for the tab key in each table; the arrow keys go on from there.
  const visible = (row) => row.offsetParent !== null && !row.hidden;
  const rowsOf = (table) => [...table.tBodies[0].rows].filter(visible);
  const buttonIn = (row, column) => row?.cells[column]?.querySelector('button');
  const enter = (table, button) => {
    table.querySelector('button[tabindex="0"]')?.setAttribute('tabindex', '-1');
    button?.setAttribute('tabindex', '0');
  };
  const enterFirst = (table) => {
    for (const row of rowsOf(table)) {
      const button = row.querySelector('button');
      if (button !== null) return enter(table, button);
    }
  };
  const steps = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
  const move = (table, button, [down, right]) => {
    const rows = rowsOf(table);
    let row = rows.indexOf(button.closest('tr'));
    let column = button.closest('td, th').cellIndex;
    for (;;) {
      row += down;
      column += right;
      if (rows[row]?.cells[column] === undefined) return;
      const next = buttonIn(rows[row], column);
      if (next === null) continue;
      enter(table, next);
      next.focus();
      return;
    }
  };

  for (const table of document.querySelectorAll('table')) {
    enterFirst(table);
    table.addEventListener('click', (event) => {
      // A whole row of the list is the button; a drag that selects its text is none.
      const place = event.target.closest(table.classList.contains('list') ? 'tbody tr' : 'tbody td');
      const button = place?.querySelector('button[data-r]') ?? null;
      if (button === null || !getSelection().isCollapsed) return;
      enter(table, button);
      open(button);
    });
    table.addEventListener('keydown', (event) => {
      const step = steps[event.key];
      const button = event.target.closest('button[data-r]');
      if (step === undefined || button === null) return;
      event.preventDefault();
      move(table, button, step);
    });
  }
  document.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') close();
  });

  const list = document.querySelector('table.list');
  const search = document.getElementById('search');
  const found = document.getElementById('found');
  const filter = () => {
    const words = search.value
      .toLowerCase()
      .split(/\s+/)
      .filter((word) => word !== '');
    for (const row of list.tBodies[0].rows) {
      const text = row.textContent.toLowerCase();
      row.hidden = !words.every((word) => text.includes(word));
    }
    const count = rowsOf(list).length;
    found.textContent = words.length === 0 ? '' : `${count} found`;
    enterFirst(list);
  };
  search.addEventListener('input', filter);
  document.querySelectorAll('input[name="rows"]').forEach((each) => each.addEventListener('change', filter));

  const place = tests.findIndex(({ id }) => `#${id}` === location.hash);
  const linked = place === -1 ? null : list.querySelector(`button[data-r="${place}"]`);
  if (linked !== null) open(linked);
})();
