// SPDX-License-Identifier: Apache-2.0

const bars = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'] as const;

/**
 * Times in ms as bars, oldest first, a loss (undefined) as `×`. The scale runs from the smallest time to at least its
 * double, so that the noise of an even line stays low and a peak stands out.
 */
export function sparkline(samples: readonly (number | undefined)[]): string {
  const times = samples.filter((ms) => ms !== undefined);
  const low = Math.min(...times);
  const range = Math.max(Math.max(...times) - low, low);
  return samples
    .map((ms) => {
      if (ms === undefined) return '×';
      const step = range > 0 ? Math.round(((ms - low) / range) * (bars.length - 1)) : 0;
      return bars[step] ?? bars[0];
    })
    .join('');
}
