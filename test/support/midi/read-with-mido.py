"""Notes of MIDI files as mido reads them, a JSON object a line: [tick, pitch, duration, channel, velocity] each.

Notes of one pitch and channel end first in, first out; those never released end with their track, as docs/reliability.md says.
"""
import json
import sys

import mido

for path in sys.argv[1:]:
    midi = mido.MidiFile(path)
    tracks = []
    for track in midi.tracks:
        tick, open_notes, notes = 0, {}, []
        for message in track:
            tick += message.time
            if message.type == "note_on" and message.velocity > 0:
                open_notes.setdefault((message.channel, message.note), []).append((tick, message.velocity))
            elif message.type in ("note_on", "note_off") and open_notes.get((message.channel, message.note)):
                start, velocity = open_notes[message.channel, message.note].pop(0)
                notes.append([start, message.note, tick - start, message.channel, velocity])
        for (channel, pitch), hanging in open_notes.items():
            notes += [[start, pitch, tick - start, channel, velocity] for start, velocity in hanging]
        tracks.append(sorted(notes))
    print(json.dumps({"format": midi.type, "ticks": midi.ticks_per_beat, "tracks": tracks}))
