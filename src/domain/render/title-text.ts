import { fillRectangle, type Color, type Picture } from './picture.js';

/** Width and height of a letter in its own pixels, without what hangs below the line; one more column parts it from the next. */
export const TITLE_GLYPH_SIZE = { width: 5, height: 7 } as const;

/** From the space on in the order of ASCII, then a middle dot. Seven digits a letter, a row each: in base 32, leftmost highest. */
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
/** These hang a pixel below the line. */
const DESCENDERS = 'gpqy';
const EXTRA_GLYPHS: Readonly<Record<string, string>> = { '\u00b7': GLYPH_ROWS.at(-1)!, '\u2026': '0000lll' };

/** Pixels from the first letter's left edge to the last one's right edge. */
export const titleWidth = (text: string, scale: number): number =>
  text === '' ? 0 : ([...transliterate(text)].length * (TITLE_GLYPH_SIZE.width + 1) - 1) * scale;

/** The text, cut with an ellipsis where it is wider than so many pixels. */
export function fitTitle(text: string, scale: number, width: number): string {
  const letters = [...transliterate(text)];
  const most = Math.floor((width / scale + 1) / (TITLE_GLYPH_SIZE.width + 1));
  return letters.length <= most
    ? letters.join('')
    : `${letters
        .slice(0, Math.max(0, most - 1))
        .join('')
        .trimEnd()}\u2026`;
}

/** Draws a line of text in letters of our own, so that pictures need no font. Accents are left off; what is unknown is a box. */
export function drawTitle(
  picture: Picture,
  text: string,
  left: number,
  top: number,
  scale: number,
  color: Color,
): void {
  [...transliterate(text)].forEach((letter, i) => {
    const rows =
      EXTRA_GLYPHS[letter] ??
      (letter < '\u007f' ? GLYPH_ROWS[letter.charCodeAt(0) - FIRST_CHARACTER_CODE] : undefined) ??
      MISSING_GLYPH;
    const drop = DESCENDERS.includes(letter) ? 1 : 0;
    [...rows].forEach((digit, y) => {
      const row = Number.parseInt(digit, 32);
      for (let x = 0; x < TITLE_GLYPH_SIZE.width; x++) {
        if (((row >> (TITLE_GLYPH_SIZE.width - 1 - x)) & 1) === 0) continue;
        const [across, down] = [i * (TITLE_GLYPH_SIZE.width + 1) + x, y + drop];
        fillRectangle(picture, left + across * scale, top + down * scale, scale, scale, color);
      }
    });
  });
}

/** Latin letters and signs that are not a letter and its accent. */
const TRANSLITERATIONS: Readonly<Record<string, string>> = {
  ...{ ß: 'ss', æ: 'ae', Æ: 'AE', œ: 'oe', Œ: 'OE', ø: 'o', Ø: 'O', ł: 'l', Ł: 'L', đ: 'd', Đ: 'D', ı: 'i', þ: 'th' },
  ...{ '‘': "'", '’': "'", '“': '"', '”': '"', '–': '-', '—': '-', '\u00a0': ' ', '×': 'x' },
};

/** Letters as they can be drawn: accents are dropped, strange letters become those that look like them. */
const transliterate = (text: string): string =>
  text
    .normalize('NFD')
    .replace(/[\u0300-\u036f]/g, '')
    .replace(/[^ -~]/g, (sign) => TRANSLITERATIONS[sign] ?? sign);
