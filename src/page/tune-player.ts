/** The data of a tune, written by src/app/pages/tune-card.ts. */
interface PageTune {
  readonly name: string;
  readonly title: string;
  readonly seconds: number;
  readonly notes: readonly PageNote[];
  /** Pairs of seconds and beats at the start, at each change of tempo, and at the end. */
  readonly clock: readonly (readonly [seconds: number, beat: number])[];
  /** The staves of the picture as shares of its width and height, and the beats that each one shows. */
  readonly staves: readonly {
    readonly left: number;
    readonly top: number;
    readonly width: number;
    readonly height: number;
    readonly from: number;
    readonly to: number;
  }[];
}

/** The elements of a card that its player uses. */
interface PlayerElements {
  readonly play: HTMLButtonElement;
  readonly save: HTMLButtonElement;
  readonly seek: HTMLInputElement;
  readonly tempo: HTMLInputElement;
  readonly tempoText: HTMLElement;
  readonly volume: HTMLInputElement;
  readonly time: HTMLElement;
  readonly level: HTMLMeterElement;
  readonly roll: HTMLElement;
  readonly playhead: HTMLElement;
  /** The line of the page that screen readers read aloud. */
  readonly status: HTMLElement;
}

/** The player of a tune's card. */
class TunePlayer {
  private readonly elements: PlayerElements;
  private readonly transport: Transport;

  /** @param onStart is called before the tune plays, so that other players can be paused */
  constructor(
    private readonly card: HTMLElement,
    private readonly tune: PageTune,
    private readonly onStart: (player: TunePlayer) => void,
  ) {
    this.elements = findPlayerElements(card);
    this.transport = new Transport(tune.notes, tune.seconds, () => {
      this.show();
      this.say(`${tune.title}: the end`);
    });
    this.addListeners();
    this.show();
  }

  toggle(): void {
    if (this.transport.isPlaying) {
      this.pause();
      return;
    }
    this.onStart(this);
    this.transport.play();
    this.say(`Playing ${this.tune.title}`);
    this.show();
  }

  pause(): void {
    if (!this.transport.isPlaying) return;
    this.transport.pause();
    this.say(`${this.tune.title}: paused at ${clockText(this.transport.position)}`);
    this.show();
  }

  private addListeners(): void {
    const { transport } = this;
    const { play, save, seek, tempo, tempoText, volume, roll } = this.elements;
    play.addEventListener('click', () => this.toggle());
    seek.addEventListener('input', () => this.seekTo(Number(seek.value)));
    tempo.addEventListener('input', () => {
      transport.setTempo(Number(tempo.value) / 100);
      tempo.setAttribute('aria-valuetext', `${tempo.value} percent`);
      tempoText.textContent = `${tempo.value} %`;
    });
    volume.addEventListener('input', () => transport.setVolume(Number(volume.value) / 100));
    roll.addEventListener('click', ({ clientX, clientY }) => {
      const { left, top, width, height } = roll.getBoundingClientRect();
      const beat = beatAt(this.tune, (clientX - left) / width, (clientY - top) / height);
      if (beat !== undefined) this.seekTo(interpolate(this.tune.clock, beat, 1, 0));
    });
    save.addEventListener('click', () => void this.saveWave());
  }

  private seekTo(position: number): void {
    this.transport.seek(position);
    this.show();
  }

  /** Shows the state of the transport, and again at every frame while the tune plays. */
  private show(): void {
    const { card, tune, transport } = this;
    const { play, seek, time, level, playhead } = this.elements;
    const { isPlaying, position } = transport;
    play.textContent = isPlaying ? 'Pause' : 'Play';
    play.setAttribute('aria-label', `${play.textContent} ${tune.title}`);
    card.classList.toggle('playing', isPlaying);
    seek.value = String(position);
    seek.setAttribute('aria-valuetext', `${clockText(position)} of ${clockText(tune.seconds)}`);
    time.textContent = `${clockText(position)} / ${clockText(tune.seconds)}`;
    level.value = isPlaying ? transport.level : 0;
    placePlayhead(playhead, tune, position);
    if (isPlaying) requestAnimationFrame(() => this.show());
  }

  private async saveWave(): Promise<void> {
    const { save } = this.elements;
    const file = `${this.tune.name}.wav`;
    save.disabled = true;
    this.say(`Rendering ${file}`);
    try {
      saveAs(await renderWave(this.tune.notes, this.tune.seconds), file);
      this.say(`${file} is saved`);
    } catch (error) {
      this.say(`${file} cannot be rendered: ${String(error)}`);
    } finally {
      save.disabled = false;
    }
  }

  private say(text: string): void {
    this.elements.status.textContent = text;
  }
}

function findPlayerElements(card: HTMLElement): PlayerElements {
  const find = <E extends HTMLElement>(name: string): E => card.querySelector<E>(`.${name}`)!;
  return {
    play: find('play'),
    save: find('save-wav'),
    seek: find('seek'),
    tempo: find('tempo'),
    tempoText: find('tempo-text'),
    volume: find('volume'),
    time: find('time'),
    level: find('level'),
    roll: find('roll'),
    playhead: find('playhead'),
    status: document.getElementById('status')!,
  };
}

/** `1:04` */
const clockText = (seconds: number): string =>
  `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, '0')}`;

function placePlayhead(playhead: HTMLElement, { clock, staves }: PageTune, seconds: number): void {
  const beat = interpolate(clock, seconds, 0, 1);
  const stave = staves.find(({ to }) => beat < to) ?? staves.at(-1);
  playhead.hidden = stave === undefined;
  if (stave === undefined) return;
  const share = Math.min(1, Math.max(0, (beat - stave.from) / (stave.to - stave.from)));
  playhead.style.left = `${100 * (stave.left + share * stave.width)}%`;
  playhead.style.top = `${100 * stave.top}%`;
  playhead.style.height = `${100 * stave.height}%`;
}

/** The beat at a point of the picture, given as shares of its width and height. */
function beatAt({ staves }: PageTune, x: number, y: number): number | undefined {
  const stave = staves.find(({ top, height }) => y < top + height + 0.02) ?? staves.at(-1);
  if (stave === undefined) return undefined;
  const share = Math.min(1, Math.max(0, (x - stave.left) / stave.width));
  return stave.from + share * (stave.to - stave.from);
}

/** Converts seconds to beats (from 0, to 1) or beats to seconds (from 1, to 0) by linear interpolation of the clock. */
function interpolate(clock: PageTune['clock'], value: number, from: 0 | 1, to: 0 | 1): number {
  let i = 0;
  while (i < clock.length - 2 && clock[i + 1]![from] <= value) i++;
  const [a, b] = [clock[i], clock[i + 1]];
  if (a === undefined || b === undefined || b[from] === a[from]) return a?.[to] ?? 0;
  return a[to] + ((value - a[from]) / (b[from] - a[from])) * (b[to] - a[to]);
}

/** Creates the players of the page. Only one plays at a time. */
function startPlayers(): void {
  const data = document.getElementById('tunes');
  const tunes = JSON.parse(data?.textContent ?? '[]') as PageTune[];
  const cards = [...document.querySelectorAll<HTMLElement>('.tune')];
  let current: TunePlayer | undefined;
  const players = cards.map(
    (card, i) =>
      new TunePlayer(card, tunes[i]!, (player) => {
        if (current !== player) current?.pause();
        current = player;
      }),
  );
  /** Pauses the current player and moves to the next or the previous one. */
  const moveBy = (offset: 1 | -1): void => {
    const from = current === undefined ? -1 : players.indexOf(current);
    const to = Math.min(players.length - 1, Math.max(0, from + offset));
    cards[to]!.scrollIntoView({ block: 'nearest' });
    cards[to]!.querySelector<HTMLElement>('.play')!.focus();
    current?.pause();
    current = players[to]!;
  };
  document.addEventListener('keydown', (event) => {
    const hasModifier = event.ctrlKey || event.metaKey || event.altKey;
    if (hasModifier || players.length === 0) return;
    const isOnControl = event.target instanceof Element && event.target.closest('button, input, a, summary') !== null;
    if (event.key === ' ' && !isOnControl) {
      event.preventDefault();
      (current ?? players[0]!).toggle();
    } else if (event.key === 'n' || event.key === 'p') moveBy(event.key === 'n' ? 1 : -1);
  });
}

startPlayers();
