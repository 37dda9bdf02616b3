const steps = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'] as const;

/**
 * A series in one line of text, `▁▂▅█ ▃`: from zero (or the least value, when that is below zero) to the greatest.
 * Null is a gap. More values than `width` become means of neighbours.
 *
 * @param width most characters; default 60
 */
export function sparkline(values: readonly (number | null)[], width = 60): string {
  const shown = squeeze(values, width);
  const numbers = shown.filter((value) => value !== null);
  const low = Math.min(0, ...numbers);
  const high = Math.max(0, ...numbers);
  return shown
    .map((value) => {
      if (value === null) return ' ';
      const share = high === low ? 0 : (value - low) / (high - low);
      return steps[Math.min(steps.length - 1, Math.floor(share * steps.length))] ?? '';
    })
    .join('');
}

function squeeze(values: readonly (number | null)[], width: number): readonly (number | null)[] {
  if (values.length <= width) return values;
  return Array.from({ length: width }, (_, index) => {
    const from = Math.floor((index * values.length) / width);
    const until = Math.floor(((index + 1) * values.length) / width);
    const numbers = values.slice(from, until).filter((value) => value !== null);
    return numbers.length === 0 ? null : numbers.reduce((sum, value) => sum + value, 0) / numbers.length;
  });
}
