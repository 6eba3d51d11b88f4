"""Converts MIDI files to packed rolls with mido, as `apollo prepare FOLDER` does with its defaults.

    python3 prepare_mido.py FOLDER OUT

Writes the concatenated rolls to OUT and prints one line of JSON: files, rolls, and the seconds from the first file to
the last roll, without the start of Python. Needs only mido. The rules are those of docs/reliability.md and
src/domain/roll/quantize.ts: 64 pitches from 30, 256 columns, 2 columns a beat, one channel. Starts and ends are rounded
to the nearest column, halves up. A note lasts at least one column. Notes of the same pitch and channel end first in,
first out.
"""
import json
import os
import sys
import time

import mido

LOWEST, PITCHES, COLUMNS, PER_BEAT, DRUMS = 30, 64, 256, 2, 9


def notes_of(midi):
    """The notes as (pitch, start, end) in ticks, without drums."""
    for track in midi.tracks:
        tick, sounding = 0, {}
        for message in track:
            tick += message.time
            if message.type == "note_on" and message.velocity > 0:
                sounding.setdefault((message.channel, message.note), []).append(tick)
            elif message.type in ("note_on", "note_off"):
                starts = sounding.get((message.channel, message.note))
                if starts and message.channel != DRUMS:
                    yield message.note, starts.pop(0), tick
                elif starts:
                    starts.pop(0)
        for (channel, pitch), starts in sounding.items():
            for start in starts:
                if channel != DRUMS:
                    yield pitch, start, tick


def rolls_of(path):
    """The rolls of a file in time order, without blank ones, packed as by numpy.packbits."""
    midi = mido.MidiFile(path)
    beat = midi.ticks_per_beat
    windows = {}
    for pitch, start_tick, end_tick in notes_of(midi):
        row = pitch - LOWEST
        if not 0 <= row < PITCHES:
            continue
        start = (2 * start_tick * PER_BEAT + beat) // (2 * beat)
        end = max(start + 1, (2 * end_tick * PER_BEAT + beat) // (2 * beat))
        for window in range(start // COLUMNS, (end - 1) // COLUMNS + 1):
            first, last = max(start - window * COLUMNS, 0), min(end - window * COLUMNS, COLUMNS)
            rows = windows.setdefault(window, [0] * PITCHES)
            # A row is an integer of 256 bits; its first column is the highest bit.
            rows[row] |= (1 << (COLUMNS - first)) - (1 << (COLUMNS - last))
    for _, rows in sorted(windows.items()):
        yield b"".join(row.to_bytes(COLUMNS // 8, "big") for row in rows)


def main(folder, out):
    names = sorted(name for name in os.listdir(folder) if name.endswith(".mid"))
    begun = time.perf_counter()
    rolls = [roll for name in names for roll in rolls_of(os.path.join(folder, name))]
    seconds = time.perf_counter() - begun
    with open(out, "wb") as file:
        file.writelines(rolls)
    print(json.dumps({"files": len(names), "rolls": len(rolls), "seconds": seconds}))


main(*sys.argv[1:])
