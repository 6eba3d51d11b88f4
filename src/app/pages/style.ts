/** The style sheet of all pages: system fonts, the color scheme of the reader's system, nothing loaded. */
export const STYLE = `
:root { color-scheme: light dark; --paper: #fff; --ink: #2b2823; --soft: #6f6858; --line: #ddd7cb; --card: #faf8f4;
  --accent: #b8431b; --a: #cf5328; --b: #3f8ea0; --c: #b9b2a3; }
@media (prefers-color-scheme: dark) { :root { --paper: #15171c; --ink: #e4e6ea; --soft: #a2a9b5; --line: #333842;
  --card: #1b1e24; --accent: #f6a27a; --a: #f08a56; --b: #4fb0c4; --c: #5b626e; } }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 1.5rem; max-width: 76rem; background: var(--paper); color: var(--ink);
  font: 16px/1.5 system-ui, sans-serif; }
h1 { font-size: 1.7rem; line-height: 1.2; margin: 0 0 .3rem; }
h2 { font-size: 1.15rem; margin: 0; }
h2.section { margin: 2.2rem 0 .6rem; padding-bottom: .2rem; border-bottom: 1px solid var(--line); font-size: 1.3rem; }
p { margin: .3rem 0; } .soft { color: var(--soft); } a { color: var(--accent); }
kbd { border: 1px solid var(--line); border-radius: 4px; padding: 0 .35em; font-size: .9em; }
pre { background: var(--card); border: 1px solid var(--line); border-radius: 8px; padding: .8rem; overflow-x: auto; }
.tune { background: var(--card); border: 1px solid var(--line); border-radius: 10px; padding: .9rem 1rem;
  margin: 1rem 0; }
.tune.playing { border-color: var(--accent); }
.roll { position: relative; margin: .6rem 0; cursor: pointer; border-radius: 6px; overflow: hidden;
  background: var(--paper); }
.roll img { display: block; width: 100%; height: auto; }
.playhead { position: absolute; width: 2px; margin-left: -1px; background: var(--accent); pointer-events: none; }
.controls { display: flex; flex-wrap: wrap; gap: .5rem .8rem; align-items: center; }
.controls label { display: inline-flex; gap: .4rem; align-items: center; font-size: .9rem; color: var(--soft); }
.controls .seek { flex: 1 1 9rem; min-width: 7rem; accent-color: var(--accent); }
.controls input[type=range] { accent-color: var(--accent); }
.tempo, .volume { width: 5rem; }
.time, .tempo-text { font-variant-numeric: tabular-nums; min-width: 5.2em; color: var(--soft); }
.tempo-text { min-width: 3.2em; }
button, a.button { font: inherit; color: var(--ink); background: var(--paper); border: 1px solid var(--line);
  border-radius: 7px; padding: .3rem .8rem; cursor: pointer; text-decoration: none; }
button.play { background: var(--accent); border-color: var(--accent); color: var(--paper); min-width: 5.2em;
  font-weight: 600; }
button:disabled { opacity: .5; cursor: wait; }
:focus-visible { outline: 3px solid var(--b); outline-offset: 2px; }
meter { width: 3rem; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { text-align: left; padding: .25rem .9rem .25rem 0; border-bottom: 1px solid var(--line); vertical-align: top; }
.charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(30rem, 100%), 1fr)); gap: 1.2rem; }
figure { margin: 0; } figcaption { font-weight: 600; } svg { width: 100%; height: auto; display: block; }
svg text { fill: var(--soft); font: 11px system-ui, sans-serif; }
.key { display: inline-block; width: .8em; height: .8em; border-radius: 2px; margin: 0 .3em 0 .9em; }
.wide { overflow-x: auto; }
.strip td, .strip th { padding: .2rem; border: 0; text-align: center; font-weight: 400; font-size: .85rem;
  color: var(--soft); }
.strip img { display: block; width: 210px; height: auto; border: 1px solid var(--line); border-radius: 3px; }
details { margin: .4rem 0; } summary { cursor: pointer; color: var(--soft); }
.skip { position: absolute; left: -99rem; }
.skip:focus { left: 1rem; top: .5rem; background: var(--paper); padding: .3rem .6rem; }
.quiet { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
@media (prefers-reduced-motion: no-preference) { .tune { transition: border-color .2s; } }
`;
