import { describe, expect, it } from '@jest/globals';
import { lineChart, shareChart } from '../../../src/app/pages/chart.js';

const series = (name: string, ...values: number[]) => ({ name, color: 'a' as const, values });

describe('charts', () => {
  it('show a single value as a dot in the middle, with its step once', () => {
    const { html } = lineChart('Distance', [14], [series('distance', 5)]);
    expect(html).toMatch(/<circle\s+cx="304[.]0"\s+cy="8[.]0"/);
    expect(html).not.toContain('<polyline');
    expect(html.match(/<text[^>]*text-anchor="middle"[^>]*>\s*step 14\s*</)).not.toBeNull();
    expect(html.match(/step 14/g)).toHaveLength(1);
  });

  it('draw a line and three steps from two values on', () => {
    const { html } = lineChart('Distance', [10, 30], [series('distance', 5, 0)]);
    expect(html).toMatch(/<polyline\s+points="56[.]0,8[.]0 552[.]0,196[.]0"/);
    expect(html).not.toContain('<circle');
    for (const step of ['10', '20', 'step 30']) expect(html).toMatch(new RegExp(`>\\s*${step}\\s*<`));
  });

  it('have a legend only for several series', () => {
    const one = series('distance', 5, 0);
    expect(lineChart('Distance', [1, 2], [one]).html).not.toContain('class="key"');
    expect(lineChart('Distance', [1, 2], [one, one]).html.match(/class="key"/g)).toHaveLength(2);
  });

  it('fill the width with the shares of a single step', () => {
    const { html } = shareChart('Scores', [7], [series('real', 1), series('fake', 3)]);
    const areas = [...html.matchAll(/<polygon points="([^"]*)"/g)].map(([, points]) => points);
    expect(areas).toEqual([
      '56.0,149.0 552.0,149.0 552.0,196.0 56.0,196.0',
      '56.0,8.0 552.0,8.0 552.0,149.0 56.0,149.0',
    ]);
  });
});
