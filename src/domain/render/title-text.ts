import { fillRectangle, type Picture } from './picture.js';
import type { TextPlacement } from './text-placement.js';

/** Size of a glyph in dots, without descender; one blank column follows it. A dot is `scale` by `scale` pixels. */
export const TITLE_GLYPH_SIZE = { width: 5, height: 7 } as const;

/** Glyphs of ASCII from the space on, then the middle dot: a base-32 digit a row, the leftmost dot in bit 4. */
const GLYPH_ROWS: readonly string[] = [
  '0000000 4444404 aaa0000 aavavaa 4fke5u4 pp248jj cik8lid 4400000',
  '2488842 8422248 04lel40 044v440 0000c48 000v000 00000cc 01248g0',
  'ehjlphe 4c4444e eh1248v v2421he 26aiv22 vgu11he 68guhhe v124888',
  'ehhehhe ehhf12c 0cc0cc0 0cc0c48 248g842 00v0v00 8421248 eh12404',
  'eh1dlle ehhhvhh uhhuhhu ehggghe sihhhis vgguggv vgguggg ehgnhhf',
  'hhhvhhh e44444e 72222ic hikokih ggggggv hrllhhh hhpljhh ehhhhhe',
  'uhhuggg ehhhlid uhhukih fgge11u v444444 hhhhhhe hhhhha4 hhhllrh',
  'hha4ahh hhha444 v1248gv e88888e 0g84210 e22222e 4ah0000 000000v',
  '8420000 00e1fhf ggmphhu 00egghe 11djhhf 00ehvge 698s888 0fhhf1e',
  'ggmphhh 40c444e 20622ic ggikoki c44444e 00qllhh 00mphhh 00ehhhe',
  '0uhhugg 0djhf11 00mpggg 00ege1u 88s8896 00hhhjd 00hhha4 00hhlla',
  '00ha4ah 0hhhf1e 00v248v 2448442 4444444 8442448 008l200 0004000',
].flatMap((line) => line.split(' '));

const MISSING_GLYPH = 'vhhhhhv'; // an empty box
const FIRST_CHARACTER_CODE = 0x20;
/** Letters that are drawn one dot lower. */
const DESCENDERS = 'gpqy';
const EXTRA_GLYPHS: Readonly<Record<string, string>> = { '\u00b7': GLYPH_ROWS.at(-1)!, '\u2026': '0000lll' };

/** Width in pixels, without the gap after the last glyph. */
export const titleWidth = (text: string, scale: number): number =>
  text === '' ? 0 : ([...transliterate(text)].length * (TITLE_GLYPH_SIZE.width + 1) - 1) * scale;

/** The text, shortened with an ellipsis if it is wider than `width` pixels. */
export function fitTitle(text: string, scale: number, width: number): string {
  const letters = [...transliterate(text)];
  const maxLetters = Math.floor((width / scale + 1) / (TITLE_GLYPH_SIZE.width + 1));
  if (letters.length <= maxLetters) return letters.join('');
  const kept = letters.slice(0, Math.max(0, maxLetters - 1)).join('');
  return `${kept.trimEnd()}\u2026`;
}

/** Draws one line of text with the built-in bitmap font. Accents are dropped; unknown characters become a box. */
export function drawTitle(picture: Picture, text: string, { left, top, scale, color }: TextPlacement): void {
  const { width } = TITLE_GLYPH_SIZE;
  [...transliterate(text)].forEach((letter, i) => {
    const drop = DESCENDERS.includes(letter) ? 1 : 0;
    [...glyphOf(letter)].forEach((digit, y) => {
      const row = Number.parseInt(digit, 32);
      for (let x = 0; x < width; x++) {
        if (((row >> (width - 1 - x)) & 1) === 0) continue;
        const [across, down] = [i * (width + 1) + x, y + drop];
        const dot = { left: left + across * scale, top: top + down * scale, width: scale, height: scale };
        fillRectangle(picture, dot, color);
      }
    });
  });
}

const glyphOf = (letter: string): string =>
  EXTRA_GLYPHS[letter] ??
  (letter < '\u007f' ? GLYPH_ROWS[letter.charCodeAt(0) - FIRST_CHARACTER_CODE] : undefined) ??
  MISSING_GLYPH;

/** Characters that do not decompose into an ASCII letter and an accent. */
const TRANSLITERATIONS: Readonly<Record<string, string>> = {
  ...{ ß: 'ss', æ: 'ae', Æ: 'AE', œ: 'oe', Œ: 'OE', ø: 'o', Ø: 'O', ł: 'l', Ł: 'L', đ: 'd', Đ: 'D', ı: 'i', þ: 'th' },
  ...{ '‘': "'", '’': "'", '“': '"', '”': '"', '–': '-', '—': '-', '\u00a0': ' ', '×': 'x' },
};

/** The text without accents, and with similar ASCII characters instead of some others. */
const transliterate = (text: string): string =>
  text
    .normalize('NFD')
    .replace(/[\u0300-\u036f]/g, '')
    .replace(/[^ -~]/g, (character) => TRANSLITERATIONS[character] ?? character);
