// SPDX-License-Identifier: Apache-2.0
/**
 * Runs in the page: the texts whose contrast is below 4.5 (WCAG 2.2, success criterion 1.4.3), each kind of element once.
 */
(() => {
  const parse = (text) => {
    const [red = 0, green = 0, blue = 0, alpha = 1] = (text.match(/[\d.]+/g) ?? []).map(Number);
    return [red, green, blue, alpha];
  };
  const background = (element) => {
    for (let each = element; each !== null; each = each.parentElement) {
      const color = parse(getComputedStyle(each).backgroundColor);
      if (color[3] > 0) return color;
    }
    return [255, 255, 255, 1];
  };
  const luminance = (color) => {
    const [red = 0, green = 0, blue = 0] = color.slice(0, 3).map((value) => {
      const share = value / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const found = new Map();
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    const element = node.parentElement;
    if (element === null || node.textContent?.trim() === '' || element.closest('script, style, noscript') !== null)
      continue;
    if (element.getClientRects().length === 0) continue;
    const [text, behind] = [parse(getComputedStyle(element).color), background(element)].map(luminance);
    const ratio = (Math.max(text ?? 0, behind ?? 0) + 0.05) / (Math.min(text ?? 0, behind ?? 0) + 0.05);
    const kind = `${element.tagName} ${element.parentElement?.parentElement?.className ?? ''}`;
    if (ratio < 4.5 && !found.has(kind)) found.set(kind, `${kind}: "${node.textContent ?? ''}" ${ratio.toFixed(2)}`);
  }
  return [...found.values()];
})();
