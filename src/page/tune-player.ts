/** What a page knows of a tune; written by src/app/pages/tune-card.ts. */
interface PageTune {
  readonly name: string;
  readonly title: string;
  readonly seconds: number;
  readonly notes: readonly PageNote[];
  /** Places in time and in the music, seconds and beats, at each change of tempo and at the end. */
  readonly clock: readonly (readonly [seconds: number, beat: number])[];
  /** Where the beats are in the picture, in shares of its width and height. */
  readonly staves: readonly {
    readonly left: number;
    readonly top: number;
    readonly width: number;
    readonly height: number;
    readonly from: number;
    readonly to: number;
  }[];
}

/** `1:04` */
const clockText = (seconds: number): string =>
  `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, '0')}`;

interface TunePlayer {
  toggle(): void;
  pause(): void;
}

/** Brings a tune's card to life. `starting` is called before it plays, so that others fall silent. */
function makeTunePlayer(card: HTMLElement, tune: PageTune, starting: (player: TunePlayer) => void): TunePlayer {
  const part = <E extends HTMLElement>(name: string): E => card.querySelector<E>(`.${name}`)!;
  const [play, save] = [part<HTMLButtonElement>('play'), part<HTMLButtonElement>('save-wav')];
  const [seek, tempo, volume] = [
    part<HTMLInputElement>('seek'),
    part<HTMLInputElement>('tempo'),
    part<HTMLInputElement>('volume'),
  ];
  const [time, meter, roll, playhead] = [part('time'), part<HTMLMeterElement>('level'), part('roll'), part('playhead')];
  const status = document.getElementById('status')!;

  const transport = makeTransport(tune.notes, tune.seconds, () => {
    show();
    status.textContent = `${tune.title}: the end`;
  });

  const show = (): void => {
    const place = transport.position();
    play.textContent = transport.isPlaying ? 'Pause' : 'Play';
    play.setAttribute('aria-label', `${play.textContent} ${tune.title}`);
    card.classList.toggle('playing', transport.isPlaying);
    seek.value = String(place);
    seek.setAttribute('aria-valuetext', `${clockText(place)} of ${clockText(tune.seconds)}`);
    time.textContent = `${clockText(place)} / ${clockText(tune.seconds)}`;
    meter.value = transport.isPlaying ? transport.level() : 0;
    placePlayhead(playhead, tune, place);
    if (transport.isPlaying) requestAnimationFrame(show);
  };
  const player: TunePlayer = {
    toggle() {
      if (transport.isPlaying) player.pause();
      else {
        starting(player);
        transport.play();
        status.textContent = `Playing ${tune.title}`;
        show();
      }
    },
    pause() {
      if (!transport.isPlaying) return;
      transport.pause();
      status.textContent = `${tune.title}: paused at ${clockText(transport.position())}`;
      show();
    },
  };
  const goTo = (place: number): void => {
    transport.seek(place);
    show();
  };
  play.addEventListener('click', () => player.toggle());
  seek.addEventListener('input', () => goTo(Number(seek.value)));
  tempo.addEventListener('input', () => {
    transport.setTempo(Number(tempo.value) / 100);
    tempo.setAttribute('aria-valuetext', `${tempo.value} percent`);
    part('tempo-text').textContent = `${tempo.value} %`;
  });
  volume.addEventListener('input', () => transport.setVolume(Number(volume.value) / 100));
  roll.addEventListener('click', (event) => {
    const box = roll.getBoundingClientRect();
    const beat = beatUnder(tune, (event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height);
    if (beat !== undefined) goTo(interpolate(tune.clock, beat, 1, 0));
  });
  save.addEventListener('click', () => {
    save.disabled = true;
    status.textContent = `Rendering ${tune.name}.wav`;
    renderWave(tune.notes, tune.seconds)
      .then((blob) => {
        saveAs(blob, `${tune.name}.wav`);
        status.textContent = `${tune.name}.wav is saved`;
      })
      .catch((error: unknown) => (status.textContent = `${tune.name}.wav cannot be rendered: ${String(error)}`))
      .finally(() => (save.disabled = false));
  });
  show();
  return player;
}

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

/** The beat at a place of the picture, x and y in shares of it. */
function beatUnder({ staves }: PageTune, x: number, y: number): number | undefined {
  const stave = staves.find(({ top, height }) => y < top + height + 0.02) ?? staves.at(-1);
  if (stave === undefined) return undefined;
  const share = Math.min(1, Math.max(0, (x - stave.left) / stave.width));
  return stave.from + share * (stave.to - stave.from);
}

/** From seconds to beats (0, 1) or back (1, 0), between the known places. */
function interpolate(clock: PageTune['clock'], value: number, from: 0 | 1, to: 0 | 1): number {
  let i = 0;
  while (i < clock.length - 2 && clock[i + 1]![from] <= value) i++;
  const [a, b] = [clock[i], clock[i + 1]];
  if (a === undefined || b === undefined || b[from] === a[from]) return a?.[to] ?? 0;
  return a[to] + ((value - a[from]) / (b[from] - a[from])) * (b[to] - a[to]);
}

/** All players of the page; one sounds at a time. Space plays and pauses the last one used, n and p go on and back. */
function bringToLife(): void {
  const data = document.getElementById('tunes');
  const tunes = JSON.parse(data?.textContent ?? '[]') as PageTune[];
  const cards = [...document.querySelectorAll<HTMLElement>('.tune')];
  let current: TunePlayer | undefined;
  const players = cards.map((card, i) =>
    makeTunePlayer(card, tunes[i]!, (player) => {
      if (current !== player) current?.pause();
      current = player;
    }),
  );
  document.addEventListener('keydown', (event) => {
    const isPlain = !event.ctrlKey && !event.metaKey && !event.altKey;
    const onControl = event.target instanceof Element && event.target.closest('button, input, a, summary') !== null;
    if (!isPlain || players.length === 0) return;
    if (event.key === ' ' && !onControl) {
      event.preventDefault();
      (current ?? players[0]!).toggle();
    } else if (event.key === 'n' || event.key === 'p') {
      const at = current === undefined ? -1 : players.indexOf(current);
      const to = Math.min(players.length - 1, Math.max(0, at + (event.key === 'n' ? 1 : -1)));
      cards[to]!.scrollIntoView({ block: 'nearest' });
      cards[to]!.querySelector<HTMLElement>('.play')!.focus();
      current?.pause();
      current = players[to]!;
    }
  });
}

bringToLife();
